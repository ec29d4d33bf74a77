import { clampSimilarity, dot, norm, type Vector } from '../core/vectors.js';
import type { FeatureMap } from './encoder.js';
import type { Grid } from './shared-places.js';
import { axesOf, type Whitening } from './whitening.js';

/** How a feature map becomes the vector that is compared: averaged over windows, then each whitening, each time to unit length. */
export interface MapGeometry {
  /** Of the averages: channels × windows. */
  readonly dimension: number;
  /** One after the other: that of the encoder, then that of the index. */
  readonly whitenings: readonly Whitening[];
}

/** Numbers of the vector that comes out. */
export const placeLength = ({ dimension, whitenings }: MapGeometry): number => {
  const last = whitenings.at(-1);
  return last ? axesOf(last) : dimension;
};

/** What the cells of two maps give to the similarity of their pictures. */
export interface SimilarityShares {
  /** Cosine of the two embeddings, in [−1, 1]. */
  readonly similarity: number;
  /** One number a cell, row by row, for each of the two maps: each grid adds up to the similarity. Cells may speak against it. */
  readonly shares: readonly [Grid, Grid];
}

/**
 * Shares the similarity of two pictures out among the cells of each. An embedding is an average of cells, and all that
 * follows is linear but for its length, so the cosine is a sum over pairs of cells, one from each picture; the share of a
 * cell is the sum of its pairs. Stylianou, Souvenir and Pless 2019, "Visualizing Deep Similarity Networks",
 * arXiv:1901.00536, eq. 4; here with the whitening, which they do not have.
 *
 *   cos(a, b) = Σ_p Σ_q ⟨a_p, b_q⟩       a_p = ((w_p ⊙ m_p / |f|) − w_p ⊙ µ) · W / |…|
 *
 * Lengths belong to a whole picture and are the same for all its cells. A whitening takes off its mean: the first one's
 * is taken off each cell as its window has it, so that a cell that looks like the average says nothing.
 * @throws RangeError where a map does not have the channels of the geometry
 */
export function similarityShares(maps: readonly [FeatureMap, FeatureMap], geometry: MapGeometry): SimilarityShares {
  const [one, other] = [poolMap(maps[0], geometry), poolMap(maps[1], geometry)];
  return {
    similarity: clampSimilarity(dot(one.place, other.place)),
    shares: [
      sharesOf(maps[0], one, { geometry, towards: other.place }),
      sharesOf(maps[1], other, { geometry, towards: one.place }),
    ],
  };
}

/** The embedding of a picture by its map: a unit vector, as the encoder and the index make it. */
export const placeOfMap = (map: FeatureMap, geometry: MapGeometry): Vector => poolMap(map, geometry).place;

/** Windows that a cell is averaged into, and with which weight. */
type Windows = readonly (readonly [window: number, weight: number])[];

interface Pooled {
  readonly place: Vector;
  /** What each step was multiplied by to have length 1: the averages first, then each whitening. */
  readonly scales: readonly number[];
  /** Of each cell, row by row. */
  readonly windows: readonly Windows[];
}

function poolMap(map: FeatureMap, { dimension, whitenings }: MapGeometry): Pooled {
  const { channels, cells } = map;
  const side = Math.sqrt(dimension / channels);
  if (!Number.isInteger(side))
    throw new RangeError(`A map of ${channels} channels is not averaged to ${dimension} numbers.`);
  const windows = windowsOf(map, side);
  const averages = new Float64Array(dimension); // [channels, windows], as the network lays them out
  for (const [cell, own] of windows.entries())
    for (const [window, weight] of own)
      for (let c = 0; c < channels; c++) averages[c * side * side + window]! += weight * cells[cell * channels + c]!;
  const scales = [scaleOf(averages)];
  let vector = averages.map((value) => value * scales[0]!);
  for (const whitening of whitenings) {
    const turned = through(vector, whitening);
    const scale = scaleOf(turned);
    scales.push(scale);
    vector = turned.map((value) => value * scale);
  }
  return { place: Float32Array.from(vector), scales, windows };
}

const scaleOf = (vector: Float64Array): number => {
  const length = norm(vector);
  return length > 0 ? 1 / length : 1;
};

/** (v − mean) · matrix */
function through(vector: Float64Array, whitening: Whitening): Float64Array {
  const { dimension, mean, matrix } = whitening;
  const axes = axesOf(whitening);
  const out = new Float64Array(axes);
  for (let i = 0; i < dimension; i++) {
    const value = vector[i]! - mean[i]!;
    for (let j = 0; j < axes; j++) out[j]! += value * matrix[i * axes + j]!;
  }
  return out;
}

/**
 * Goes back from the other picture's embedding to a weight for each number of a cell: no cell passes through a matrix, so
 * the cost is that of one vector, however many cells there are.
 */
function sharesOf(
  { height, width, channels, cells }: FeatureMap,
  { scales, windows }: Pooled,
  { geometry, towards }: { readonly geometry: MapGeometry; readonly towards: Vector },
): Grid {
  const { dimension, whitenings } = geometry;
  let borne = 0; // by each cell
  let weights = Float64Array.from(towards);
  for (let step = whitenings.length; step > 0; step--) {
    const { mean, matrix } = whitenings[step - 1]!;
    const [scale, after] = [scales[step]!, weights];
    const axes = after.length;
    weights = Float64Array.from(mean, (_, i) => scale * dot(matrix.subarray(i * axes, (i + 1) * axes), after));
    // The mean of a later whitening has no place in the picture: all cells bear it alike.
    if (step > 1) borne -= dot(mean, weights) / windows.length;
  }
  const shares = new Float64Array(windows.length).fill(borne);
  const mean = whitenings[0]?.mean;
  const perChannel = dimension / channels;
  for (const [cell, own] of windows.entries())
    for (const [window, weight] of own)
      for (let c = 0; c < channels; c++) {
        const at = c * perChannel + window;
        const seen = cells[cell * channels + c]! * scales[0]! - (mean?.[at] ?? 0);
        shares[cell]! += weight * seen * weights[at]!;
      }
  return { rows: height, columns: width, values: shares };
}

/** Which of `side` × `side` windows each cell falls into: they meet, or overlap by a cell where the map is no multiple of them. */
function windowsOf({ height, width }: FeatureMap, side: number): Windows[] {
  const along = (cells: number) =>
    Array.from({ length: cells }, (_, cell) =>
      Array.from(
        { length: side },
        (_, i) => [Math.floor((i * cells) / side), Math.ceil(((i + 1) * cells) / side)] as const,
      )
        .map(([first, end], i) => ({ i, within: first <= cell && cell < end, weight: 1 / (end - first) }))
        .filter(({ within }) => within),
    );
  const [rows, columns] = [along(height), along(width)];
  return rows.flatMap((down) =>
    columns.map((across) => down.flatMap((y) => across.map((x) => [y.i * side + x.i, y.weight * x.weight] as const))),
  );
}
