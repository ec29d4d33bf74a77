import type { Random } from '../core/random.js';
import { fitTemperature, logLoss } from './calibration.js';
import { type LinearProbe, linearProbe } from './linear-probe.js';
import type { Rows } from './rows.js';
import { type LabelledRows, pickLabelled, splitLabelled } from './split-labelled.js';

export interface FitOptions {
  readonly classes: number;
  readonly random: Random;
  readonly signal?: AbortSignal | undefined;
  /** Heads fitted so far, and how many there will be. */
  readonly onFit?: (done: number, total: number) => void;
}

/** A weight decay, and what heads with it say of rows that they did not learn from. */
export interface TriedDecay {
  readonly decay: number;
  readonly logits: Rows;
  /** What makes those scores likeliest. */
  readonly temperature: number;
  /** Mean −log of the probability of the right label, with that temperature and without. */
  readonly loss: number;
  readonly plainLoss: number;
}

/** Numbers of rows, each in one fold. */
export type Folds = readonly (readonly number[])[];

const DECAYS = [1e-3, 1e-2, 1e-1, 1, 10] as const;
const UNTRIED = 0.1;
const FOLDS = 5;

/** Five folds, or as many as the rarest class has rows, but two at least. */
export function foldsOf(labels: Int32Array, { classes, random }: Pick<FitOptions, 'classes' | 'random'>): Folds {
  const counts = new Int32Array(classes);
  for (const label of labels) counts[label]!++;
  return splitLabelled(
    labels,
    Math.max(2, Math.min(FOLDS, ...counts.filter((count) => count > 0))),
    random.fork('folds'),
  );
}

/** Those that are tried, and the one that then learns from all rows. */
export const headsToFit = (folds: Folds): number => DECAYS.length * folds.length + 1;

export const fitHead = (
  { rows, labels }: LabelledRows,
  decay: number,
  { classes, signal }: Pick<FitOptions, 'classes' | 'signal'>,
): Promise<LinearProbe> => linearProbe(rows, labels, { decay, classes, signal, scaling: 'all' });

/**
 * Tries each weight decay by cross-validation.
 * @param given rows of each label from 0 to classes − 1
 * @throws AppError CANCELLED once the signal is aborted
 */
export async function tryDecays(
  given: LabelledRows,
  folds: Folds,
  options: FitOptions,
): Promise<readonly TriedDecay[]> {
  const { classes, onFit } = options;
  const { labels } = given;
  const tried: TriedDecay[] = [];
  let done = 0;
  for (const decay of DECAYS) {
    const values = new Float32Array(labels.length * classes);
    for (const fold of folds) {
      onFit?.(done++, headsToFit(folds));
      const head = await fitHead(pickLabelled(given, without(fold, labels.length)), decay, options);
      placeRows(values, await head.logits(pickLabelled(given, fold).rows), fold);
    }
    const logits = { values, dimension: classes };
    const temperature = fitTemperature(logits, labels);
    const [loss, plainLoss] = [logLoss(logits, labels, temperature), logLoss(logits, labels)];
    tried.push({ decay, logits, temperature, loss, plainLoss });
  }
  return tried;
}

/** The one that gives held-out rows the likeliest labels. */
export const likeliest = (tried: readonly TriedDecay[]): TriedDecay =>
  tried.reduce((best, one) => (one.loss < best.loss ? one : best));

/** The weight decay for these rows, by folds of them; 0.1 where each label has one row, and so none can be held out. */
export async function chosenDecay(given: LabelledRows, options: FitOptions): Promise<number> {
  const folds = foldsOf(given.labels, options).filter((fold) => fold.length > 0);
  return folds.length < 2 ? UNTRIED : likeliest(await tryDecays(given, folds, options)).decay;
}

/** Writes rows to the places that these numbers name. */
export function placeRows(values: Float32Array, rows: Float32Array, at: readonly number[]): void {
  const width = rows.length / at.length;
  for (const [i, place] of at.entries()) values.set(rows.subarray(i * width, (i + 1) * width), place * width);
}

/** Numbers from 0 to count − 1 that are not in a fold. */
export function without(fold: readonly number[], count: number): number[] {
  const left = new Set(fold);
  return Array.from({ length: count }, (_, at) => at).filter((at) => !left.has(at));
}
