import { calibrationError, fitTemperature, probabilities } from './calibration.js';
import {
  type FitOptions,
  fitHead,
  foldsOf,
  likeliest,
  placeRows,
  tryWays,
  type Way,
  waysFor,
  without,
} from './choose-head.js';
import { type Interval, interval } from './interval.js';
import type { Rows } from './rows.js';
import { type LabelledRows, pickLabelled } from './split-labelled.js';

/** A multinomial logistic head: confidence = softmax(weights · x + biases). */
export interface Classifier {
  /** `[classes, dimension]`, the temperature in them. */
  readonly weights: Float32Array;
  /** `[classes]`, the temperature in them. */
  readonly biases: Float32Array;
  readonly way: Way;
  readonly temperature: number;
  /** Of pictures that the head asked about did not learn from. */
  readonly heldOut: {
    readonly folds: number;
    readonly accuracy: Interval;
    /** What always naming the commonest label would be right at. */
    readonly commonest: number;
    /** Expected calibration error of the likeliest heads without a temperature. */
    readonly errorBefore: number;
    /** The same with one, each fold's being fitted on the others. */
    readonly errorAfter: number;
  };
}

/**
 * Fits a head on few labels. Each weight decay, and spreading where there is company to spread to, is tried by
 * cross-validation (five folds, or as many as the rarest class has rows), a temperature being fitted on the held-out
 * scores; the way that gives held-out rows the likeliest labels is taken, and the head then learns from all rows.
 * Held-out figures are of what was chosen by them: the best of five or six, and so a little too good.
 * @param given two rows or more of each label from 0 to classes − 1
 * @throws AppError CANCELLED once the signal is aborted
 */
export async function fitClassifier(given: LabelledRows, options: FitOptions): Promise<Classifier> {
  const { random, onFit } = options;
  const { labels } = given;
  const folds = foldsOf(labels, options);
  const ways = waysFor(options);
  const total = ways.length * folds.length + 1;
  const tried = await tryWays(given, ways, folds, options);
  const best = likeliest(tried);
  const plain = tried.reduce((a, b) => (b.plainLoss < a.plainLoss ? b : a));
  const { temperature } = best;
  onFit?.(total - 1, total);
  const head = await fitHead(given, best.way, options);
  onFit?.(total, total);
  return {
    weights: head.weights.map((weight) => weight / temperature),
    biases: head.biases.map((bias) => bias / temperature),
    way: best.way,
    temperature,
    heldOut: {
      folds: folds.length,
      accuracy: interval(rightOnes(best.logits, labels), random.fork('accuracy')),
      commonest: commonestShare(labels),
      errorBefore: calibrationError(probabilities(plain.logits), labels),
      errorAfter: calibrationError(calibratedInTurn(best.logits, labels, folds), labels),
    },
  };
}

/** Confidences of each fold at the temperature of the others. */
function calibratedInTurn(logits: Rows, labels: Int32Array, folds: readonly (readonly number[])[]): Rows {
  const values = new Float32Array(logits.values.length);
  for (const fold of folds) {
    const others = pickLabelled({ rows: logits, labels }, without(fold, labels.length));
    const own = pickLabelled({ rows: logits, labels }, fold);
    placeRows(values, probabilities(own.rows, fitTemperature(others.rows, others.labels)).values, fold);
  }
  return { values, dimension: logits.dimension };
}

function commonestShare(labels: Int32Array): number {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Math.max(...counts.values()) / labels.length;
}

/** 1 for each row whose highest score is that of its label, else 0. */
function rightOnes({ values, dimension }: Rows, labels: Int32Array): Float64Array {
  return Float64Array.from(labels, (label, i) => {
    const own = values.subarray(i * dimension, (i + 1) * dimension);
    return Number(own.indexOf(own.reduce((a, b) => Math.max(a, b))) === label);
  });
}
