import type { Random } from '../core/random.js';
import type { Rows } from './rows.js';

/** Rows with their labels, 0 to classes − 1. */
export interface LabelledRows {
  readonly rows: Rows;
  readonly labels: Int32Array;
}

/** How many classes there are where labels count from 0: some may have no row. */
export const classesOf = (labels: Int32Array): number => 1 + labels.reduce((most, label) => Math.max(most, label), -1);

/** Some of the rows with their labels, in the order given. */
export function pickLabelled({ rows, labels }: LabelledRows, which: readonly number[]): LabelledRows {
  const { values, dimension } = rows;
  const out = new Float32Array(which.length * dimension);
  for (const [to, from] of which.entries())
    out.set(values.subarray(from * dimension, (from + 1) * dimension), to * dimension);
  return { rows: { values: out, dimension }, labels: Int32Array.from(which, (at) => labels[at]!) };
}

/**
 * Numbers of rows in `count` parts, drawn at random: each label's rows are dealt out one to a part, from the first part
 * on, so parts hold a label alike up to one row.
 */
export function splitLabelled(labels: Int32Array, count: number, random: Random): readonly (readonly number[])[] {
  const parts: number[][] = Array.from({ length: count }, () => []);
  const dealt = new Map<number, number>();
  for (const at of random.permutation(labels.length)) {
    const before = dealt.get(labels[at]!) ?? 0;
    dealt.set(labels[at]!, before + 1);
    parts[before % count]!.push(at);
  }
  return parts;
}

/** Numbers of rows, drawn at random: of each label this share, rounded, and one at least. */
export function drawLabelled(labels: Int32Array, share: number, random: Random): readonly number[] {
  const left = new Map<number, number>();
  for (const label of labels) left.set(label, (left.get(label) ?? 0) + 1);
  for (const [label, count] of left) left.set(label, Math.max(1, Math.round(share * count)));
  return [...random.permutation(labels.length)].filter((at) => {
    const wanted = left.get(labels[at]!)!;
    left.set(labels[at]!, wanted - 1);
    return wanted > 0;
  });
}
