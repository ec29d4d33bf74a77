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
/** Boxes stand at every half of a cell. */
const STEP = 0.5;
/** A region is described by so many means across and down, so that a part of it is not taken for the whole. */
const GRID = 2;

/**
 * Finds a region of one sample in another: the region becomes the means of its 2 × 2 quarters, and so does every box of
 * its proportions in the other map, at several scales; the box whose means are most like the region's is the answer. The
 * mean of all cells of both maps is taken off first, since what all cells share says nothing about the place. Cells that
 * a box covers in part count in part.
 * @param region shares of the sample that `query` is the map of
 * @throws RangeError where the maps have different numbers of channels
 */
export function localise(query: FeatureMap, region: Region, target: FeatureMap): Found {
  if (query.channels !== target.channels)
    throw new RangeError(`Expected a map of ${query.channels} channels, received ${target.channels}.`);
  const shared = meanCell([query, target]);
  const wanted = quarters(summed(query, shared), region);
  const sums = summed(target, shared);
  let best: Found = { box: { x: 0, y: 0, width: 1, height: 1 }, score: Number.NEGATIVE_INFINITY };
  for (const box of boxes(region, query, target)) {
    const score = cosine(wanted, quarters(sums, box));
    if (score > best.score) best = { box, score };
  }
  return best;
}

/** Every box that is tried. The map of the target has cells of the same size as the query's. */
function* boxes(region: Region, query: FeatureMap, target: FeatureMap): Generator<Region> {
  for (const scale of SCALES) {
    const width = Math.min(1, (scale * region.width * query.width) / target.width);
    const height = Math.min(1, (scale * region.height * query.height) / target.height);
    for (const y of starts(1 - height, STEP / target.height))
      for (const x of starts(1 - width, STEP / target.width)) yield { x, y, width, height };
  }
}

/** From 0 to `last` in steps, `last` among them. */
function starts(last: number, step: number): number[] {
  const count = Math.floor(last / step + 1e-9) + 1;
  const found = Array.from({ length: count }, (_, i) => i * step);
  return last - found.at(-1)! > 1e-9 ? [...found, last] : found;
}

interface Sums {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** `[height + 1, width + 1, channels]`: sums of all cells above and to the left. */
  readonly values: Float64Array;
}

/** The integral image of a map, after `shared` is taken off each cell. */
function summed({ height, width, channels, cells }: FeatureMap, shared: Float64Array): Sums {
  const values = new Float64Array((height + 1) * (width + 1) * channels);
  const row = (width + 1) * channels;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < channels; c++) {
        const at = (y + 1) * row + (x + 1) * channels + c;
        const cell = cells[(y * width + x) * channels + c]! - shared[c]!;
        values[at] = cell + values[at - row]! + values[at - channels]! - values[at - row - channels]!;
      }
  return { height, width, channels, values };
}

/** The means of the parts of a box, one after the other: `[GRID · GRID · channels]`. */
function quarters(sums: Sums, { x, y, width, height }: Region): Float64Array {
  const out = new Float64Array(GRID * GRID * sums.channels);
  for (let row = 0; row < GRID; row++)
    for (let column = 0; column < GRID; column++) {
      const edges = { left: x + (column * width) / GRID, top: y + (row * height) / GRID };
      const at = (row * GRID + column) * sums.channels;
      for (const [right, down] of [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ] as const) {
        const sign = right === down ? 1 : -1;
        addSumAt(sums, edges.left + (right * width) / GRID, edges.top + (down * height) / GRID, sign, out, at);
      }
    }
  return out; // sums over parts of one size: a cosine does not see that they were not divided by it
}

/** Adds `sign` times the sum of all that lies above and to the left of a point (shares of the map). */
function addSumAt(sums: Sums, x: number, y: number, sign: number, out: Float64Array, at: number): void {
  const { channels, values } = sums;
  const along = (share: number, cells: number) => {
    const place = Math.min(cells, Math.max(0, share * cells));
    const first = Math.min(cells - 1, Math.floor(place));
    return [first, place - first] as const;
  };
  const [[column, right], [row, down]] = [along(x, sums.width), along(y, sums.height)];
  const above = (row * (sums.width + 1) + column) * channels;
  const below = above + (sums.width + 1) * channels;
  for (let c = 0; c < channels; c++) {
    const upper = values[above + c]! * (1 - right) + values[above + channels + c]! * right;
    const lower = values[below + c]! * (1 - right) + values[below + channels + c]! * right;
    out[at + c]! += sign * (upper * (1 - down) + lower * down);
  }
}
