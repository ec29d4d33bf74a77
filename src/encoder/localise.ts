import type { Region } from '../core/region.js';
import { cosine } from '../core/vectors.js';
import type { FeatureMap } from './encoder.js';
import { meanCell } from './shared-places.js';

/** Where something was found in a sample: shares of its sides, and the cosine similarity of what lies there. */
export interface Found {
  readonly box: Region;
  /** In [−1, 1]. */
  readonly score: number;
}

/** Sides of the boxes that are tried, as multiples of the region's. */
const SCALES = [0.5, Math.SQRT1_2, 1, Math.SQRT2, 2];
/** Boxes stand at every half of a cell, or at every 16th of their sides where that is more. */
const STEP = 0.5;
const OF_SIDE = 1 / 16;
/** A region is described by so many means across and down, so that a part of it is not taken for the whole. */
const GRID = 3;

/**
 * Finds a region of one sample in another: the region becomes the means of its 3 × 3 parts, and so does every box of
 * its proportions in the other map, at several scales; the box whose means are most like the region's is the answer.
 * A channel is measured in standard deviations from its mean over all cells of both maps: what all cells share says nothing
 * about the place, and the stages of a network have channels of different strength. Cells that a box covers in part count
 * in part.
 * @param region shares of the sample that `query` is the map of
 * @throws RangeError where the maps have different numbers of channels
 */
export function localise(query: FeatureMap, region: Region, target: FeatureMap): Found {
  if (query.channels !== target.channels)
    throw new RangeError(`Expected a map of ${query.channels} channels, received ${target.channels}.`);
  const usual = usualCell([query, target]);
  const wanted = partsOf(bandsOf(summed(query, usual), region.y, region.height), region.x, region.width);
  const sums = summed(target, usual);
  const parts = new Float64Array(wanted.length);
  let best: Found = { box: { x: 0, y: 0, width: 1, height: 1 }, score: Number.NEGATIVE_INFINITY };
  for (const scale of SCALES) {
    const width = Math.min(1, (scale * region.width * query.width) / target.width);
    const height = Math.min(1, (scale * region.height * query.height) / target.height);
    for (const y of starts(1 - height, Math.max(STEP / target.height, OF_SIDE * height))) {
      const bands = bandsOf(sums, y, height);
      for (const x of starts(1 - width, Math.max(STEP / target.width, OF_SIDE * width))) {
        const score = cosine(wanted, partsOf(bands, x, width, parts));
        if (score > best.score) best = { box: { x, y, width, height }, score };
      }
    }
  }
  return best;
}

/** From 0 to `last` in steps, `last` among them. */
function starts(last: number, step: number): number[] {
  const count = Math.floor(last / step + 1e-9) + 1;
  const found = Array.from({ length: count }, (_, i) => i * step);
  return last - found.at(-1)! > 1e-9 ? [...found, last] : found;
}

/** What the cells of some maps have in common, by channel: `[channels]` each. */
interface Usual {
  readonly mean: Float64Array;
  /** One by the standard deviation; 0 for a channel that says the same everywhere. */
  readonly weight: Float64Array;
}

function usualCell(maps: readonly FeatureMap[]): Usual {
  const mean = meanCell(maps);
  const variance = new Float64Array(mean.length);
  const count = maps.reduce((sum, { width, height }) => sum + width * height, 0);
  for (const { cells } of maps)
    for (let i = 0; i < cells.length; i++) {
      const c = i % mean.length;
      variance[c]! += (cells[i]! - mean[c]!) ** 2 / count;
    }
  return { mean, weight: variance.map((each, c) => (each > 1e-12 * mean[c]! ** 2 ? 1 / Math.sqrt(each) : 0)) };
}

interface Sums {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** `[height + 1, width + 1, channels]`: sums of all cells above and to the left. */
  readonly values: Float64Array;
}

/** The integral image of a map (Crow 1984), its cells measured against the usual one. */
function summed({ height, width, channels, cells }: FeatureMap, { mean, weight }: Usual): Sums {
  const values = new Float64Array((height + 1) * (width + 1) * channels);
  const row = (width + 1) * channels;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < channels; c++) {
        const at = (y + 1) * row + (x + 1) * channels + c;
        const cell = (cells[(y * width + x) * channels + c]! - mean[c]!) * weight[c]!;
        values[at] = cell + values[at - row]! + values[at - channels]! - values[at - row - channels]!;
      }
  return { height, width, channels, values };
}

/** The lines of a box, one upon the other: of each, `[width + 1, channels]`, the sums of all cells to the left. */
interface Bands {
  readonly width: number;
  readonly channels: number;
  readonly values: readonly Float64Array[];
}

/** A box from `y` on, cut into `GRID` bands; shares of the height. */
function bandsOf({ height, width, channels, values }: Sums, y: number, extent: number): Bands {
  const length = (width + 1) * channels;
  const bands = Array.from({ length: GRID }, (_, band) => {
    const [upper, upperShare] = between(y + (band * extent) / GRID, height);
    const [lower, lowerShare] = between(y + ((band + 1) * extent) / GRID, height);
    const [from, to] = [upper * length, lower * length];
    const out = new Float64Array(length);
    for (let i = 0; i < length; i++)
      out[i] =
        values[to + i]! * (1 - lowerShare) +
        values[to + length + i]! * lowerShare -
        values[from + i]! * (1 - upperShare) -
        values[from + length + i]! * upperShare;
    return out;
  });
  return { width, channels, values: bands };
}

/**
 * The sums over the parts of a box, one after the other: `[GRID · GRID · channels]`. They stand for means: all parts are
 * of one size, and a cosine does not see that they were not divided by it.
 */
function partsOf(
  { width, channels, values }: Bands,
  x: number,
  extent: number,
  out = new Float64Array(GRID * GRID * channels),
): Float64Array {
  for (let column = 0; column < GRID; column++) {
    const [left, leftShare] = between(x + (column * extent) / GRID, width);
    const [right, rightShare] = between(x + ((column + 1) * extent) / GRID, width);
    const [from, to] = [left * channels, right * channels];
    for (let row = 0; row < GRID; row++) {
      const band = values[row]!;
      const at = (row * GRID + column) * channels;
      for (let c = 0; c < channels; c++)
        out[at + c] =
          band[to + c]! * (1 - rightShare) +
          band[to + channels + c]! * rightShare -
          band[from + c]! * (1 - leftShare) -
          band[from + channels + c]! * leftShare;
    }
  }
  return out;
}

/** The last edge of a cell at or before a place (a share of the side), and how far from it to the next the place lies. */
function between(place: number, cells: number): readonly [edge: number, share: number] {
  const exact = Math.min(cells, Math.max(0, place * cells));
  const edge = Math.min(cells - 1, Math.floor(exact));
  return [edge, exact - edge];
}
