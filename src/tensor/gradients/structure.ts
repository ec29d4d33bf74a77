import * as tf from '@tensorflow/tfjs-core';
import { type Gradient, type GradientTable, type ListGradient, unbroadcast, unreduced } from './gradient.js';

/** The largest (or smallest) along the axes takes the gradient; of equals, all of them. */
const extreme = (axesName: string): Gradient => ({
  inputs: ['x'],
  output: true,
  of: (dy, [x, y], attributes) => {
    const axes = attributes.axes(axesName, x!.rank);
    const wins = () => tf.cast(tf.equal(x!, unreduced(y!, x!, axes)), 'float32');
    return { x: () => tf.mul(unreduced(dy, x!, axes), wins()) };
  },
});
const zero: Gradient = { of: (dy) => ({ x: () => tf.zerosLike(dy) }) };
const reshaped: Gradient = { inputs: ['x'], of: (dy, [x]) => ({ x: () => tf.reshape(dy, x!.shape) }) };

/** Reductions, matrices and what moves elements about. */
export const STRUCTURE_GRADIENTS: GradientTable = {
  ArgMax: { inputs: ['x'], of: (_, [x]) => ({ x: () => tf.zerosLike(x!) }) },
  Max: extreme('reductionIndices'),
  Min: extreme('axis'),
  Mean: {
    inputs: ['x'],
    of: (dy, [x], attributes) => ({
      x: () => {
        const axes = attributes.axes('axis', x!.rank);
        const share = axes.reduce((product, axis) => product * x!.shape[axis]!, 1);
        return tf.broadcastTo(unreduced(tf.div(dy, share), x!, axes), x!.shape);
      },
    }),
  },
  Sum: {
    inputs: ['x'],
    of: (dy, [x], attributes) => ({
      x: () => tf.broadcastTo(unreduced(dy, x!, attributes.axes('axis', x!.rank)), x!.shape),
    }),
  },
  Cumsum: {
    of: (dy, _, attributes) => ({
      x: () =>
        tf.cumsum(dy, attributes.axis('axis', dy.rank), attributes.flag('exclusive'), !attributes.flag('reverse')),
    }),
  },
  Softmax: {
    output: true,
    of: (dy, [y]) => ({
      logits: () => {
        const weighted = tf.mul(dy, y!);
        return tf.sub(weighted, tf.mul(tf.sum(weighted, -1, true), y!));
      },
    }),
  },
  LogSoftmax: {
    output: true,
    of: (dy, [y]) => ({ logits: () => tf.sub(dy, tf.mul(tf.sum(dy, -1, true), tf.exp(y!))) }),
  },
  BatchMatMul: {
    inputs: ['a', 'b'],
    of: (dy, [a, b], attributes) => {
      const [ta, tb] = [attributes.flag('transposeA'), attributes.flag('transposeB')];
      return {
        a: () => unbroadcast(ta ? tf.matMul(b!, dy, tb, true) : tf.matMul(dy, b!, false, !tb), a!),
        b: () => unbroadcast(tb ? tf.matMul(dy, a!, true, ta) : tf.matMul(a!, dy, !ta, false), b!),
      };
    },
  },

  BroadcastTo: { inputs: ['x'], of: (dy, [x]) => ({ x: () => unbroadcast(dy, x!) }) },
  ExpandDims: { ...reshaped, of: (dy, [input]) => ({ input: () => tf.reshape(dy, input!.shape) }), inputs: ['input'] },
  GatherV2: {
    inputs: ['x', 'indices'],
    of: (dy, [x, indices], attributes) => ({
      x: () => gathered(dy, x!, indices!, attributes.axis('axis', x!.rank)),
      indices: () => tf.zerosLike(tf.cast(indices!, 'float32')),
    }),
  },
  OneHot: { inputs: ['indices'], of: (_, [x]) => ({ indices: () => tf.zerosLike(tf.cast(x!, 'float32')) }) },
  OnesLike: zero,
  PadV2: {
    inputs: ['x'],
    of: (dy, [x], attributes) => ({
      x: () =>
        tf.slice(
          dy,
          attributes.pairs('paddings').map(([before]) => before),
          x!.shape,
        ),
    }),
  },
  Reshape: reshaped,
  Reverse: { of: (dy, _, attributes) => ({ x: () => tf.reverse(dy, attributes.axes('dims', dy.rank)) }) },
  Slice: {
    inputs: ['x'],
    of: (dy, [x], attributes) => ({
      x: () => {
        const begin = attributes.list('begin');
        return tf.pad(
          dy,
          begin.map((start, axis) => [start, x!.shape[axis]! - start - dy.shape[axis]!]),
        );
      },
    }),
  },
  Tile: {
    inputs: ['x'],
    of: (dy, [x], attributes) => ({
      x: () => {
        const split = attributes.list('reps').flatMap((repeats, axis) => [repeats, x!.shape[axis]!]);
        return tf.sum(
          tf.reshape(dy, split),
          x!.shape.map((_, axis) => 2 * axis),
        );
      },
    }),
  },
  Transpose: {
    of: (dy, _, attributes) => {
      const perm = attributes.list('perm');
      return {
        x: () =>
          tf.transpose(
            dy,
            perm.map((_axis, axis) => perm.indexOf(axis)),
          ),
      };
    },
  },
  ZerosLike: zero,
};

/** Kernels with a list of inputs or of outputs. */
export const LIST_GRADIENTS: Readonly<Record<string, ListGradient>> = {
  AddN: { of: (dy, inputs) => Object.fromEntries(inputs.map((_, i) => [i, () => tf.clone(dy as tf.Tensor)])) },
  Concat: {
    of: (dy, inputs, attributes) => {
      const axis = attributes.axis('axis', inputs[0]!.rank);
      const parts = tf.split(
        dy as tf.Tensor,
        inputs.map((input) => input.shape[axis]!),
        axis,
      );
      return Object.fromEntries(parts.map((part, i) => [i, () => part]));
    },
  },
  Pack: {
    of: (dy, _, attributes) => {
      const parts = tf.unstack(dy as tf.Tensor, attributes.number('axis'));
      return Object.fromEntries(parts.map((part, i) => [i, () => part]));
    },
  },
  SplitV: {
    input: 'x',
    of: (dys, inputs, attributes) => ({
      x: () => tf.concat(dys as tf.Tensor[], attributes.axis('axis', inputs[0]!.rank)),
    }),
  },
  Unpack: {
    input: 'value',
    of: (dys, _, attributes) => ({ value: () => tf.stack(dys as tf.Tensor[], attributes.number('axis')) }),
  },
};

/** Each row of dy added to the row of x it was taken from. */
function gathered(dy: tf.Tensor, x: tf.Tensor, indices: tf.Tensor, axis: number): tf.Tensor {
  const flat = tf.reshape(indices, [indices.size]) as tf.Tensor1D;
  const rows = [...x.shape.slice(0, axis), indices.size, ...x.shape.slice(axis + 1)];
  const front = [axis, ...x.shape.map((_, other) => other).filter((other) => other !== axis)];
  const first = tf.transpose(tf.reshape(dy, rows), front);
  const sums = tf.unsortedSegmentSum(first, flat, x.shape[axis]!);
  return tf.transpose(
    sums,
    front.map((_, other) => front.indexOf(other)),
  );
}
