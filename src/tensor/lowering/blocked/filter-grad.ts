import type { Value } from '../../graph.js';
import type { Conv2dAttributes } from '../../operations/conv2d.js';
import { isDepthwise } from './conv2d.js';
import { convolve, type Margin, paddedMaps } from './convolve.js';
import type { BlockRule, Forms } from './forms.js';
import { NCHWC } from './nchwc.js';
import { rowIndices, steps } from './row-indices.js';
import { unblockedWeights } from './weights.js';

type Shape4 = readonly [number, number, number, number];

/** Bytes of weights that are met again and again: they shall stay in a core's cache. */
const CACHED = 256 * 1024;
/** Filters and bands that keep several threads busy; where there are fewer, halves of the batch are summed in the end. */
const ENOUGH = 16;
const HALVES = 2;
/** Blocks of outputs that the operator works out at once. */
const AT_ONCE = 4;

/**
 * dW of a convolution is a convolution too, with the batch in the place of the input channels: x is the picture, dY the
 * window that is laid on it at each tap. A stride of the convolution becomes a dilation of that window.
 */
export const blockConv2dFilterGrad: BlockRule = (node, forms) => {
  const window = node.attributes as unknown as Conv2dAttributes;
  const [x, dy] = node.inputs as [Value, Value];
  const w = node.outputs[0]!;
  if (isDepthwise(window.groups, w)) return [{ plain: depthwise(forms, x, dy, window) }];
  if (window.groups !== 1 || window.dilations.some((dilation) => dilation > 1)) return undefined;
  if (x.shape[0]! % forms.size !== 0) return undefined;
  return [{ plain: whole(forms, x, dy, window) }];
};

/** Σ over the maps of x moved by a tap, times dY: depthwise, each map of dY being the window of its map of x. */
function depthwise(forms: Forms, x: Value, dy: Value, { kernel, strides, dilations, pads, groups }: Conv2dAttributes) {
  const { builder: b, size } = forms;
  const image = forms.blocked(x);
  const { blocked: seen, scale } = forms.scaled(dy);
  const [n, channels, height, width] = image.shape as Shape4;
  const maps = n * channels;
  const moved = convolve(
    b,
    b.reshape(image, [1, maps, height, width]),
    b.reshape(seen, [maps, 1, seen.shape[2]!, seen.shape[3]!]),
    kernel,
    {
      strides: dilations,
      dilations: strides,
      pads: fitting(image, seen, { kernel, strides, dilations, pads }),
      groups: maps,
    },
  );
  const perMap = b.reshape(moved, [n, channels / size, kernel[0] * kernel[1], size]);
  const sums = b.transpose(b.reduce('ReduceSum', perMap, [0]), [0, 2, 1]);
  const all = times(forms, b.reshape(sums, [channels, 1, ...kernel]), scale);
  return b.slice(all, [0, 0, 0, 0], [groups, 1, ...kernel]);
}

/** Each output's gradient times its factor, where there is one. */
function times({ builder: b }: Forms, gradient: Value, scale: Value | undefined): Value {
  return scale ? b.times(gradient, b.reshape(scale, [gradient.shape[0]!, 1, 1, 1])) : gradient;
}

/** Pads with which laying dY on x gives as many places as there are taps, and no more. */
function fitting(
  x: Value,
  dy: Value,
  { kernel, strides, dilations, pads }: Omit<Conv2dAttributes, 'groups'>,
): [number, number, number, number] {
  const after = [0, 1].map((axis) => {
    const reach = (dy.shape[2 + axis]! - 1) * strides[axis]! + (kernel[axis]! - 1) * dilations[axis]! + 1;
    return reach - x.shape[2 + axis]! - pads[axis]!;
  });
  return [pads[0], pads[1], after[0]!, after[1]!];
}

/**
 * Each block of channels of x lies in the picture as one band of rows, its channels (the lanes) side by side in every
 * pixel; with fewer channels than a block, x is plain, and each channel is a band of one lane. A band ends in rows of
 * zeros, which are also what is above the next one. The window steps from band to band, and along a row from one number
 * to the next, so that one row of taps comes out as [bands, kw, lanes].
 */
