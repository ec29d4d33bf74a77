import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import {
  chooseLayout,
  differenceFromPlain,
  ROUNDING,
  type RunOnce,
  sizeOfBlocks,
} from '../../src/tensor/choose-layout.js';
import type { TensorFunction, Values } from '../../src/tensor/engine.js';
import type { BlockSize } from '../../src/tensor/lowering/blocked/forms.js';
import { NCHWC } from '../../src/tensor/lowering/blocked/nchwc.js';
import { OnnxEngine, openGraph } from '../../src/tensor/onnx-engine.js';
import type { PoolOptions } from '../../src/tensor/operations/pools.js';
import { batchNorm, type Conv2dOptions, conv2d, maxPool2d } from '../../src/tensor/operations.js';
import { compileGraph, type Layout } from '../../src/tensor/passes/index.js';
import { trace } from '../../src/tensor/trace.js';
import { drawn, expectClose, specsOf } from './agreement.js';
import { type Node64, Tape64 } from './float64.js';
import { unblock } from './unblock.js';

const onEngine =
  (layout: Layout): RunOnce =>
  async (fn, specs, values) => {
    const compiled = await new OnnxEngine({ threads: 1, layout }).compile(fn, specs);
    const out = await compiled.run(values);
    await compiled.dispose();
    return out;
  };
/** Blocks of any size on any processor: the kernels on blocks written out in ONNX's own operators. */
const writtenOut =
  (size: BlockSize, actual = size): RunOnce =>
  async (fn, specs, values) => {
    const graph = compileGraph(trace(fn, specs), `blocked${size}`, { standardOnly: false });
    const compiled = await openGraph(unblock(graph, actual), specs, { threads: 1 });
    const out = await compiled.run(values);
    await compiled.dispose();
    return out;
  };

const { layout: here } = await chooseLayout();
const RUNS: readonly (readonly [string, RunOnce])[] = [
  ['blocks of 8, written out', writtenOut(8)],
  ['blocks of 16, written out', writtenOut(16)],
  ...(here === 'plain' ? [] : [[`${here}, by its kernels`, onEngine(here)] as const]),
];

type Four = readonly [number, number, number, number];
const same = { pads: [1, 1, 1, 1] } as const;
const CONVOLUTIONS: readonly (readonly [string, Four, Four, Conv2dOptions])[] = [
  ['3×3', [32, 32, 6, 6], [32, 32, 3, 3], same],
  ['3×3 on an odd map', [32, 16, 7, 5], [48, 16, 3, 3], same],
  ['3×3 without padding', [16, 16, 6, 7], [16, 16, 3, 3], {}],
  ['3×3 stride 2', [32, 16, 8, 8], [32, 16, 3, 3], { ...same, strides: [2, 2] }],
  ['3×3 stride 2 on an odd map', [32, 16, 7, 5], [32, 16, 3, 3], { ...same, strides: [2, 2] }],
  ['1×1', [16, 32, 5, 5], [16, 32, 1, 1], {}],
  ['1×1 stride 2', [16, 16, 8, 8], [32, 16, 1, 1], { strides: [2, 2] }],
  ['1×1 stride 2 on an odd map', [16, 16, 7, 7], [32, 16, 1, 1], { strides: [2, 2] }],
  ['fewer channels than a block', [32, 4, 9, 9], [32, 4, 3, 3], same],
  ['7×7 stride 2 on colours', [16, 3, 12, 12], [16, 3, 7, 7], { pads: [3, 3, 3, 3], strides: [2, 2] }],
  ['channels that fill no whole block', [32, 20, 5, 5], [28, 20, 3, 3], same],
  ['fewer outputs than a block', [16, 16, 5, 5], [3, 16, 3, 3], same],
  ['a batch that is no multiple of a block', [20, 16, 5, 5], [16, 16, 3, 3], same],
  ['depthwise', [16, 16, 7, 7], [16, 1, 3, 3], { ...same, groups: 16 }],
  [
    'depthwise 7×7, channels that fill no whole block',
    [4, 20, 9, 9],
    [20, 1, 7, 7],
    { pads: [3, 3, 3, 3], groups: 20 },
  ],
  ['depthwise stride 2', [8, 16, 8, 8], [16, 1, 3, 3], { ...same, groups: 16, strides: [2, 2] }],
  ['dilated', [16, 16, 9, 9], [16, 16, 3, 3], { pads: [2, 2, 2, 2], dilations: [2, 2] }],
  ['5×5', [16, 16, 9, 9], [16, 16, 5, 5], { pads: [2, 2, 2, 2] }],
  ['uneven pads and taps', [16, 16, 9, 8], [16, 16, 3, 2], { pads: [0, 1, 2, 0] }],
  ['patches', [16, 16, 8, 8], [16, 16, 4, 4], { strides: [4, 4] }],
  ['3×3 on a narrow map', [16, 16, 4, 4], [32, 16, 3, 3], same],
  ['3×3 on the narrowest map, channels that fill no whole block', [9, 20, 2, 1], [28, 20, 3, 3], same],
  ['dilated on a narrow map', [8, 16, 5, 4], [16, 16, 3, 3], { pads: [2, 2, 2, 2], dilations: [2, 2] }],
  ['uneven pads and taps on a narrow map', [8, 16, 3, 4], [16, 16, 2, 3], { pads: [0, 2, 1, 0] }],
  ['3×3 stride 2 on a narrow map', [16, 16, 4, 4], [16, 16, 3, 3], { ...same, strides: [2, 2] }],
  ['in groups, which stays plain', [16, 32, 6, 6], [32, 16, 3, 3], { ...same, groups: 2 }],
];

