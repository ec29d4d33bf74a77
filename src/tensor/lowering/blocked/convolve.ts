import type { Builder } from '../../builder.js';
import type { Value } from '../../graph.js';
import type { Window } from '../../operations/window.js';
import { NCHWC } from './nchwc.js';

type Shape4 = readonly [number, number, number, number];
/** Rows and columns of zeros: top, left, bottom, right. */
export type Margin = readonly [number, number, number, number];

export interface Convolution extends Omit<Window, 'kernel'> {
  readonly groups: number;
  /** Added to the result; it has the result's shape. */
  readonly sum?: Value;
  /** [O] */
  readonly bias?: Value;
}

const ONCE: Convolution = { strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], groups: 1 };

/**
 * ONNX Runtime's convolution in blocks.
 * @param x in blocks; plain where it has fewer channels than a block
 * @param w already in the order that `weights.ts` makes
 */
export function convolve(
  b: Builder,
  x: Value,
  w: Value,
  size: readonly [number, number],
  options: Convolution = ONCE,
): Value {
  const [outputs, , ...kernel] = w.shape as Shape4;
  const { strides, pads, dilations, groups, sum } = options;
  const bias = options.bias ?? (sum && zeros(outputs));
  const inputs = [x, w, ...(bias ? [bias] : []), ...(sum ? [sum] : [])];
  const attributes = { kernel_shape: kernel, strides, pads, dilations, group: groups };
  return b.add('Conv', inputs, [x.shape[0]!, outputs, ...size], { domain: NCHWC, attributes });
}

const zeros = (length: number): Value => ({ shape: [length], type: 'float32', constant: new Float32Array(length) });

/**
 * x · scale + shift (+ sum) along the channels, as a depthwise convolution of one tap: one pass over memory.
 * @param x in blocks
 * @param scale [C']
 * @param shift [C'], zeros where it is missing
 */
export function affineBlocked(b: Builder, x: Value, scale: Value, shift?: Value, sum?: Value): Value {
  const [, channels, height, width] = x.shape as Shape4;
  return convolve(b, x, b.reshape(scale, [channels, 1, 1, 1]), [height, width], {
    ...ONCE,
    groups: channels,
    ...(shift ? { bias: shift } : {}),
    ...(sum ? { sum } : {}),
  });
}

/** Zeros around each map, by a convolution of one tap, which is threaded where Pad is not. */
export function paddedMaps(b: Builder, x: Value, pads: Margin): Value {
  if (pads.every((pad) => pad === 0)) return x;
  const [, c, height, width] = x.shape as Shape4;
  const ones: Value = { shape: [c, 1, 1, 1], type: 'float32', constant: new Float32Array(c).fill(1) };
  const size = [height + pads[0] + pads[2], width + pads[1] + pads[3]] as const;
  return convolve(b, x, ones, size, { ...ONCE, pads, groups: c });
}

/**
 * The sum over each map of a · b, in one pass: a depthwise convolution whose weights are the other tensor.
 * @param x [N, C', H, W] in blocks
 * @param y the same
 * @returns [N, C']
 */
export function dots(b: Builder, x: Value, y: Value): Value {
  const [n, channels, height, width] = x.shape as Shape4;
  const maps = n * channels;
  const image = b.reshape(x, [1, maps, height, width]);
  const weights = b.reshape(y, [maps, 1, height, width]);
  return b.reshape(convolve(b, image, weights, [1, 1], { ...ONCE, groups: maps }), [n, channels]);
}

/** The mean over each map. @returns [N, C'] */
export function mapMeans(b: Builder, x: Value): Value {
  const [n, channels] = x.shape as Shape4;
  return b.reshape(b.add('GlobalAveragePool', [x], [n, channels, 1, 1], { domain: NCHWC }), [n, channels]);
}
