import * as tf from '@tensorflow/tfjs-core';
import type { Save } from './declare.js';

/**
 * Each row divided by its length. A row of zeros stays zero, with a finite gradient.
 * @param x [N, D]
 */
export function unitRows(x: tf.Tensor, epsilon = 1e-12): tf.Tensor2D {
  return divided(x, epsilon);
}

const divided = (x: tf.Tensor, epsilon: number): tf.Tensor2D =>
  tf.customGrad((input, save) => {
    const source = input as tf.Tensor2D;
    const inverse = tf.rsqrt(tf.add(tf.sum(tf.square(source), 1, true), epsilon));
    const y = tf.mul(source, inverse) as tf.Tensor2D;
    (save as Save)([y, inverse]);
    const gradFunc = (dy: tf.Tensor2D, saved: tf.Tensor[]) => {
      const [unit, scale] = saved as [tf.Tensor, tf.Tensor];
      const along = tf.sum(tf.mul(dy, unit), 1, true); // the part along the row can't change its direction
      return tf.mul(scale, tf.sub(dy, tf.mul(unit, along))) as tf.Tensor2D;
    };
    return { value: y, gradFunc };
  })(x as tf.Tensor2D);
