import { Random } from '../core/random.js';
import { chosenHead } from './choose-head.js';
import { type FewLabels, fewLabels } from './few-labels.js';
import { type Interval, interval } from './interval.js';
import { knn, knnAccuracy } from './knn.js';
import { retrieval } from './retrieval.js';
import { countRows, type Rows } from './rows.js';
import { classesOf, pickLabelled, splitLabelled } from './split-labelled.js';

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
  /** The same half with 1% and 10% of the labels of the other; without what there are too few pictures for. */
  readonly few: readonly FewLabels[];
}

/** What was judged: a model, its network before it learnt, or a way of comparing pixels, by its name. */
export interface JudgedRow extends Judged {
  readonly what: string;
  readonly kind: 'model' | 'untrained' | 'pixels';
}

/** 1 where a picture was answered rightly, 0 where not: the same pictures in the same order for any features. */
export interface Outcomes {
  readonly recallAt1: Float64Array;
  readonly knn: Float64Array;
  readonly linear: Float64Array;
}

export interface JudgeOptions {
  /** Which half a linear classifier sees, and what intervals are drawn from: equal seeds give comparable figures. */
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

const NEIGHBOURS = 20;

/**
 * Every picture whose label another one has is a query among all others; a linear classifier learns from one half and is tested on the other, each
 * label being halved. Intervals hold the figure in 95% of such samples (bootstrap over the queries).
 * @param rows unit rows, one a picture
 * @param labels 0 to classes − 1
 * @throws RangeError with fewer than 4 rows, or where no two have the same label
 * @throws AppError CANCELLED once the signal is aborted
 */
export async function judgeLabelled(rows: Rows, labels: Int32Array, { seed, signal }: JudgeOptions): Promise<Judged> {
  const outcomes = await judgeOutcomes(rows, labels, { seed, signal });
  const leaveOut = (query: number) => query;
  const ranked = await retrieval(rows, rows, { queries: labels, gallery: labels }, { leaveOut });
  const random = new Random(seed);
  const { taught, asked } = halved(rows, labels, seed);
  return {
    recallAt1: interval(outcomes.recallAt1, random.fork('recall')),
    recallAt5: ranked.recallAt5,
    meanAveragePrecision: ranked.meanAveragePrecision,
    knn: interval(outcomes.knn, random.fork('knn')),
    linear: interval(outcomes.linear, random.fork('linear')),
    few: await fewLabels(taught, asked, random.fork('few'), signal),
  };
}

/**
 * What `judgeLabelled` takes the mean of, picture by picture: two models compare by the differences of these.
 * @throws RangeError with fewer than 4 rows
 * @throws AppError CANCELLED once the signal is aborted
 */
export async function judgeOutcomes(rows: Rows, labels: Int32Array, { seed, signal }: JudgeOptions): Promise<Outcomes> {
  const count = countRows(rows);
  if (count < 4) throw new RangeError(`Expected 4 rows or more, received ${count}.`);
  const k = Math.min(NEIGHBOURS, count - 1);
  const found = await knn(rows, rows, k, { leaveOut: (query) => query });
  const one = (query: number, depth: number): number => {
    const first = found.rows.subarray(query * k, query * k + depth);
    const own = { k: depth, rows: first, similarities: found.similarities.subarray(query * k, query * k + depth) };
    return knnAccuracy(own, depth, [labels[query]!], labels);
  };
  const asking = withCompany(labels);
  const each = (depth: number) => Float64Array.from(asking, (query) => one(query, depth));
  const { taught, asked } = halved(rows, labels, seed);
  const random = new Random(seed).fork('linear-folds');
  const head = await chosenHead(taught, { classes: classesOf(taught.labels), random, signal });
  const predicted = await head.predict(asked.rows);
  return {
    recallAt1: each(1),
    knn: each(k),
    linear: Float64Array.from(predicted, (label, i) => Number(label === asked.labels[i])),
  };
}

/** The half that is learnt from, which gets the odd one of a label, and the half that is asked about. */
function halved(rows: Rows, labels: Int32Array, seed: number) {
  const [learn = [], test = []] = splitLabelled(labels, 2, new Random(seed).fork('halves'));
  return { taught: pickLabelled({ rows, labels }, learn), asked: pickLabelled({ rows, labels }, test) };
}

/** The pictures that have something to find: another one with their label. */
function withCompany(labels: Int32Array): number[] {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Array.from(labels, (_, query) => query).filter((query) => counts.get(labels[query]!)! > 1);
}
