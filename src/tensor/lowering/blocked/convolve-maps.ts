import type { Value } from '../../graph.js';
import { type Convolution, convolve, paddedMaps } from './convolve.js';
import type { Forms } from './forms.js';
import { rowIndices, steps } from './row-indices.js';

type Shape4 = readonly [number, number, number, number];

/** Results a row up to which the operator has too little to do with each weight that it loads. */
const NARROW = 4;
/** Maps from which on there is something to put side by side. */
const MANY = 8;

/**
 * A convolution in blocks that is fast on narrow maps too. The operator goes through all weights once for each row of
 * results: where a row has a few only, the maps of the batch lie side by side, column by column (the first columns of
 * all maps, then the second ones, …), and a step along a row becomes a dilation by the batch.
 * @param x [N, C', H, W] in blocks
 * @param w as `blockedWeights` makes it
 */
export function convolveMaps(
  forms: Forms,
  x: Value,
  w: Value,
  size: readonly [number, number],
  options: Convolution,
): Value {
  const { builder: b } = forms;
  const { strides, pads, dilations, groups } = options;
  const [n, channels, height, width] = x.shape as Shape4;
  if (groups !== 1 || size[1] > NARROW || n < MANY || strides.some((stride) => stride > 1))
    return convolve(b, x, w, size, options);
  const [top, left, bottom, right] = pads;
  const beside = paddedMaps(b, sideBySide(forms, x), [0, left * n, 0, right * n]);
  const made = convolve(
    b,
    b.reshape(beside, [1, channels, height, (left + width + right) * n]),
    w,
    [size[0], size[1] * n],
    {
      ...options,
      pads: [top, 0, bottom, 0],
      dilations: [dilations[0], dilations[1] * n],
    },
  );
  return apart(forms, made, [n, w.shape[0]!, ...size]);
}

/** [N, C', H, W] in blocks as [1, C', H, W·N]. */
function sideBySide({ builder: b, size }: Forms, x: Value): Value {
  const [n, channels, height, width] = x.shape as Shape4;
  const map = height * width;
  const blocks = channels / size;
  const order = rowIndices(b, [steps(blocks, map), steps(height, width), steps(width), steps(n, blocks * map)]);
  const rows = b.gather(b.reshape(x, [n * blocks * map, size]), order, 0);
  return b.reshape(rows, [1, channels, height, width * n]);
}

/** The way back. */
function apart({ builder: b, size }: Forms, x: Value, shape: Shape4): Value {
  const [n, channels, height, width] = shape;
  const row = width * n;
  const blocks = channels / size;
  const order = rowIndices(b, [steps(n), steps(blocks, height * row), steps(height, row), steps(width, n)]);
  return b.reshape(b.gather(b.reshape(x, [blocks * height * row, size]), order, 0), shape);
}
