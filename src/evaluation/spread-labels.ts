import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../errors.js';
import { knn } from './knn.js';
import { countRows, type Rows } from './rows.js';

/** A symmetric graph of rows and their nearest others: D^−½ W D^−½, of which each row is a run of the lists. */
export interface NeighbourGraph {
  readonly count: number;
  /** `[count + 1]`: where each row's entries start in the other two. */
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly weights: Float32Array;
}

/** What a row without a label is marked with. */
export const UNLABELLED = -1;

const NEIGHBOURS = 15;
/** Similarities are raised to this power: a near neighbour says much more than one that is half as near. */
const SHARPNESS = 3;
/** How much of a row's label comes from its neighbours; the rest is what it was given. */
const FLOW = 0.9;
/** Where the conjugate gradients end: the share of the residual that is left, or so many steps. */
const [LEFT, STEPS] = [1e-7, 60];

/**
 * The graph that labels spread along: an edge between two unit rows where one is among the nearest 15 of the other, as
 * heavy as the cube of their similarity. Iscen et al. 2019, "Label Propagation for Deep Semi-supervised Learning",
 * section 3.3. arXiv:1904.04717
 */
export async function neighbourGraph(rows: Rows): Promise<NeighbourGraph> {
  const count = countRows(rows);
  const k = Math.min(NEIGHBOURS, count - 1);
  const found = await knn(rows, rows, k, { leaveOut: (row) => row });
  const lengths = new Int32Array(count).fill(k);
  for (const other of found.rows) lengths[other]!++;
  const starts = new Int32Array(count + 1);
  for (let row = 0; row < count; row++) starts[row + 1] = starts[row]! + lengths[row]!;
  const columns = new Int32Array(starts[count]!);
  const weights = new Float32Array(starts[count]!);
  const filled = starts.slice(0, count);
  const degrees = new Float64Array(count);
  const join = (row: number, other: number, weight: number): void => {
    const at = filled[row]!++;
    columns[at] = other;
    weights[at] = weight;
    degrees[row]! += weight;
  };
  for (let at = 0; at < found.rows.length; at++) {
    const [row, other] = [Math.floor(at / k), found.rows[at]!];
    const weight = Math.max(0, found.similarities[at]!) ** SHARPNESS; // both are each other's: two entries, twice the weight
    join(row, other, weight);
    join(other, row, weight);
  }
  for (let row = 0; row < count; row++)
    for (let at = starts[row]!; at < starts[row + 1]!; at++)
      weights[at]! /= Math.sqrt(degrees[row]! * degrees[columns[at]!]!) || 1;
  return { count, starts, columns, weights };
}

/** How many labels there are, and what ends the work. */
interface SpreadOptions {
  readonly classes: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The likeliest label of each row, where few have one: those that were given stay.
 * @param labels `[count]`, 0 to classes − 1, or −1 for a row without
 * @returns `[count]`; −1 for a row that no label reaches
 * @throws AppError CANCELLED once the signal is aborted
 */
export async function spreadLabels(
  graph: NeighbourGraph,
  labels: Int32Array,
  options: SpreadOptions,
): Promise<Int32Array> {
  const { classes } = options;
  const { values } = await spreadScores(graph, labels, options);
  return labels.map((given, row) => {
    if (given !== UNLABELLED) return given;
    const own = values.subarray(row * classes, (row + 1) * classes);
    const most = own.reduce((a, b) => Math.max(a, b));
    return most > 0 ? own.indexOf(most) : UNLABELLED;
  });
}

/**
 * What reaches each row of each label: (I − 0.9 S) F = Y by conjugate gradients, S the graph and Y the labels that are
 * given. Zhou et al. 2004, "Learning with Local and Global Consistency". Between two labels the event loop has a turn.
 * @returns `[count, classes]`, from 0 up
 */
export async function spreadScores(
  graph: NeighbourGraph,
  labels: Int32Array,
  { classes, signal }: SpreadOptions,
): Promise<Rows> {
  const values = new Float32Array(graph.count * classes);
  for (let label = 0; label < classes; label++) {
    await nextTurn();
    if (signal?.aborted) throw new AppError('CANCELLED', { what: 'Spreading labels' });
    const scores = solve(
      graph,
      Float64Array.from(labels, (own) => Number(own === label)),
    );
    for (let row = 0; row < graph.count; row++) values[row * classes + label] = Math.max(0, scores[row]!);
  }
  return { values, dimension: classes };
}

/** x with (I − 0.9 S) x = y. The matrix is positive definite, since no eigenvalue of S is beyond 1. */
function solve(graph: NeighbourGraph, y: Float64Array): Float64Array {
  const { count } = graph;
  const x = new Float64Array(count);
  const residual = y.slice();
  const direction = y.slice();
  const product = new Float64Array(count);
  let squares = residual.reduce((sum, value) => sum + value * value, 0);
  const enough = squares * LEFT ** 2;
  for (let step = 0; step < STEPS && squares > enough; step++) {
    let curvature = 0;
    for (let row = 0; row < count; row++) {
      let flow = 0;
      for (let at = graph.starts[row]!; at < graph.starts[row + 1]!; at++)
        flow += graph.weights[at]! * direction[graph.columns[at]!]!;
      product[row] = direction[row]! - FLOW * flow;
      curvature += direction[row]! * product[row]!;
    }
    const length = squares / curvature;
    let next = 0;
    for (let row = 0; row < count; row++) {
      x[row]! += length * direction[row]!;
      residual[row]! -= length * product[row]!;
      next += residual[row]! * residual[row]!;
    }
    for (let row = 0; row < count; row++) direction[row] = residual[row]! + (next / squares) * direction[row]!;
    squares = next;
  }
  return x;
}