function whole(forms: Forms, x: Value, dy: Value, window: Conv2dAttributes): Value {
  const { builder: b, size } = forms;
  const { kernel, pads } = window;
  const isPlain = x.shape[1]! < size;
  const lanes = isPlain ? 1 : size;
  const seesAPart = !isPlain && kernel.every((taps) => taps === 1) && pads.every((pad) => pad === 0);
  const image = seesAPart ? seenPixels(forms, x, dy, window) : isPlain ? forms.plain(x) : forms.blocked(x);
  const strides = seesAPart ? ([1, 1] as const) : window.strides;
  const [n, channels, height, width] = image.shape as Shape4;
  const [, , tall, wide] = dy.shape as Shape4;
  const below = Math.max(pads[0], (tall - 1) * strides[0] + kernel[0] - pads[0] - height, 0);
  const right = Math.max((wide - 1) * strides[1] + kernel[1] - width - pads[1], 0);
  const band = height + below;
  const across = pads[1] + width + right;
  const margin = [0, pads[1], below, right] as const;
  const padded = isPlain ? paddedPlain(forms, image, margin) : paddedMaps(b, image, margin);
  const blocks = channels / lanes;
  const flat = b.reshape(padded, [1, n, blocks * band, across * lanes]);
  const picture = b.add('ReorderInput', [flat], flat.shape, { domain: NCHWC, attributes: { channels_last: 0 } });

  const isEnough = Math.ceil(dy.shape[1]! / (AT_ONCE * size)) * blocks >= ENOUGH;
  const halves = !isEnough && n % (HALVES * size) === 0 ? HALVES : 1;
  const outputs = halves * forms.padded(dy.shape[1]!);
  const places = across * lanes - (wide - 1) * strides[1] * lanes; // kw · lanes, and what a stride leaves over
  const chunk = rowsAtOnce(forms, dy);
  const parts: Value[][] = Array.from({ length: kernel[0] }, () => []);
  for (let top = 0; top < tall; top += chunk) {
    const rows = Math.min(chunk, tall - top);
    const weights = windowOf(forms, dy, { halves, top, rows });
    for (let tap = 0; tap < kernel[0]; tap++) {
      const start = top * strides[0] + tap - pads[0];
      const above = start > 0 ? band - start : -start; // starts a band early where it can't start further down
      const first = start > 0 ? 1 : 0;
      const bands = Math.floor((blocks * band + above - (rows - 1) * strides[0] - 1) / band) + 1;
      const laid = convolve(b, picture, weights, [bands, places], {
        strides: [band, 1],
        dilations: [strides[0], strides[1] * lanes],
        pads: [above, 0, 0, 0],
        groups: halves,
      });
      const lines = b.reshape(laid, [outputs / size, bands, places * size]);
      const ends = [outputs / size, first + blocks, kernel[1] * lanes * size];
      parts[tap]!.push(b.slice(lines, [0, first, 0], ends));
    }
  }
  const each = outputs / halves;
  const perTap = parts.map((sums) =>
    b.reshape(
      sums.reduce((sum, next) => b.plus(sum, next)),
      [1, halves, each / size, blocks, kernel[1], lanes, size],
    ),
  );
  const all = b.concat(perTap, 0);
  const sums = halves === 1 ? b.reshape(all, all.shape.toSpliced(1, 1)) : b.reduce('ReduceSum', all, [1]); // [kh, O/B, blocks, kw, lanes, B (out)]
  const whole = times(forms, unblockedWeights(forms, sums, kernel), forms.scaled(dy).scale);
  return b.slice(whole, [0, 0, 0, 0], [dy.shape[1]!, x.shape[1]!, ...kernel]);
}

/** The pixels of x that a convolution of one tap sees. */
function seenPixels(forms: Forms, x: Value, dy: Value, { strides }: Conv2dAttributes): Value {
  const image = forms.blocked(x);
  if (strides.every((stride) => stride === 1)) return image;
  const { builder: b, size } = forms;
  const [n, channels, height, width] = image.shape as Shape4;
  const [, , tall, wide] = dy.shape as Shape4;
  const maps = (n * channels) / size;
  const indices = rowIndices(b, [
    steps(maps, height * width),
    steps(tall, strides[0] * width),
    steps(wide, strides[1]),
  ]);
  const rows = b.gather(b.reshape(image, [maps * height * width, size]), indices, 0);
  return b.reshape(rows, [n, channels, tall, wide]);
}

function paddedPlain({ builder: b }: Forms, x: Value, [top, left, bottom, right]: Margin): Value {
  return b.pad(x, [
    [0, 0],
    [0, 0],
    [top, bottom],
    [left, right],
  ]);
}

function rowsAtOnce(forms: Forms, dy: Value): number {
  const [, o, tall, wide] = dy.shape as Shape4;
  const rowBytes = wide * forms.size * Math.min(forms.padded(o), AT_ONCE * forms.size) * 4;
  const most = Math.max(1, Math.floor(CACHED / rowBytes));
  return Math.ceil(tall / Math.ceil(tall / most)); // chunks of about one size
}

/** Some rows of dY as weights [halves · O, N / halves, rows, W]: rows of B numbers, picked by one Gather. */
function windowOf(
  forms: Forms,
  dy: Value,
  { halves, top, rows }: { halves: number; top: number; rows: number },
): Value {
  const { builder: b, size } = forms;
  const { blocked: seen } = forms.scaled(dy);
  const [n, o, tall, wide] = seen.shape as Shape4;
  const map = tall * wide;
  const sample = (o / size) * map;
  const each = n / halves;
  const indices = rowIndices(b, [
    steps(halves, each * sample),
    steps(o / size, map),
    steps(each / size, size * sample),
    steps(rows * wide).map((place) => place + top * wide),
    steps(size, sample),
  ]);
  const picked = b.gather(b.reshape(seen, [n * sample, size]), indices, 0);
  return b.reshape(picked, [halves * o, each, rows, wide]);
}
