import * as tf from '@tensorflow/tfjs-core';
import { averagePool2d, maxPool2d } from '../../../tensor/operations.js';
import type { Call, OperatorTable } from '../operator.js';
import { ceiled, type ReadWindow, readWindow } from './window.js';

/** Operators that take the mean or the largest of a window. */
export const POOLS: OperatorTable = {
  AveragePool: { run: averagePool },
  GlobalAveragePool: { run: (call) => tf.mean(call.tensor(0), [2, 3], true) },
  GlobalMaxPool: { run: (call) => tf.max(call.tensor(0), [2, 3], true) },
  MaxPool: {
    run(call) {
      const [kernel, window] = poolWindow(call);
      return maxPool2d(call.tensor(0), { ...window, kernel });
    },
  },
};

function poolWindow(call: Call): [readonly [number, number], ReadWindow] {
  const x = call.tensor(0);
  if (x.rank !== 4) call.refuse(`it runs over ${x.rank - 2} axes, and only those over 2 can be trained through`);
  const kernel = call.list('kernel_shape') as unknown as [number, number];
  const window = readWindow(call, x, kernel);
  if (window.dilations.some((step) => step !== 1)) call.refuse('its window has gaps');
  return [kernel, call.number('ceil_mode', 0) === 1 ? ceiled(window, x, kernel) : window];
}

/** Our own pool counts padding as zeros; ONNX's does not unless asked, so its means are put right by position. */
function averagePool(call: Call): tf.Tensor {
  const [kernel, window] = poolWindow(call);
  const x = call.tensor(0);
  const y = averagePool2d(x, { ...window, kernel });
  const counted = call.number('count_include_pad', 0) === 1 ? (call.list('pads') ?? [0, 0, 0, 0]) : [0, 0, 0, 0];
  const counts = ([0, 1] as const).map((axis) =>
    Array.from({ length: y.shape[2 + axis]! }, (_, i) => {
      const start = i * window.strides[axis] - window.pads[axis];
      const [first, last] = [-counted[axis]!, x.shape[2 + axis]! + counted[axis + 2]!];
      return Math.min(start + kernel[axis], last) - Math.max(start, first);
    }),
  ) as [number[], number[]];
  const whole = kernel[0] * kernel[1];
  const factors = counts[0].flatMap((rows) => counts[1].map((columns) => whole / (rows * columns)));
  if (factors.every((factor) => factor === 1)) return y;
  return tf.mul(y, tf.tensor4d(factors, [1, 1, y.shape[2]!, y.shape[3]!]));
}
