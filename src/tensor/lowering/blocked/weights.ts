import type { Value } from '../../graph.js';
import type { Forms } from './forms.js';

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

/** Weights [O, I, kh, kw] for an input in blocks: in memory [O/B, I/B, taps, B (in), B (out)]. */
export function blockedWeights(forms: Forms, w: Value): Value {
  const { builder: b, size } = forms;
  const whole = filled(forms, w, forms.padded(w.shape[1]!));
  const [o, i, kh, kw] = whole.shape as Shape4;
  const parts = b.reshape(whole, [o / size, size, i / size, size, kh * kw]);
  return b.reshape(b.transpose(parts, [0, 2, 4, 3, 1]), [o, i, kh, kw]);
}

/** Weights [O, I, kh, kw] for a plain input of fewer channels than a block: in memory [O/B, I, taps, B]. */
export function fewInputsWeights(forms: Forms, w: Value): Value {
  const { builder: b, size } = forms;
  const whole = filled(forms, w, w.shape[1]!);
  const [o, i, kh, kw] = whole.shape as Shape4;
  const parts = b.reshape(whole, [o / size, size, i, kh * kw]);
  return b.reshape(b.transpose(parts, [0, 2, 3, 1]), [o, i, kh, kw]);
}

/** Weights [C, 1, kh, kw] of a depthwise convolution: in memory [C/B, taps, B]. */
export function depthwiseWeights(forms: Forms, w: Value): Value {
  const { builder: b, size } = forms;
  const whole = filled(forms, w, 1);
  const [c, , kh, kw] = whole.shape as Shape4;
  return b.reshape(b.transpose(b.reshape(whole, [c / size, size, kh * kw]), [0, 2, 1]), [c, 1, kh, kw]);
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
  const [o, i] = whole.shape as Shape4;
  const chosen = tapsOf(forms, whole, taps);
  const parts = b.reshape(chosen, [o / size, size, i / size, size, taps.length]);
  return b.reshape(b.transpose(parts, [2, 0, 4, 1, 3]), [i, o, ...kernel]);
}

/** The same for a depthwise convolution. */
export function returningDepthwise(
  forms: Forms,
  w: Value,
  taps: readonly number[],
  kernel: readonly [number, number],
): Value {
  const { builder: b } = forms;
  return depthwiseWeights(forms, b.reshape(tapsOf(forms, w, taps), [w.shape[0]!, 1, ...kernel]));
}

/** [O, I, kh, kw] -> [O, I, taps] */
function tapsOf(forms: Forms, w: Value, taps: readonly number[]): Value {
  const { builder: b } = forms;
  const [o, i, kh, kw] = w.shape as Shape4;
  const flat = b.reshape(w, [o, i, kh * kw]);
  const isWhole = taps.length === kh * kw && taps.every((tap, place) => tap === place);
  return isWhole ? flat : b.gather(flat, b.integers(taps), 2);
}