const POOLS: readonly (readonly [string, Four, PoolOptions])[] = [
  ['3×3 stride 2', [4, 16, 8, 8], { kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }],
  ['3×3 stride 2 on an odd map', [4, 20, 7, 9], { kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }],
  ['3×3 stride 2 without padding', [4, 16, 8, 7], { kernel: [3, 3], strides: [2, 2] }],
  ['3×3 stride 1', [4, 16, 5, 6], { kernel: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1] }],
  ['2×2 stride 2', [4, 16, 6, 5], { kernel: [2, 2] }],
  ['3×2, unevenly padded', [4, 16, 7, 7], { kernel: [3, 2], strides: [2, 1], pads: [0, 1, 1, 0] }],
  ['5×5 stride 3', [4, 16, 11, 10], { kernel: [5, 5], strides: [3, 3], pads: [2, 2, 2, 2] }],
  ['1×3', [4, 16, 5, 6], { kernel: [1, 3], strides: [1, 1], pads: [0, 1, 0, 1] }],
];

/** The weights [C, C, 1, 1] that leave a map as it is. */
const unit = (channels: number) => tf.reshape(tf.eye(channels), [channels, channels, 1, 1]);

/** A function of named tensors with the gradients of a weighed sum of its outputs. */
function withSlopes(names: readonly string[], fn: (...tensors: tf.Tensor[]) => tf.Tensor): TensorFunction {
  return (inputs) => {
    const { value, grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
      const y = fn(...tensors);
      return tf.sum(
        tf.mul(
          y,
          tf.tensor(
            Float32Array.from({ length: y.size }, (_, i) => weight(i)),
            y.shape,
          ),
        ),
      ) as tf.Scalar;
    })(names.map((name) => inputs[name]!));
    return { value, ...Object.fromEntries(grads.map((grad, i) => [`d_${names[i]}`, grad])) };
  };
}
const weight = (index: number): number => Math.cos(1 + 1.7 * index);

function expectNear(found: Values, expected: Readonly<Record<string, ArrayLike<number>>>, tolerance: number): void {
  for (const [name, numbers] of Object.entries(expected)) {
    const largest = Math.max(...Array.from(numbers, Math.abs));
    const scaled = (values: ArrayLike<number>) => Array.from(values, (number) => number / largest);
    expectClose(scaled(found[name]!), scaled(numbers), tolerance, name);
  }
}

