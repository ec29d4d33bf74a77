import type { Random } from '../core/random.js';
import { type Interval, interval } from './interval.js';
import { knn, knnAccuracy } from './knn.js';
import { linearProbe } from './linear-probe.js';
import { retrieval } from './retrieval.js';
import { countRows, type Rows } from './rows.js';

/** How well features tell labelled pictures apart; the labels are seen here only. Shares from 0 to 1. */
export interface Judged {
  /** Pictures whose nearest other picture has their label. */
  readonly recallAt1: Interval;
  /** Pictures with their label among the nearest five. */
  readonly recallAt5: number;
  /** Over the whole ranking. */
  readonly meanAveragePrecision: number;
  /** Pictures whose label is the majority among their nearest others (20, or fewer where there are fewer). */
  readonly knn: Interval;
  /** Of the half that a linear classifier did not see. */
  readonly linear: Interval;
}

const NEIGHBOURS = 20;

/**
 * Every picture whose label another one has is a query among all others; a linear classifier learns from one half and is tested on the other, each
 * label being halved. Intervals hold the figure in 95% of such samples (bootstrap over the queries).
 * @param rows unit rows, one a picture
 * @param labels 0 to classes − 1
 * @throws RangeError with fewer than 4 rows, or where no two have the same label
 */
export async function judgeLabelled(rows: Rows, labels: Int32Array, random: Random): Promise<Judged> {
  const count = countRows(rows);
  if (count < 4) throw new RangeError(`Expected 4 rows or more, received ${count}.`);
  const k = Math.min(NEIGHBOURS, count - 1);
  const leaveOut = (query: number) => query;
  const found = await knn(rows, rows, k, { leaveOut });
  const one = (query: number, depth: number): number => {
    const first = found.rows.subarray(query * k, query * k + depth);
    const own = { k: depth, rows: first, similarities: found.similarities.subarray(query * k, query * k + depth) };
    return knnAccuracy(own, depth, [labels[query]!], labels);
  };
  const asking = withCompany(labels);
  const each = (depth: number) => Float64Array.from(asking, (query) => one(query, depth));
  const ranked = await retrieval(rows, rows, { queries: labels, gallery: labels }, { leaveOut });
  const { learn, test } = halved(labels, random.fork('halves'));
  const pick = (which: readonly number[]) => ({ rows: picked(rows, which), labels: which.map((at) => labels[at]!) });
  const [taught, asked] = [pick(learn), pick(test)];
  const predicted = linearProbe(taught.rows, taught.labels).predict(asked.rows);
  const right = Float64Array.from(predicted, (label, i) => Number(label === asked.labels[i]));
  return {
    recallAt1: interval(each(1), random.fork('recall')),
    recallAt5: ranked.recallAt5,
    meanAveragePrecision: ranked.meanAveragePrecision,
    knn: interval(each(k), random.fork('knn')),
    linear: interval(right, random.fork('linear')),
  };
}

/** The pictures that have something to find: another one with their label. */
function withCompany(labels: Int32Array): number[] {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Array.from(labels, (_, query) => query).filter((query) => counts.get(labels[query]!)! > 1);
}

/** Each label's pictures in two halves, drawn at random; the odd one is learnt from. */
function halved(labels: Int32Array, random: Random): { readonly learn: number[]; readonly test: number[] } {
  const [learn, test]: [number[], number[]] = [[], []];
  const taken = new Map<number, number>();
  for (const at of random.permutation(labels.length)) {
    const before = taken.get(labels[at]!) ?? 0;
    taken.set(labels[at]!, before + 1);
    (before % 2 === 0 ? learn : test).push(at);
  }
  return { learn, test };
}

function picked({ values, dimension }: Rows, which: readonly number[]): Rows {
  const out = new Float32Array(which.length * dimension);
  for (const [to, from] of which.entries())
    out.set(values.subarray(from * dimension, (from + 1) * dimension), to * dimension);
  return { values: out, dimension };
}
