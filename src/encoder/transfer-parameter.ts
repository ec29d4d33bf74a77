import { AppError } from '../errors.js';
import type { ParameterSpec } from './block.js';

/**
 * The values of a parameter for pictures of another shape. A convolution of pixels learnt on one channel is shared out
 * over many, and one of many channels is summed up for one, so that a grey picture gives what it gave; a grid of places
 * is interpolated. Everything else stays as it is.
 * @throws AppError PARAMETERS_INVALID where there is no way
 */
export function transferParameter(values: Float32Array, from: ParameterSpec, to: ParameterSpec): Float32Array {
  const [before, after] = [from.follows, to.follows];
  if (before && after && 'channels' in before && 'channels' in after && before.channels !== after.channels)
    return otherChannels(values, from, before.channels, after.channels);
  if (before && after && 'grid' in before && 'grid' in after) return otherGrid(values, before.grid, after.grid);
  if (from.shape.length !== to.shape.length || from.shape.some((length, axis) => length !== to.shape[axis]))
    throw new AppError('PARAMETERS_INVALID', {
      why: `"${to.name}" is [${from.shape.join(', ')}], not [${to.shape.join(', ')}]`,
    });
  return values;
}

/** [O, squares · before, taps…] -> [O, squares · after, taps…] */
function otherChannels(values: Float32Array, from: ParameterSpec, before: number, after: number): Float32Array {
  if (before !== 1 && after !== 1)
    throw new AppError('PARAMETERS_INVALID', {
      why: `its network reads ${before} channels, and can go on with 1 or ${before}, not with ${after}`,
    });
  const [outputs, inputs, ...taps] = from.shape as readonly [number, number, ...number[]];
  const each = taps.reduce((product, length) => product * length, 1);
  const rows = (outputs * inputs) / before; // one for each output and square
  const out = new Float32Array(rows * after * each);
  for (let row = 0; row < rows; row++)
    for (let old = 0; old < before; old++)
      for (let channel = 0; channel < after; channel++)
        for (let tap = 0; tap < each; tap++)
          out[(row * after + channel) * each + tap]! += values[(row * before + old) * each + tap]! / after;
  return out;
}

type Grid = readonly [number, number];

/** [rows · columns, D], each place of the new grid between the four that are nearest to it in the old one. */
function otherGrid(values: Float32Array, before: Grid, after: Grid): Float32Array {
  const width = values.length / (before[0] * before[1]);
  const out = new Float32Array(after[0] * after[1] * width);
  const along = (place: number, axis: 0 | 1) => {
    const exact = Math.max(0, Math.min(before[axis] - 1, ((place + 0.5) * before[axis]) / after[axis] - 0.5));
    const low = Math.floor(exact);
    return { low, high: Math.min(low + 1, before[axis] - 1), share: exact - low };
  };
  for (let row = 0; row < after[0]; row++)
    for (let column = 0; column < after[1]; column++) {
      const [y, x] = [along(row, 0), along(column, 1)];
      for (let i = 0; i < width; i++) {
        const at = (r: number, c: number) => values[(r * before[1] + c) * width + i]!;
        const top = at(y.low, x.low) * (1 - x.share) + at(y.low, x.high) * x.share;
        const bottom = at(y.high, x.low) * (1 - x.share) + at(y.high, x.high) * x.share;
        out[(row * after[1] + column) * width + i] = top * (1 - y.share) + bottom * y.share;
      }
    }
  return out;
}