describe.each(RUNS)('%s', (_name, run) => {
  it.each(CONVOLUTIONS)(
    'a convolution %s, and both of its gradients, are those of the plain layout',
    async (_what, x, w, options) => {
      const specs = specsOf({ x, w });
      const values = drawn(specs, new Random(3));
      const fn = withSlopes(['x', 'w'], (image, kernel) => conv2d(image!, kernel!, options));
      expectNear(await run(fn, specs, values), await onEngine('plain')(fn, specs, values), 1e-4);
    },
  );

  it.each(POOLS)('a maximum %s, and its gradient, are those of the plain layout', async (_what, shape, options) => {
    const specs = specsOf({ x: shape, w: [shape[1], shape[1], 1, 1] });
    const values = drawn(specs, new Random(6));
    const fn = withSlopes(['x', 'w'], (image, kernel) => maxPool2d(conv2d(image!, kernel!), options));
    expectNear(await run(fn, specs, values), await onEngine('plain')(fn, specs, values), 1e-4);
  });

  it('of equals the first of a window gets the gradient, as in the plain layout', async () => {
    const specs = specsOf({ x: [4, 16, 7, 6] });
    const levels = new Random(7);
    const values = { x: Float32Array.from({ length: 4 * 16 * 7 * 6 }, () => Math.floor(3 * levels.next()) - 1) };
    const fn = withSlopes(['x'], (x) =>
      maxPool2d(tf.relu(conv2d(x!, unit(16))), { kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
    );
    expectNear(await run(fn, specs, values), await onEngine('plain')(fn, specs, values), 1e-6);
  });

  it('what broadcasts over a map, reduces it or pools it is what the plain layout says', async () => {
    const specs = specsOf({ x: [8, 20, 6, 6], w: [20, 20, 1, 1], channel: [20], map: [8, 20, 1, 1] });
    const values = drawn(specs, new Random(4));
    const fn = withSlopes(Object.keys(specs), (x, w, channel, map) => {
      const wide = tf.reshape(channel!, [1, 20, 1, 1]);
      let y = conv2d(x!, w!) as tf.Tensor;
      y = tf.sub(tf.add(tf.mul(y, wide), wide), tf.mul(map!, 2));
      y = tf.add(tf.sub(map!, y), tf.sub(wide, tf.mul(y, tf.leakyRelu(y))));
      const pooled = maxPool2d(y, { kernel: [2, 2] });
      const sums = tf.add(tf.mean(y, [2, 3]), tf.mul(tf.sum(tf.tanh(y), [0, 2, 3]), 0.1));
      return tf.add(tf.mean(pooled, [2, 3]), tf.relu(sums));
    });
    expectNear(await run(fn, specs, values), await onEngine('plain')(fn, specs, values), 1e-4);
  });

  it.each(Object.entries(NETWORKS))('%s: loss and gradients are those of float64', async (_what, network) => {
    const specs = specsOf(network.shapes);
    const values = drawn(specs, new Random(5));
    const names = Object.keys(network.shapes);
    const tape = new Tape64();
    const leaves = Object.fromEntries(names.map((name) => [name, tape.leaf(network.shapes[name]!, values[name]!)]));
    const value = tape.weighed(network.exact(tape, leaves), weight);
    tape.backward();
    const expected = { value: [value], ...Object.fromEntries(names.map((name) => [`d_${name}`, leaves[name]!.grad])) };
    const fn = withSlopes(names, (...tensors) =>
      network.traced(Object.fromEntries(names.map((name, i) => [name, tensors[i]!]))),
    );
    expectNear(await run(fn, specs, values), expected, 1e-3);
  });
});

interface Network {
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly traced: (t: Record<string, tf.Tensor>) => tf.Tensor;
  readonly exact: (tape: Tape64, t: Record<string, Node64>) => Node64;
}

const NETWORKS: Readonly<Record<string, Network>> = {
  'a residual network with a stride': {
    shapes: {
      x: [16, 3, 9, 9],
      stem: [16, 3, 3, 3],
      g1: [16],
      b1: [16],
      first: [24, 16, 3, 3],
      g2: [24],
      b2: [24],
      second: [24, 24, 3, 3],
      g3: [24],
      b3: [24],
      past: [24, 16, 1, 1],
      g4: [24],
      b4: [24],
    },
    traced: (t) => {
      const stem = tf.relu(batchNorm(conv2d(t.x!, t.stem!, same), t.g1!, t.b1!).y);
      const inner = tf.relu(batchNorm(conv2d(stem, t.first!, { ...same, strides: [2, 2] }), t.g2!, t.b2!).y);
      const outer = batchNorm(conv2d(inner, t.second!, same), t.g3!, t.b3!).y;
      const past = batchNorm(conv2d(stem, t.past!, { strides: [2, 2] }), t.g4!, t.b4!).y;
      return tf.relu(tf.add(outer, past));
    },
    exact: (tape, t) => {
      const stem = tape.relu(tape.batchNorm(tape.conv(t.x!, t.stem!, { pad: 1 }), t.g1!, t.b1!));
      const inner = tape.relu(tape.batchNorm(tape.conv(stem, t.first!, { pad: 1, stride: 2 }), t.g2!, t.b2!));
      const outer = tape.batchNorm(tape.conv(inner, t.second!, { pad: 1 }), t.g3!, t.b3!);
      const past = tape.batchNorm(tape.conv(stem, t.past!, { stride: 2 }), t.g4!, t.b4!);
      return tape.relu(tape.add(outer, past));
    },
  },
  'a plain network without normalisation': {
    shapes: { x: [16, 16, 8, 8], a: [16, 16, 3, 3], b: [32, 16, 3, 3], c: [16, 32, 1, 1] },
    traced: (t) => conv2d(tf.relu(conv2d(tf.relu(conv2d(t.x!, t.a!, same)), t.b!, { ...same, strides: [2, 2] })), t.c!),
    exact: (tape, t) => {
      const first = tape.relu(tape.conv(t.x!, t.a!, { pad: 1 }));
      return tape.conv(tape.relu(tape.conv(first, t.b!, { pad: 1, stride: 2 })), t.c!);
    },
  },
  'a depthwise network': {
    shapes: { x: [16, 20, 7, 7], each: [20, 1, 5, 5], g: [20], b: [20], wide: [40, 20, 1, 1], narrow: [20, 40, 1, 1] },
    traced: (t) => {
      const depthwise = conv2d(t.x!, t.each!, { pads: [2, 2, 2, 2], groups: 20 });
      const inside = tf.relu(conv2d(batchNorm(depthwise, t.g!, t.b!).y, t.wide!));
      return tf.add(t.x!, conv2d(inside, t.narrow!));
    },
    exact: (tape, t) => {
      const depthwise = tape.conv(t.x!, t.each!, { pad: 2, groups: 20 });
      const inside = tape.relu(tape.conv(tape.batchNorm(depthwise, t.g!, t.b!), t.wide!));
      return tape.add(t.x!, tape.conv(inside, t.narrow!));
    },
  },
};

describe('the choice of a layout', () => {
  it('says what it found', async () => {
    const { layout, why } = await chooseLayout();
    const hasBlocks = process.arch === 'x64'; // ONNX Runtime has kernels in blocks for AVX2 and AVX-512
    expect(why).toMatch(hasBlocks ? /agree with the plain layout/ : /kernels|agree/);
    expect(layout === 'plain').toBe(!/agree/.test(why));
  });

  it.each([16, 8] as const)('reads the size of blocks of %i off the order of a tensor', (size) => {
    const blocks = Array.from({ length: 16 / size }, (_, block) =>
      [0, 1].flatMap((pixel) => Array.from({ length: size }, (_, channel) => (block * size + channel) * 2 + pixel)),
    );
    expect(sizeOfBlocks(blocks.flat())).toBe(size);
    expect(sizeOfBlocks(Array.from({ length: 32 }, (_, i) => i))).toBeUndefined();
  });

  it.each([
    [8, 16],
    [16, 8],
  ] as const)('notices blocks of %i where the kernels have blocks of %i', async (size, actual) => {
    expect(await differenceFromPlain(size, writtenOut(size))).toBeLessThan(ROUNDING);
    const difference = await differenceFromPlain(size, writtenOut(size, actual)).catch(() => Infinity);
    expect(difference).toBeGreaterThan(100 * ROUNDING);
  });

  it('writes a training step with its additions and activations inside of convolutions', () => {
    const { shapes, traced } = NETWORKS['a residual network with a stride']!;
    const names = Object.keys(shapes);
    const fn = withSlopes(names, (...tensors) =>
      traced(Object.fromEntries(names.map((name, i) => [name, tensors[i]!]))),
    );
    const { nodes } = compileGraph(trace(fn, specsOf(shapes)), 'blocked16', { standardOnly: false });
    const maps = nodes.filter(({ outputs }) => outputs[0]!.shape.length === 4);
    expect(maps.filter(({ op, domain }) => op === 'Conv' && domain === '')).toEqual([]);
    expect(maps.filter(({ op }) => op === 'Relu')).toEqual([]);
    const convolutions = nodes.filter(({ op, domain }) => op === 'Conv' && domain === NCHWC);
    expect(convolutions.filter(({ attributes }) => attributes.activation === 'Relu')).toHaveLength(3);
    // Two joins forward; backward the stem's and the inner norm's, and the only phase that the shortcut's slope is in.
    expect(convolutions.filter(({ inputs }) => inputs.length === 4)).toHaveLength(4);
    // The two norms behind the last join share its slope, which neither may write over.
    expect(maps.filter(({ op, outputs }) => op === 'Add' && outputs[0]!.type === 'float32')).toHaveLength(2);
  });
});
