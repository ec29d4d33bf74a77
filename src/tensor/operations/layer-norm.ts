import * as tf from '@tensorflow/tfjs-core';
import { declare } from './declare.js';

export interface LayerNormAttributes {
  readonly epsilon: number;
}

/**
 * Layer normalisation over the last axis. Ba, Kiros and Hinton 2016, arXiv:1607.06450.
 * @param x […, D]
 * @param gamma [D]
 * @param beta [D]
 */
export function layerNorm(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, epsilon = 1e-5): tf.Tensor {
  return forward([x, gamma, beta], { epsilon })[0]!;
}

const forward = declare<LayerNormAttributes>({
  name: 'KindredLayerNorm',
  inputs: ['x', 'gamma', 'beta'],
  shapes: ([x]) => [x!],
  eager: ([x, gamma, beta], { epsilon }) => [tf.add(tf.mul(normalised(x!, epsilon).normal, gamma!), beta!)],
  gradient: {
    saveInputs: ['x', 'gamma'],
    of: ([dy], [x, gamma], attributes) => {
      const all = backward([dy!, x!, gamma!], attributes); // not made lazily: TensorFlow.js frees what one input's gradient made beside it
      return { x: () => all[0]!, gamma: () => all[1]!, beta: () => all[2]! };
    },
  },
});

const backward = declare<LayerNormAttributes>({
  name: 'KindredLayerNormGrad',
  inputs: ['dy', 'x', 'gamma'],
  shapes: ([, x, gamma]) => [x!, gamma!, gamma!],
  eager: ([dy, x, gamma], { epsilon }) => {
    const { normal, rstd } = normalised(x!, epsilon);
    const leading = x!.shape.slice(0, -1).map((_, axis) => axis);
    const scaled = tf.mul(dy!, gamma!);
    const along = tf.mean(tf.mul(scaled, normal), -1, true);
    const dx = tf.mul(tf.sub(tf.sub(scaled, tf.mean(scaled, -1, true)), tf.mul(normal, along)), rstd);
    return [dx, tf.sum(tf.mul(dy!, normal), leading), tf.sum(dy!, leading)];
  },
});

function normalised(x: tf.Tensor, epsilon: number): { normal: tf.Tensor; rstd: tf.Tensor } {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const rstd = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon));
  return { normal: tf.mul(centred, rstd), rstd };
}
