import * as tf from '@tensorflow/tfjs-core';

/** The same numbers, as if they had fallen from the sky: no gradient goes through. */
export function stopGradient<T extends tf.Tensor>(x: T): T {
  return tf.customGrad((input) => {
    const value = tf.clone(input as tf.Tensor);
    return { value, gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy) };
  })(x) as T;
}
