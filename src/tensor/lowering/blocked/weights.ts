import type { Value } from '../../graph.js';
import type { Forms } from './forms.js';
import { NCHWC } from './nchwc.js';
import { rowIndices, steps } from './row-indices.js';

type Shape4 = readonly [number, number, number, number];

/** Zeros behind the last output and input channel, so that both fill whole blocks. */
function filled(forms: Forms, w: Value, inputs: number): Value {
  const [o, i] = w.shape as Shape4;
  return forms.builder.pad(w, [
    [0, forms.padded(o) - o],
    [0, inputs - i],
    [0, 0],
    [0, 0],
  ]);
}

/**
 * [N, C, H, W] as rows of B numbers, one for each (N, C/B, H, W) in this order: the runtime's own reordering, which is
 * threaded where Transpose is not. Large weights are ten times as fast so.
 */
function rowsOfBlocks(forms: Forms, w: Value): Value {
  const { builder: b, size } = forms;
  const inBlocks = b.add('ReorderInput', [w], w.shape, { domain: NCHWC, attributes: { channels_last: 0 } });
  return b.reshape(inBlocks, [b.size(w) / size, size]);
}

/** Weights [O, I, kh, kw] for an input in blocks: in memory [O/B, I/B, taps, B (in), B (out)]. */
export function blockedWeights(forms: Forms, w: Value): Value {
  const { builder: b, size } = forms;
  const whole = filled(forms, w, forms.padded(w.shape[1]!));
  const [o, i, kh, kw] = whole.shape as Shape4;
  const taps = kh * kw;
  const rows = rowsOfBlocks(forms, b.reshape(whole, [1, o, i, taps])); // [O/B, I, taps] rows of outputs
  const order = rowIndices(b, [
    steps(o / size, i * taps),
    steps(i / size, size * taps),
    steps(taps),
    steps(size, taps),
  ]);
  return b.reshape(taps === 1 ? rows : b.gather(rows, order, 0), [o, i, kh, kw]);
}

/** Weights [O, I, kh, kw] for a plain input of fewer channels than a block: in memory [O/B, I, taps, B]. */
export function fewInputsWeights(forms: Forms, w: Value): Value {
  const { builder: b } = forms;
  const whole = filled(forms, w, w.shape[1]!);
  const [o, i, kh, kw] = whole.shape as Shape4;
  return b.reshape(rowsOfBlocks(forms, b.reshape(whole, [1, o, i, kh * kw])), whole.shape);
}

/** Weights [C, 1, kh, kw] of a depthwise convolution: in memory [C/B, taps, B]. */
export function depthwiseWeights(forms: Forms, w: Value): Value {
  const { builder: b } = forms;
  const whole = filled(forms, w, 1);
  const [c, , kh, kw] = whole.shape as Shape4;
  return b.reshape(rowsOfBlocks(forms, b.reshape(whole, [1, c, kh, kw])), whole.shape);
}

/**
 * The weights of the way back through some of the taps, in the order they are named: [O, I, kh, kw] becomes
 * [I, O, …kernel] in blocks.
 */
export function returningWeights(
  forms: Forms,
  w: Value,
  taps: readonly number[],
  kernel: readonly [number, number],
): Value {
  const { builder: b, size } = forms;
  const whole = filled(forms, w, forms.padded(w.shape[1]!));
  const [o, i, kh, kw] = whole.shape as Shape4;
  const rows = rowsOfBlocks(forms, whole); // [O, I/B, all taps] rows of inputs
  const each = (i / size) * kh * kw;
  const order = rowIndices(b, [steps(i / size, kh * kw), steps(o / size, size * each), taps, steps(size, each)]);
  return b.reshape(b.gather(rows, order, 0), [i, o, ...kernel]);
}

/** The same for a depthwise convolution. */
export function returningDepthwise(
  forms: Forms,
  w: Value,
  taps: readonly number[],
  kernel: readonly [number, number],
): Value {
  const { builder: b } = forms;
  const [c, , kh, kw] = w.shape as Shape4;
  const chosen = b.gather(b.reshape(w, [c, 1, kh * kw]), b.integers(taps), 2);
  return depthwiseWeights(forms, b.reshape(chosen, [c, 1, ...kernel]));
}

/**
 * The way back from blocks: a gradient by outputs in blocks [kh, O/B, inputs, kw, lanes, B], where the inputs stand in
 * groups of so many lanes, as [O, inputs · lanes, kh, kw].
 */
export function unblockedWeights(forms: Forms, gradient: Value, [kh, kw]: readonly [number, number]): Value {
  const { builder: b, size } = forms;
  const [, blocks, groups, , lanes] = gradient.shape as readonly number[] as [number, number, number, number, number];
  const perGroup = kw * lanes;
  const order = rowIndices(b, [
    steps(blocks, groups * perGroup),
    steps(groups, perGroup),
    steps(lanes),
    steps(kh, blocks * groups * perGroup),
    steps(kw, lanes),
  ]);
  const rows = b.gather(b.reshape(gradient, [b.size(gradient) / size, size]), order, 0);
  const [outputs, inputs] = [blocks * size, groups * lanes];
  const inBlocks = b.reshape(rows, [1, outputs, inputs, kh * kw]);
  const attributes = { channels: outputs, channels_last: 0 };
  const plain = b.add('ReorderOutput', [inBlocks], inBlocks.shape, { domain: NCHWC, attributes });
  return b.reshape(plain, [outputs, inputs, kh, kw]);
}
