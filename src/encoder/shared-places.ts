import { dot, unit, type Vector } from '../core/vectors.js';
import type { FeatureMap } from './encoder.js';

/** Numbers on a grid over a sample, row by row. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

/** Cells are compared in windows of so many each way: a cell alone says too little of a shape. */
const WINDOW = 2;
/** Multiplications that comparing all cells may take, some 20 ms; larger maps are averaged to coarser ones. */
const MOST_WORK = 16e6;
/** What is this much alike counts as the same thing, however much of the pictures is. */
const THE_SAME = 0.75;
/** Where the best place stands out by less than this, it is shown paler. */
const CLEARLY = 0.25;

/**
 * What of each picture is found again anywhere in the other. A cell has the similarity of the best pair of windows, one
 * around it and one in the other map: the mean of the cosines of their cells, in [−1, 1]. The mean of all cells of both
 * maps is taken off first, as `localise` does. The embedding has no part in this, so that a thing which has moved is
 * still found.
 * @throws RangeError where the maps have different numbers of channels
 */
export function sharedPlaces(maps: readonly [FeatureMap, FeatureMap]): readonly [Grid, Grid] {
  if (maps[0].channels !== maps[1].channels)
    throw new RangeError(`Expected a map of ${maps[0].channels} channels, received ${maps[1].channels}.`);
  const [one, other] = maps.map(coarse) as [FeatureMap, FeatureMap];
  const shared = meanCell([one, other]);
  const [from, to] = [directions(one, shared), directions(other, shared)];
  const cosines = from.map((cell) => Float64Array.from(to, (each) => dot(cell, each)));
  const side = Math.min(WINDOW, one.height, one.width, other.height, other.width);
  const best = [one, other].map(({ height, width }) => new Float64Array(height * width).fill(-1)) as [
    Float64Array,
    Float64Array,
  ];
  const [windows, others] = [windowsOf(one, side), windowsOf(other, side)];
  for (const window of windows)
    for (const opposite of others) {
      const sum = window.reduce((total, cell, i) => total + cosines[cell]![opposite[i]!]!, 0);
      const likeness = sum / window.length;
      for (const cell of window) best[0][cell] = Math.max(best[0][cell]!, likeness);
      for (const cell of opposite) best[1][cell] = Math.max(best[1][cell]!, likeness);
    }
  return [gridOf(one, best[0]), gridOf(other, best[1])];
}

/**
 * The same as heat in [0, 1]: by how much each cell is more alike than half of its picture. In pictures that are alike all
 * over everything is hot, and in pictures without a clear match nothing is.
 */
export function standingOut(grids: readonly [Grid, Grid]): readonly [Grid, Grid] {
  const above = grids.map(({ values }) => {
    const usual = Math.min(THE_SAME, Math.max(0, median(values)));
    return values.map((value) => Math.max(0, value - usual));
  });
  const peak = Math.max(CLEARLY, ...above.flatMap((values) => [...values]));
  return grids.map((grid, i) => ({ ...grid, values: above[i]!.map((value) => value / peak) })) as [Grid, Grid];
}

const median = (values: Float64Array): number => values.toSorted()[(values.length - 1) >> 1]!;
const gridOf = ({ height, width }: FeatureMap, values: Float64Array): Grid => ({
  rows: height,
  columns: width,
  values,
});

/** The map with squares of cells averaged, so far that comparing all cells stays within bounds. */
function coarse(map: FeatureMap): FeatureMap {
  const { height, width, channels, cells } = map;
  let square = 1;
  while ((Math.ceil(height / square) * Math.ceil(width / square)) ** 2 * channels > MOST_WORK) square++;
  if (square === 1) return map;
  const [rows, columns] = [Math.ceil(height / square), Math.ceil(width / square)];
  const sums = new Float32Array(rows * columns * channels);
  for (let cell = 0; cell < height * width; cell++) {
    const [row, column] = [Math.floor(cell / width / square), Math.floor((cell % width) / square)];
    for (let c = 0; c < channels; c++) sums[(row * columns + column) * channels + c]! += cells[cell * channels + c]!;
  }
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const count = Math.min(square, height - row * square) * Math.min(square, width - column * square);
      const at = (row * columns + column) * channels;
      for (let c = 0; c < channels; c++) sums[at + c]! /= count;
    }
  return { height: rows, width: columns, channels, cells: sums };
}

/** The mean of all cells of some maps: `[channels]`. */
export function meanCell(maps: readonly FeatureMap[]): Float64Array {
  const mean = new Float64Array(maps[0]!.channels);
  const count = maps.reduce((sum, { width, height }) => sum + width * height, 0);
  for (const { cells } of maps) for (let i = 0; i < cells.length; i++) mean[i % mean.length]! += cells[i]! / count;
  return mean;
}

/** Each cell as a unit vector from what all share. */
const directions = ({ height, width, channels, cells }: FeatureMap, shared: Float64Array): Vector[] =>
  Array.from({ length: height * width }, (_, cell) =>
    unit(Float64Array.from(shared, (mean, c) => cells[cell * channels + c]! - mean)),
  );

/** The cells of every window, row by row. */
function windowsOf({ height, width }: FeatureMap, side: number): number[][] {
  const windows: number[][] = [];
  for (let y = 0; y + side <= height; y++)
    for (let x = 0; x + side <= width; x++)
      windows.push(Array.from({ length: side * side }, (_, i) => (y + Math.floor(i / side)) * width + x + (i % side)));
  return windows;
}
