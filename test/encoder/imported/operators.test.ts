import * as tf from '@tensorflow/tfjs-core';
import ort from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.js';
import { OPERATORS } from '../../../src/encoder/imported/operators/index.js';
import { planBackbone } from '../../../src/encoder/imported/plan.js';
import { runPlan } from '../../../src/encoder/imported/run-plan.js';
import { loadCpuBackend } from '../../../src/tensor/cpu-backend.js';
import { onCpu } from '../../../src/tensor/on-cpu.js';
import { readModel } from '../../../src/tensor/onnx/read-model.js';
import { drawn, expectClose } from '../../tensor/agreement.js';
import { OnnxFile } from './onnx-file.js';

beforeAll(loadCpuBackend);

type Build = (file: OnnxFile, x: string) => string;
const float = (number: number) => ({ float: number });
const one =
  (op: string, attributes = {}): Build =>
  (file, x) =>
    file.node(op, [x], attributes);
const positive: Build = (file, x) => file.node('Add', [file.node('Abs', [x]), file.floats([0.5])]);
const after =
  (before: Build, op: string): Build =>
  (file, x) =>
    file.node(op, [before(file, x)]);
const compared =
  (op: string): Build =>
  (file, x) =>
    file.node('Cast', [file.node(op, [x, file.floats([0.1])])], { to: 1 });
const both =
  (op: string): Build =>
  (file, x) => {
    const high = file.node('Greater', [x, file.floats([-0.5])]);
    return file.node('Cast', [file.node(op, [high, file.node('Less', [x, file.floats([0.5])])])], { to: 1 });
  };
const resized =
  (attributes: object, scales: readonly number[]): Build =>
  (file, x) =>
    file.node('Resize', [x, '', file.floats(scales)], attributes as Record<string, string>);
const reduced =
  (op: string): Build =>
  (file, x) =>
    file.node(op, [x], { axes: [1, 3], keepdims: 0 });

