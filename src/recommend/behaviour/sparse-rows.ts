import type { History } from './histories.js';
import { decayed, pause } from './source.js';

/** A sparse matrix by rows: row r holds `values[k]` in `columns[k]` for k from `starts[r]` to `starts[r + 1]`. */
export interface SparseRows {
  readonly starts: Uint32Array;
  readonly columns: Uint32Array;
  readonly values: Float32Array;
}

export interface SparseRowsOptions {
  readonly size: number;
  /** Entries a row keeps: its largest. Bounds the memory to size × most. */
  readonly most: number;
  readonly signal?: AbortSignal | undefined;
}

const ROWS_A_TURN = 128;

/** A square matrix whose rows `fill` adds up one at a time; `finish` turns a sum into the value that is kept. */
export async function buildSparseRows(
  { size, most, signal }: SparseRowsOptions,
  fill: (row: number, add: (column: number, value: number) => void) => void,
  finish: (sum: number, row: number, column: number) => number,
): Promise<SparseRows> {
  const starts = new Uint32Array(size + 1);
  const columns: number[] = [];
  const values: number[] = [];
  const sums = new Float64Array(size);
  let touched: number[] = [];
  const add = (column: number, value: number): void => {
    if (sums[column] === 0) touched.push(column);
    sums[column]! += value;
  };
  for (let row = 0; row < size; row++) {
    if (row % ROWS_A_TURN === 0) await pause(signal);
    fill(row, add);
    for (const column of touched) sums[column] = finish(sums[column]!, row, column);
    if (touched.length > most) touched.sort((a, b) => sums[b]! - sums[a]! || a - b);
    for (const column of touched.slice(0, most)) {
      columns.push(column);
      values.push(sums[column]!);
    }
    for (const column of touched) sums[column] = 0;
    touched = [];
    starts[row + 1] = columns.length;
  }
  return { starts, columns: Uint32Array.from(columns), values: Float32Array.from(values) };
}

/** Adds up the rows of a history's items, each with its decayed weight, into `into`. */
export function addRows(
  { starts, columns, values }: SparseRows,
  history: History,
  into: Float32Array,
  { decay, last }: { readonly decay: number; readonly last?: number },
): void {
  into.fill(0);
  for (const { item, weight } of decayed(history, decay, last)) {
    for (let k = starts[item]!; k < starts[item + 1]!; k++) into[columns[k]!]! += weight * values[k]!;
  }
}
