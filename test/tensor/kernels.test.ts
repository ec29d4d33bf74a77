import * as tf from '@tensorflow/tfjs-core';
import { describe, it } from 'vitest';
import { type Case, expectAgreement } from './agreement.js';

const x = { x: [3, 4] };
const positive = { range: [0.3, 2] } as const;
const wide = { range: [-3, 3] } as const;
const unary = (name: string, fn: (x: tf.Tensor) => tf.Tensor, rest: Partial<Case> = {}): Case => ({
  name,
  inputs: x,
  fn: ({ x }) => fn(x!),
  ...rest,
});
const binary = (name: string, fn: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, rest: Partial<Case> = {}): Case => ({
  name,
  inputs: { a: [2, 3, 4], b: [3, 1] },
  fn: ({ a, b }) => fn(a!, b!),
  ...rest,
});
const on = (
  shape: readonly number[],
  name: string,
  fn: (x: tf.Tensor) => tf.Tensor | tf.Tensor[],
  rest: Partial<Case> = {},
): Case => ({
  name,
  inputs: { x: shape },
  fn: ({ x }) => fn(x!),
  ...rest,
});
const jumps = { noGradient: 'it jumps' };

/** One row a kernel: outputs and gradients of the compiled form, of the eager form, and slopes. */
const KERNELS: readonly Case[] = [
  unary('Abs', tf.abs),
  unary('Ceil', tf.ceil, jumps),
  unary('ClipByValue', (x) => tf.clipByValue(x, -0.5, 0.4)),
  unary('Cos', tf.cos, wide),
  unary('Elu', tf.elu, wide),
  unary('Erf', tf.erf),
  unary('Exp', tf.exp),
  unary('Expm1', tf.expm1),
  unary('Floor', tf.floor, jumps),
  unary('LeakyRelu', (x) => tf.leakyRelu(x, 0.1)),
  unary('Log', tf.log, positive),
  unary('Log1p', tf.log1p, positive),
  unary('Neg', tf.neg),
  unary('Reciprocal', tf.reciprocal, positive),
  unary('Relu', tf.relu),
  unary('Relu6', tf.relu6, { range: [-9, 9] }),
  unary('Round', tf.round, { ...wide, ...jumps }),
  unary('Rsqrt', tf.rsqrt, positive),
  unary('Sigmoid', tf.sigmoid, wide),
  unary('Sign', tf.sign, jumps),
  unary('Sin', tf.sin, wide),
  unary('Softplus', tf.softplus, wide),
  unary('Sqrt', tf.sqrt, positive),
  unary('Square', tf.square),
  unary('Step', (x) => tf.step(x, 0.3), jumps),
  unary('Tanh', tf.tanh),
  unary('Identity', (x) => tf.clone(x)),
  unary('Cast to int32 and back', (x) => tf.cast(tf.cast(x, 'int32'), 'float32'), { ...wide, ...jumps }),
  unary('IsNan', (x) => tf.cast(tf.isNaN(tf.div(tf.relu(x), tf.relu(x))), 'float32'), jumps),
  unary('LogicalNot', (x) => tf.cast(tf.logicalNot(tf.greater(x, 0)), 'float32'), jumps),

  binary('Add', tf.add),
  unary('AddN', (x) => tf.addN([x, tf.square(x), x])),
  binary('Sub', tf.sub),
  binary('Multiply', tf.mul),
  binary('RealDiv', tf.div, positive),
  binary('Maximum', tf.maximum),
  binary('Minimum', tf.minimum),
  binary('Pow', tf.pow, positive),
  binary('SquaredDifference', tf.squaredDifference),
  binary('FloorDiv', tf.floorDiv, { ...wide, ...jumps }),
  binary('Mod', tf.mod, { ...wide, ...jumps }),
  ...([tf.equal, tf.notEqual, tf.greater, tf.greaterEqual, tf.less, tf.lessEqual] as const).map((compare, i) =>
    binary(`comparison ${i}`, (a, b) => tf.cast(compare(tf.round(a), tf.round(b)), 'float32'), { ...wide, ...jumps }),
  ),
  binary('LogicalAnd', (a, b) => tf.cast(tf.logicalAnd(tf.greater(a, 0), tf.less(b, 0)), 'float32'), jumps),
  binary('LogicalOr', (a, b) => tf.cast(tf.logicalOr(tf.greater(a, 0), tf.less(b, 0)), 'float32'), jumps),
  binary('Select', (a, b) => tf.where(tf.greater(a, 0), tf.mul(a, b), tf.square(b))),
  binary('int32 arithmetic', (a, b) => tf.add(tf.mul(a, b), tf.sub(tf.maximum(a, b), tf.abs(b))), {
    whole: true,
    range: [-5, 5],
  }),

  on([2, 3, 4], 'Sum', (x) => [tf.sum(x), tf.sum(x, 1), tf.sum(x, [0, -1], true)]),
  on([2, 3, 4], 'Mean', (x) => [tf.mean(x), tf.mean(x, 1), tf.mean(x, [0, 2], true)]),
  on([2, 3, 4], 'Max', (x) => [tf.max(x, 1), tf.max(x, [0, 2], true)]),
  on([2, 3, 4], 'Min', (x) => [tf.min(x, -1), tf.min(x)]),
  on([2, 3], 'Prod', (x) => tf.prod(x, 1), { noGradient: 'TensorFlow.js has a rule, we have none yet' }),
  on(
    [2, 3],
    'All and Any',
    (x) => [tf.all(tf.greater(x, -0.5), 1), tf.any(tf.greater(x, 0.5), 0)].map((y) => tf.cast(y, 'int32')),
    jumps,
  ),
  on([2, 5], 'ArgMax', (x) => tf.argMax(x, 1), jumps),
  on([2, 5], 'ArgMin', (x) => tf.argMin(x, 0), jumps),
  on([3, 5], 'Softmax', (x) => tf.softmax(x), wide),
  on([3, 5], 'LogSoftmax', (x) => tf.logSoftmax(x), wide),
  on([3, 5], 'Cumsum', (x) => [tf.cumsum(x, 1), tf.cumsum(x, 0, true, true)]),
  on([3, 5], 'logSumExp', (x) => tf.logSumExp(x, 1), wide),

  on([2, 6], 'Reshape', (x) => tf.square(tf.reshape(x, [3, -1]))),
  on([2, 6], 'ExpandDims', (x) => tf.square(tf.expandDims(x, 1))),
  on([2, 3, 4], 'Transpose', (x) => [tf.transpose(x, [2, 0, 1]), tf.transpose(x)]),
  on([4, 6], 'Slice', (x) => tf.slice(x, [1, 2], [2, -1])),
  on([4, 6], 'StridedSlice', (x) => tf.stridedSlice(x, [0, 1], [4, 6], [2, 2]), {
    noGradient: 'TensorFlow.js has none',
  }),
  on([4, 6], 'Concat', (x) => tf.concat([x, tf.square(x), x], 1)),
  on([4, 6], 'Pack', (x) => tf.stack([x, tf.square(x)], 1)),
  on([3, 4], 'Unpack', (x) => tf.unstack(x, 1).map((part) => tf.square(part))),
  on([3, 4], 'SplitV', (x) => tf.split(x, [1, 3], 1).map((part) => tf.square(part))),
  on([3, 4], 'PadV2', (x) =>
    tf.square(
      tf.pad(
        x,
        [
          [1, 0],
          [2, 1],
        ],
        0.5,
      ),
    ),
  ),
  on([3, 1], 'Tile', (x) => [tf.tile(x, [2, 3]), tf.tile(x, [1, 4])]),
  on([3, 1], 'BroadcastTo', (x) => tf.square(tf.broadcastTo(x, [2, 3, 4]))),
  on([3, 4], 'Reverse', (x) => tf.square(tf.reverse(x, [0, 1]))),
  on([4, 3], 'GatherV2', (x) => [
    tf.gather(x, tf.tensor1d([2, 0, 2], 'int32')),
    tf.gather(x, tf.tensor1d([1, 1], 'int32'), 1),
  ]),
  on([4, 3], 'UnsortedSegmentSum', (x) => tf.unsortedSegmentSum(x, tf.tensor1d([1, 0, 1, 2], 'int32'), 3), {
    noGradient: 'not needed',
  }),
  on([2, 3], 'OneHot', (x) => tf.oneHot(tf.cast(tf.abs(x), 'int32'), 4), { range: [0, 4], ...jumps }),
  on([2, 3], 'Fill', (x) => tf.add(x, tf.fill([2, 3], 2))),
  on([2, 3], 'OnesLike and ZerosLike', (x) => [tf.mul(x, tf.onesLike(x)), tf.add(x, tf.zerosLike(x))]),
  on([2, 3], 'Range', (x) => tf.mul(x, tf.range(0, 3))),

  ...[false, true].flatMap((transposeA) =>
    [false, true].flatMap((transposeB) =>
      [[], [2]].map(
        (batch): Case => ({
          name: `BatchMatMul ${batch.length ? 'of a batch' : 'of matrices'}, a ${transposeA ? 'turned' : 'as is'}, b ${transposeB ? 'turned' : 'as is'}`,
          inputs: {
            a: [...batch, ...(transposeA ? [4, 3] : [3, 4])],
            b: [...batch, ...(transposeB ? [5, 4] : [4, 5])],
          },
          fn: ({ a, b }) => tf.matMul(a!, b!, transposeA, transposeB),
        }),
      ),
    ),
  ),
];

describe('a compiled kernel and its gradient agree with the eager ones, and with slopes', () => {
  it.each(KERNELS.map((test) => [test.name, test] as const))('%s', (_, test) => expectAgreement(test));
});
