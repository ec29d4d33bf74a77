import { add, relu, type Scalar, square, sum, type Tensor, valueAndGrads } from '@tensorflow/tfjs-core';
import ort from 'onnxruntime-node';
import type { TensorFunction, TensorSpecs, Values } from './engine.js';
import type { Graph, Value } from './graph.js';
import type { BlockSize } from './lowering/blocked/forms.js';
import { NCHWC } from './lowering/blocked/nchwc.js';
import { emit } from './onnx/emit.js';
import { OnnxEngine } from './onnx-engine.js';
import { batchNorm, conv2d } from './operations.js';
import type { Layout } from './passes/index.js';

export interface LayoutChoice {
  readonly layout: Layout;
  /** What was found, for people. */
  readonly why: string;
}

/** Largest difference from the plain layout, relative to the largest number, that rounding explains. */
export const ROUNDING = 1e-4;

let chosen: Promise<LayoutChoice> | undefined;

/**
 * The fastest layout that computes what the plain one does, on this processor and with this build of ONNX Runtime. The
 * kernels in blocks are internal to it and give wrong numbers without a word where a block has another size, so nothing
 * is believed: the size is read off a reordered tensor, and a small training step must agree. Asked once a process.
 */
export function chooseLayout(): Promise<LayoutChoice> {
  chosen ??= probe();
  return chosen;
}

async function probe(): Promise<LayoutChoice> {
  try {
    const size = await blockSize();
    if (size === undefined) return { layout: 'plain', why: 'this processor has no kernels in blocks of 8 or 16' };
    const layout: Layout = `blocked${size}`;
    const difference = await differenceFromPlain(size, runIn(layout));
    if (difference > ROUNDING)
      return { layout: 'plain', why: `blocks of ${size} differ from the plain layout by ${difference.toPrecision(2)}` };
    return { layout, why: `blocks of ${size} channels agree with the plain layout` };
  } catch (cause) {
    const [why] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
    return { layout: 'plain', why: `there are no kernels in blocks: ${why}` };
  }
}

/** 32 numbers as 16 channels of two pixels, reordered: the pixels of one channel are a block apart. */
async function blockSize(): Promise<BlockSize | undefined> {
  const x: Value = { shape: [1, 16, 1, 2], type: 'float32' };
  const y: Value = { shape: [1, 16, 1, 2], type: 'float32' };
  const node = { op: 'ReorderInput', domain: NCHWC, inputs: [x], outputs: [y], attributes: { channels_last: 0 } };
  const graph: Graph = { inputs: new Map([['x', x]]), outputs: new Map([['y', y]]), nodes: [node] };
  const session = await ort.InferenceSession.create(emit(graph), { logSeverityLevel: 3, intraOpNumThreads: 1 });
  try {
    const numbers = new ort.Tensor(
      Float32Array.from({ length: 32 }, (_, i) => i),
      x.shape,
    );
    return sizeOfBlocks((await session.run({ x: numbers })).y!.data as Float32Array);
  } finally {
    await session.release();
  }
}

/** The size of the blocks in which the numbers 0 to 31, 16 channels of two pixels, came back. */
export function sizeOfBlocks(order: ArrayLike<number>): BlockSize | undefined {
  const inBlocks = (size: number) =>
    Array.from({ length: 32 }, (_, i) => {
      const [block, pixel, channel] = [Math.floor(i / (2 * size)), Math.floor(i / size) % 2, i % size];
      return (block * size + channel) * 2 + pixel;
    });
  return ([16, 8] as const).find((size) => inBlocks(size).every((number, i) => number === order[i]));
}

/** A function on some values, run once. */
export type RunOnce = (fn: TensorFunction, specs: TensorSpecs, values: Values) => Promise<Values>;

const runIn =
  (layout: Layout): RunOnce =>
  async (fn, specs, values) => {
    const compiled = await new OnnxEngine({ threads: 1, layout }).compile(fn, specs);
    try {
      return await compiled.run(values);
    } finally {
      await compiled.dispose();
    }
  };

/**
 * How far what runs in blocks of a size is from the plain layout, relative to the largest number: a small network with
 * a convolution of each kind, forward and backward.
 */
export async function differenceFromPlain(size: BlockSize, run: RunOnce): Promise<number> {
  const channels = 2 * size;
  const inputs = {
    x: { shape: [2 * size, 3, 7, 7], dtype: 'float32' },
    stem: { shape: [channels, 3, 3, 3], dtype: 'float32' },
    down: { shape: [channels, channels, 3, 3], dtype: 'float32' },
    each: { shape: [channels, 1, 3, 3], dtype: 'float32' },
    scale: { shape: [channels], dtype: 'float32' },
  } as const;
  const pads = [1, 1, 1, 1] as const;
  const network = (x: Tensor, stem: Tensor, down: Tensor, each: Tensor, scale: Tensor): Scalar => {
    const first = relu(batchNorm(conv2d(x, stem, { pads }), scale, scale).y);
    const beside = conv2d(first, each, { pads, groups: channels });
    return sum(square(conv2d(relu(add(first, beside)), down, { pads, strides: [2, 2] }))) as Scalar;
  };
  const values: Values = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape }], which) => {
      const length = shape.reduce((product, extent) => product * extent, 1);
      return [name, Float32Array.from({ length }, (_, i) => Math.sin(1 + which + 1.7 * i))];
    }),
  );
  const fn: TensorFunction = (given) => {
    const tensors = Object.keys(inputs).map((name) => given[name]!);
    const { value, grads } = valueAndGrads(network as (...tensors: Tensor[]) => Scalar)(tensors);
    return { value, ...Object.fromEntries(grads.map((grad, i) => [`d${i}`, grad])) };
  };
  const [plain, blocked] = [await runIn('plain')(fn, inputs, values), await run(fn, inputs, values)];
  return Math.max(...Object.keys(plain).map((name) => relativeDifference(plain[name]!, blocked[name]!)));
}

function relativeDifference(expected: ArrayLike<number>, found: ArrayLike<number>): number {
  let [worst, largest] = [0, 1e-30];
  for (let i = 0; i < expected.length; i++) {
    worst = Math.max(worst, Math.abs(expected[i]! - found[i]!));
    largest = Math.max(largest, Math.abs(expected[i]!));
  }
  return Number.isFinite(worst) ? worst / largest : Infinity;
}
