import * as tf from '@tensorflow/tfjs-core';
import { affine, layerNorm } from '../../../tensor/operations.js';
import { type Call, fromStart, type OperatorTable } from '../operator.js';

/** Operators that set mean, variance or length. */
export const NORMALISATIONS: OperatorTable = {
  BatchNormalization: { run: batchNormalization, fixed: [3, 4] },
  GroupNormalization: { run: groupNormalization },
  InstanceNormalization: {
    run(call) {
      const x = call.tensor(0);
      const axes = x.shape.map((_, axis) => axis).slice(2);
      return affine(normalised(x, axes, call.number('epsilon', 1e-5)), call.tensor(1), call.tensor(2));
    },
  },
  LayerNormalization: { run: layerNormalization },
  LpNormalization: {
    run(call) {
      const x = call.tensor(0);
      const axis = call.number('axis', -1);
      if (call.number('p', 2) === 1) return tf.div(x, tf.sum(tf.abs(x), axis, true));
      return tf.div(x, tf.sqrt(tf.sum(tf.square(x), axis, true)));
    },
  },
  Softmax: { run: softmax },
};

/** Running statistics stay as they are in the file: with the scale and shift, which are learned, they are one affine map. */
function batchNormalization(call: Call): tf.Tensor {
  if (call.number('training_mode', 0) === 1) call.refuse('it was exported for training; export it for inference');
  const [scale, shift] = [call.tensor(1), call.tensor(2)];
  const mean = call.numbers(3)!;
  const inverse = call.numbers(4)!.map((variance) => 1 / Math.sqrt(variance + call.number('epsilon', 1e-5)));
  const moved = tf.mul(scale, tf.tensor1d(inverse.map((each, channel) => each * mean[channel]!)));
  return affine(call.tensor(0), tf.mul(scale, tf.tensor1d(inverse)), tf.sub(shift, moved));
}

/** Scale and shift belong to groups before opset 21 and to channels since. */
function groupNormalization(call: Call): tf.Tensor {
  const x = call.tensor(0);
  const [n, channels] = x.shape as [number, number];
  const groups = call.number('num_groups', 1);
  const rows = tf.reshape(x, [n, groups, -1]);
  const y = tf.reshape(normalised(rows, [2], call.number('epsilon', 1e-5)), x.shape);
  const [scale, shift] = [call.tensor(1), call.tensor(2)].map((each) => {
    if (each.size === channels) return each;
    const repeated = tf.tile(tf.reshape(each, [groups, 1]), [1, channels / groups]);
    return tf.reshape(repeated, [channels]);
  });
  return affine(y, scale!, shift!);
}

function normalised(x: tf.Tensor, axes: number[], epsilon: number): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, axes, true));
  return tf.mul(centred, tf.rsqrt(tf.add(tf.mean(tf.square(centred), axes, true), epsilon)));
}

function layerNormalization(call: Call): tf.Tensor {
  const x = call.tensor(0);
  const lead = x.shape.slice(0, fromStart(call.number('axis', -1), x.rank));
  const scale = call.tensor(1);
  const shift = call.optional(2) ?? tf.zeros([scale.size]);
  const rows = tf.reshape(x, [...lead, scale.size]);
  const y = layerNorm(rows, tf.reshape(scale, [-1]), tf.reshape(shift, [-1]), call.number('epsilon', 1e-5));
  return tf.reshape(y, x.shape);
}

/** Along one axis; before opset 13 over all axes from that one on. */
function softmax(call: Call): tf.Tensor {
  const x = call.tensor(0);
  const older = call.surroundings.opset < 13;
  const axis = fromStart(call.number('axis', older ? 1 : -1), x.rank);
  if (older) {
    const rows = x.shape.slice(0, axis).reduce((product, extent) => product * extent, 1);
    return tf.reshape(tf.softmax(tf.reshape(x, [rows, x.size / rows])), x.shape);
  }
  if (axis === x.rank - 1) return tf.softmax(x);
  const perm = x.shape.map((_, other) => other);
  [perm[axis], perm[x.rank - 1]] = [x.rank - 1, axis]; // a swap undoes itself
  return tf.transpose(tf.softmax(tf.transpose(x, perm)), perm);
}
