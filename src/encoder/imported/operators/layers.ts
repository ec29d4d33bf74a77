import * as tf from '@tensorflow/tfjs-core';
import { conv2d } from '../../../tensor/operations.js';
import type { Call, OperatorTable } from '../operator.js';
import { readWindow } from './window.js';

/** Operators that multiply by weights. */
export const LAYERS: OperatorTable = {
  Conv: { run: convolve, layer: true },
  Gemm: {
    layer: true,
    run(call) {
      const [a, b] = [call.tensor(0) as tf.Tensor2D, call.tensor(1) as tf.Tensor2D];
      const product = tf.matMul(a, b, call.number('transA', 0) === 1, call.number('transB', 0) === 1);
      const scaled = times(product, call.number('alpha', 1));
      const addend = call.optional(2);
      return addend ? tf.add(scaled, times(addend, call.number('beta', 1))) : scaled;
    },
  },
  MatMul: { run: (call) => matmul(call.tensor(0), call.tensor(1)), layer: true },
};

const times = (x: tf.Tensor, factor: number): tf.Tensor => (factor === 1 ? x : tf.mul(x, factor));

function convolve(call: Call): tf.Tensor {
  const [x, w] = [call.tensor(0), call.tensor(1)];
  if (x.rank !== 4) call.refuse(`it runs over ${x.rank - 2} axes, and only those over 2 can be trained through`);
  const kernel: [number, number] = [w.shape[2]!, w.shape[3]!];
  const y = conv2d(x, w, { ...readWindow(call, x, kernel), groups: call.number('group', 1) });
  const bias = call.optional(2);
  return bias ? tf.add(y, tf.reshape(bias, [1, bias.size, 1, 1])) : y;
}

/** By numpy's rule. Weights that all samples share are multiplied in one product, so that their gradient is one too. */
function matmul(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  if (a.rank === 1) return tf.squeeze(matmul(tf.expandDims(a, 0), b), [b.rank === 1 ? 0 : b.rank - 2]);
  if (b.rank === 1) return tf.squeeze(matmul(a, tf.expandDims(b, 1)), [a.rank - 1]);
  if (b.rank > 2 || a.rank === 2) return tf.matMul(a, b);
  const rows = tf.reshape(a, [-1, a.shape.at(-1)!]) as tf.Tensor2D;
  return tf.reshape(tf.matMul(rows, b as tf.Tensor2D), [...a.shape.slice(0, -1), b.shape[1]!]);
}
