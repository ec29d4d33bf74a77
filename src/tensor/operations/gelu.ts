import * as tf from '@tensorflow/tfjs-core';
import type { Save } from './declare.js';

/** x·Φ(x), with the exact normal distribution function. Hendrycks and Gimpel 2016, arXiv:1606.08415. */
export function gelu(x: tf.Tensor): tf.Tensor {
  return activated(x);
}

const activated = (x: tf.Tensor): tf.Tensor =>
  tf.customGrad((input, save) => {
    const source = input as tf.Tensor;
    (save as Save)([source]);
    const gradFunc = (dy: tf.Tensor, [saved]: tf.Tensor[]) => {
      const density = tf.mul(tf.exp(tf.mul(tf.square(saved!), -0.5)), 1 / Math.sqrt(2 * Math.PI));
      return tf.mul(dy, tf.add(below(saved!), tf.mul(saved!, density)));
    };
    return { value: tf.mul(source, below(source)), gradFunc };
  })(x);

/** Φ(x): how much of a normal distribution lies below x. */
function below(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);
}