/** Operators on x [2, 4, 7, 6] in opset 17 (or the one that is named), against ONNX Runtime. */
const CASES: readonly (readonly [string, Build, number?])[] = [
  ...[
    'Abs',
    'Ceil',
    'Cos',
    'Erf',
    'Exp',
    'Floor',
    'Identity',
    'Neg',
    'Relu',
    'Sigmoid',
    'Sin',
    'Softplus',
    'Tanh',
    'HardSwish',
    'HardSigmoid',
    'Elu',
    'LeakyRelu',
    'Dropout',
    'GlobalAveragePool',
    'GlobalMaxPool',
    'Flatten',
    'Transpose',
  ].map((op): [string, Build] => [op, one(op)]),
  ['Log', after(positive, 'Log')],
  ['Sqrt', after(positive, 'Sqrt')],
  ['Reciprocal', after(positive, 'Reciprocal')],
  ['PRelu', (file, x) => file.node('PRelu', [x, file.weight([4, 1, 1])])],
  ['Clip', (file, x) => file.node('Clip', [x, file.floats([-0.2], []), file.floats([0.6], [])])],
  ['Clip before opset 11', one('Clip', { min: float(-0.2), max: float(0.6) }), 10],
  ['Gelu', one('Gelu'), 20],
  ['Gelu by tanh', one('Gelu', { approximate: 'tanh' }), 20],
  ...['Add', 'Sub', 'Mul'].map((op): [string, Build] => [op, (file, x) => file.node(op, [x, file.weight([4, 1, 6])])]),
  ['Div', (file, x) => file.node('Div', [x, positive(file, x)])],
  ['Pow', (file, x) => file.node('Pow', [positive(file, x), file.floats([1.7])])],
  ['Max', (file, x) => file.node('Max', [x, file.weight([6]), file.floats([0])])],
  ['Min', (file, x) => file.node('Min', [x, file.weight([6])])],
  ['Sum', (file, x) => file.node('Sum', [x, x, file.weight([6])])],
  ...['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'].map((op): [string, Build] => [op, compared(op)]),
  ['And', both('And')],
  ['Or', both('Or')],
  ['Not', (file, x) => file.node('Cast', [file.node('Not', [file.node('Less', [x, file.floats([0])])])], { to: 1 })],
  ['Where', (file, x) => file.node('Where', [file.node('Less', [x, file.floats([0])]), x, file.weight([6])])],
  [
    'Cast',
    (file, x) =>
      file.node('Cast', [file.node('Cast', [file.node('Mul', [x, file.floats([9])])], { to: 7 })], { to: 1 }),
  ],
  [
    'Conv, odd pads, gaps, groups',
    (file, x) =>
      file.node('Conv', [x, file.weight([6, 2, 3, 2]), file.weight([6])], {
        kernel_shape: [3, 2],
        pads: [2, 0, 1, 1],
        strides: [2, 1],
        dilations: [1, 2],
        group: 2,
      }),
  ],
  [
    'Conv, SAME_LOWER',
    (file, x) =>
      file.node('Conv', [x, file.weight([6, 4, 2, 3])], {
        kernel_shape: [2, 3],
        strides: [2, 2],
        auto_pad: 'SAME_LOWER',
      }),
  ],
  [
    'Gemm',
    (file, x) =>
      file.node('Gemm', [file.node('Flatten', [x]), file.weight([5, 168]), file.weight([5])], {
        transB: 1,
        alpha: float(0.5),
        beta: float(2),
      }),
  ],
  ['MatMul', (file, x) => file.node('MatMul', [x, file.weight([6, 3])])],
  ['MatMul by a vector', (file, x) => file.node('MatMul', [x, file.weight([6])])],
  [
    'BatchNormalization',
    (file, x) =>
      file.node(
        'BatchNormalization',
        [x, file.weight([4]), file.weight([4]), file.weight([4]), file.weight([4], 0.05, 1)],
        { epsilon: float(1e-3) },
      ),
  ],
  ['InstanceNormalization', (file, x) => file.node('InstanceNormalization', [x, file.weight([4]), file.weight([4])])],
  [
    'GroupNormalization',
    (file, x) => file.node('GroupNormalization', [x, file.weight([4]), file.weight([4])], { num_groups: 2 }),
    21,
  ],
  [
    'LayerNormalization',
    (file, x) => file.node('LayerNormalization', [x, file.weight([6]), file.weight([6])], { axis: -1 }),
  ],
  [
    'LayerNormalization over two axes',
    (file, x) => file.node('LayerNormalization', [x, file.weight([7, 6])], { axis: 2 }),
  ],
  ['LpNormalization', one('LpNormalization', { axis: 1, p: 2 })],
  ['Softmax', one('Softmax', { axis: 1 })],
  ['Softmax before opset 13', one('Softmax', { axis: 2 }), 11],
  ['AveragePool', one('AveragePool', { kernel_shape: [3, 2], strides: [2, 2], pads: [1, 0, 1, 1] })],
  ['AveragePool, pads counted', one('AveragePool', { kernel_shape: [3, 3], pads: [1, 1, 1, 1], count_include_pad: 1 })],
  ['AveragePool, rounded up', one('AveragePool', { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 })],
  ['MaxPool, rounded up', one('MaxPool', { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 })],
  ['MaxPool, SAME_UPPER', one('MaxPool', { kernel_shape: [3, 3], strides: [2, 2], auto_pad: 'SAME_UPPER' })],
  ...['ReduceL2', 'ReduceMax', 'ReduceMean', 'ReduceMin', 'ReduceProd', 'ReduceSumSquare'].map(
    (op): [string, Build] => [op, reduced(op)],
  ),
  ['ReduceSum', (file, x) => file.node('ReduceSum', [x, file.integers([1, -1])], { keepdims: 1 })],
  [
    'Resize, nearest',
    resized({ mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' }, [1, 1, 2, 3]),
  ],
  ['Resize, linear', resized({ mode: 'linear' }, [1, 1, 2, 0.5])],
  [
    'Resize, linear, corners',
    resized({ mode: 'linear', coordinate_transformation_mode: 'align_corners' }, [1, 1, 2, 2]),
  ],
  ['Resize, cubic', resized({ mode: 'cubic' }, [1, 1, 2, 2])],
  ['Resize to sizes', (file, x) => file.node('Resize', [x, '', '', file.integers([2, 4, 14, 3])], { mode: 'linear' })],
  ['Upsample', (file, x) => file.node('Upsample', [x, file.floats([1, 1, 2, 2])], { mode: 'nearest' }), 9],
  ['Concat', (file, x) => file.node('Concat', [x, file.node('Neg', [x])], { axis: -2 })],
  [
    'Expand',
    (file, x) => file.node('Expand', [file.node('Unsqueeze', [x, file.integers([1])]), file.integers([1, 3, 1, 1, 1])]),
  ],
  ['Gather', (file, x) => file.node('Gather', [x, file.integers([2, -1, 0])], { axis: 2 })],
  ['Gather of one', (file, x) => file.node('Gather', [x, file.integers([-2], [])], { axis: 3 })],
  [
    'Slice, backwards in steps',
    (file, x) =>
      file.node('Slice', [
        x,
        file.integers([6, 0]),
        file.integers([-9_223_372_036_854_775_000, 9_007_199_254_740_991]),
        file.integers([2, 3]),
        file.integers([-2, 1]),
      ]),
  ],
  ['Slice before opset 10', one('Slice', { starts: [1, -4], ends: [9, -1], axes: [1, 3] }), 9],
  [
    'Split',
    (file, x) => file.node('Concat', [file.node('Split', [x, file.integers([1, 3])], { axis: 1 }, 2), x], { axis: 1 }),
  ],
  [
    'Squeeze',
    (file, x) => file.node('Squeeze', [file.node('Unsqueeze', [x, file.integers([0, 3])]), file.integers([3])]),
  ],
  ['Tile', (file, x) => file.node('Tile', [x, file.integers([1, 2, 1, 3])])],
  ['Pad', (file, x) => file.node('Pad', [x, file.integers([0, 1, 2, 0, 0, 0, -1, 3]), file.floats([0.7], [])])],
  [
    'Pad by reflection',
    (file, x) => file.node('Pad', [x, file.integers([0, 0, 2, 1, 0, 0, 3, 2])], { mode: 'reflect' }),
  ],
  ['Pad by the edge', (file, x) => file.node('Pad', [x, file.integers([0, 0, 2, 1, 0, 0, 3, 2])], { mode: 'edge' })],
  ['Reshape', (file, x) => file.node('Reshape', [x, file.integers([0, -1, 6])])],
  [
    'Range, Shape, ConstantOfShape, Size',
    (file, x) => {
      const shape = file.node('Shape', [x]);
      const last = file.node('Gather', [shape, file.integers([3], [])]);
      const steps = file.node('Cast', [file.node('Range', [file.integers([0], []), last, file.integers([1], [])])], {
        to: 1,
      });
      const zeros = file.node('ConstantOfShape', [shape]);
      const size = file.node('Cast', [file.node('Size', [x])], { to: 1 });
      return file.node('Add', [file.node('Add', [x, zeros]), file.node('Div', [steps, size])]);
    },
  ],
];

describe('operators of a file', () => {
  const cases = CASES.map(([name, build, opset = 17]) => ({ name, build, opset }));
  it.each(cases)('$name gives what ONNX Runtime gives', async ({ build, opset }) => {
    const file = new OnnxFile(new Random(3), opset);
    const output = build(file, 'x');
    const bytes = file.bytes(['n', 4, 7, 6], output, { rank: 0 });
    const shape = [2, 4, 7, 6];
    const { x } = drawn({ x: { shape, dtype: 'float32' } }, new Random(4), [-1, 1]);
    const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 4 });
    const [expected] = Object.values(await session.run({ x: new ort.Tensor('float32', x as Float32Array, shape) }));
    await session.release();

    const plan = planBackbone(readModel(bytes));
    const found = onCpu(() =>
      tf.tidy(() => {
        const weight = (name: string) => {
          const constant = plan.model.constants.get(name)!;
          return tf.tensor(constant.values, [...constant.shape]);
        };
        const y = runPlan(plan, tf.tensor(x!, shape), weight);
        return { shape: y.shape, values: y.dataSync().slice() };
      }),
    );
    expect(found.shape).toEqual(expected!.dims);
    expectClose(found.values, expected!.data as Float32Array, 1e-4);
  });

  it('are all tried here', () => {
    const tried = CASES.map(([name]) => name).join(' ');
    const elsewhere = ['com.microsoft.Gelu', 'Shape', 'Size', 'Unsqueeze'];
    const missing = Object.keys(OPERATORS).filter(
      (op) => !elsewhere.includes(op) && !new RegExp(`\\b${op}\\b`).test(tried),
    );
    expect(missing).toEqual([]);
  });
});
