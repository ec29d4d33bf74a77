import * as tf from '@tensorflow/tfjs-core';

/**
 * Folds each block × block square of pixels into channels: channel (row, column, c) of the square, rows first.
 * [N,C,H,W] -> [N,C·block²,H/block,W/block]
 */
export function spaceToDepth(x: tf.Tensor, block: number): tf.Tensor4D {
  const [n, c, height, width] = x.shape as [number, number, number, number];
  const [h, w] = [height / block, width / block];
  const squares = tf.transpose(tf.reshape(x, [n, c, h, block, w, block]), [0, 3, 5, 1, 2, 4]);
  return tf.reshape(squares, [n, c * block * block, h, w]);
}
