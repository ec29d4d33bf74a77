import * as tf from '@tensorflow/tfjs-core';
import { alongChannels } from './batch-norm.js';

/**
 * x * scale + shift along the channels: batch normalisation at inference, with the statistics folded in.
 * @param x [N, C, …]
 * @param scale [C]
 * @param shift [C]
 */
export function affine(x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor): tf.Tensor {
  return tf.add(tf.mul(x, alongChannels(scale, x)), alongChannels(shift, x));
}
