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
/** Entries of a whole matrix: 160 MB. In a large catalogue each row keeps fewer. */
const MOST_ENTRIES = 20_000_000;

/** A square matrix whose rows `fill` adds up one at a time; `finish` turns a sum into the value that is kept. */
export async function buildSparseRows(
  { size, most, signal }: SparseRowsOptions,
  fill: (row: number, add: (column: number, value: number) => void) => void,
  finish: (sum: number, row: number, column: number) => number,
): Promise<SparseRows> {
  const starts = new Uint32Array(size + 1);
  const columns: Uint32Array[] = [];
  const values: Float32Array[] = [];
  const kept = Math.max(1, Math.min(most, Math.floor(MOST_ENTRIES / Math.max(1, size))));
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
    const chosen = largest(touched, sums, kept);
    columns.push(Uint32Array.from(chosen));
    values.push(Float32Array.from(chosen, (column) => sums[column]!));
    starts[row + 1] = starts[row]! + chosen.length;
    for (const column of touched) sums[column] = 0;
    touched = [];
  }
  const joined = { starts, columns: new Uint32Array(starts[size]!), values: new Float32Array(starts[size]!) };
  for (let row = 0; row < size; row++) {
    joined.columns.set(columns[row]!, starts[row]);
    joined.values.set(values[row]!, starts[row]);
  }
  return joined;
}

/** The columns with the largest sums, ties by number. */
function largest(columns: readonly number[], sums: Float64Array, most: number): readonly number[] {
  if (columns.length <= most) return columns;
  const least = Float64Array.from(columns, (column) => sums[column]!).sort()[columns.length - most]!;
  const above = columns.filter((column) => sums[column]! > least);
  const level = columns.filter((column) => sums[column] === least).sort((a, b) => a - b);
  return [...above, ...level.slice(0, most - above.length)];
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
