import * as tf from '@tensorflow/tfjs-core';
import { declare } from './declare.js';

export interface BatchNormAttributes {
  readonly epsilon: number;
}
export interface Normalised {
  /** the shape of x */
  readonly y: tf.Tensor;
  /** [C], of this batch */
  readonly mean: tf.Tensor1D;
  /** [C], of this batch, biased (divided by the count) */
  readonly variance: tf.Tensor1D;
}

/**
 * Batch normalisation with the statistics of this batch, over every axis but 1; the gradient runs through them.
 * Ioffe and Szegedy 2015, arXiv:1502.03167. At inference use `affine` with running statistics.
 * @param x [N, C, …]
 * @param gamma [C]
 * @param beta [C]
 */
export function batchNorm(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, epsilon = 1e-5): Normalised {
  const [y, mean, variance] = forward([x, gamma, beta], { epsilon });
  return { y: y!, mean: mean as tf.Tensor1D, variance: variance as tf.Tensor1D };
}

const forward = declare<BatchNormAttributes>({
  name: 'KindredBatchNorm',
  inputs: ['x', 'gamma', 'beta'],
  shapes: ([x, gamma]) => [x!, gamma!, gamma!],
  eager: ([x, gamma, beta], { epsilon }) => {
    const mean = tf.mean(x!, others(x!));
    const centred = tf.sub(x!, alongChannels(mean, x!));
    const variance = tf.mean(tf.square(centred), others(x!));
    const scale = tf.mul(gamma!, tf.rsqrt(tf.add(variance, epsilon)));
    return [tf.add(tf.mul(centred, alongChannels(scale, x!)), alongChannels(beta!, x!)), mean, variance];
  },
  gradient: {
    saveInputs: ['x', 'gamma'],
    saveOutputs: [false, true, true],
    of: ([dy, dMean, dVariance], [x, gamma, mean, variance], attributes) => {
      const all = backward([dy!, x!, gamma!, mean!, variance!, dMean!, dVariance!], attributes); // not made lazily: TensorFlow.js frees what one input's gradient made beside it
      return { x: () => all[0]!, gamma: () => all[1]!, beta: () => all[2]! };
    },
  },
});

const backward = declare<BatchNormAttributes>({
  name: 'KindredBatchNormGrad',
  inputs: ['dy', 'x', 'gamma', 'mean', 'variance', 'dMean', 'dVariance'],
  shapes: ([, x, gamma]) => [x!, gamma!, gamma!],
  eager: ([dy, x, gamma, mean, variance, dMean, dVariance], { epsilon }) => {
    const wide = (c: tf.Tensor) => alongChannels(c, x!);
    const count = x!.size / x!.shape[1]!;
    const rstd = tf.rsqrt(tf.add(variance!, epsilon));
    const centred = tf.sub(x!, wide(mean!));
    const normal = tf.mul(centred, wide(rstd));
    const dBeta = tf.sum(dy!, others(x!));
    const dGamma = tf.sum(tf.mul(dy!, normal), others(x!));
    const dNormal = tf.sub(dy!, tf.add(wide(tf.div(dBeta, count)), tf.mul(normal, wide(tf.div(dGamma, count)))));
    const throughStatistics = tf.add(wide(tf.div(dMean!, count)), tf.mul(centred, wide(tf.mul(dVariance!, 2 / count))));
    return [tf.add(tf.mul(dNormal, wide(tf.mul(gamma!, rstd))), throughStatistics), dGamma, dBeta];
  },
});

/** Every axis but the channels'. */
function others(x: tf.Tensor): number[] {
  return x.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
}

/** [C] as [1, C, 1, …], so that it broadcasts over x. */
export function alongChannels(perChannel: tf.Tensor, x: tf.Tensor): tf.Tensor {
  return tf.reshape(
    perChannel,
    x.shape.map((_, axis) => (axis === 1 ? x.shape[1]! : 1)),
  );
}
