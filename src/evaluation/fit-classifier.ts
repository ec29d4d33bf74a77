import type { Random } from '../core/random.js';
import { calibrationError, fitTemperature, logLoss, probabilities } from './calibration.js';
import { type Interval, interval } from './interval.js';
import { linearProbe } from './linear-probe.js';
import type { Rows } from './rows.js';
import { type LabelledRows, pickLabelled, splitLabelled } from './split-labelled.js';

/** A multinomial logistic head: confidence = softmax(weights · x + biases). */
export interface Classifier {
  /** `[classes, dimension]`, the temperature in them. */
  readonly weights: Float32Array;
  /** `[classes]`, the temperature in them. */
  readonly biases: Float32Array;
  readonly decay: number;
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

export interface FitOptions {
  readonly classes: number;
  readonly random: Random;
  readonly signal?: AbortSignal | undefined;
  /** Heads fitted so far, and how many there will be. */
  readonly onFit?: (done: number, total: number) => void;
}

const DECAYS = [1e-3, 1e-2, 1e-1, 1, 10] as const;
const FOLDS = 5;

/**
 * Fits a head on few labels. Each weight decay is tried by cross-validation (five folds, or as many as the rarest class
 * has rows), a temperature being fitted on the held-out scores; the one that gives held-out rows the likeliest labels is
 * taken, and the head then learns from all rows. Held-out figures are of what was chosen by them: the best of five, and
 * so a little too good.
 * @param given two rows or more of each label from 0 to classes − 1
 * @throws AppError CANCELLED once the signal is aborted
 */
export async function fitClassifier(given: LabelledRows, options: FitOptions): Promise<Classifier> {
  const { classes, random, signal, onFit } = options;
  const { labels } = given;
  const counts = new Int32Array(classes);
  for (const label of labels) counts[label]!++;
  const folds = splitLabelled(labels, Math.min(FOLDS, ...counts), random.fork('folds'));
  const total = DECAYS.length * folds.length + 1;
  let done = 0;
  const fitHead = async (on: LabelledRows, decay: number) => {
    onFit?.(done++, total);
    return linearProbe(on.rows, on.labels, { decay, classes, signal });
  };
  const heldOut = async (decay: number): Promise<Rows> => {
    const values = new Float32Array(labels.length * classes);
    for (const fold of folds) {
      const head = await fitHead(pickLabelled(given, without(fold, labels.length)), decay);
      placeRows(values, await head.logits(pickLabelled(given, fold).rows), fold);
    }
    return { values, dimension: classes };
  };

  const tried: { decay: number; logits: Rows; loss: number; plainLoss: number }[] = [];
  for (const decay of DECAYS) {
    const logits = await heldOut(decay);
    const loss = logLoss(logits, labels, fitTemperature(logits, labels));
    tried.push({ decay, logits, loss, plainLoss: logLoss(logits, labels) });
  }
  const best = tried.reduce((a, b) => (b.loss < a.loss ? b : a));
  const plain = tried.reduce((a, b) => (b.plainLoss < a.plainLoss ? b : a));
  const temperature = fitTemperature(best.logits, labels);
  const head = await fitHead(given, best.decay);
  onFit?.(total, total);
  return {
    weights: head.weights.map((weight) => weight / temperature),
    biases: head.biases.map((bias) => bias / temperature),
    decay: best.decay,
    temperature,
    heldOut: {
      folds: folds.length,
      accuracy: interval(rightOnes(best.logits, labels), random.fork('accuracy')),
      commonest: Math.max(...counts) / labels.length,
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

/** 1 for each row whose highest score is that of its label, else 0. */
function rightOnes({ values, dimension }: Rows, labels: Int32Array): Float64Array {
  return Float64Array.from(labels, (label, i) => {
    const own = values.subarray(i * dimension, (i + 1) * dimension);
    return Number(own.indexOf(own.reduce((a, b) => Math.max(a, b))) === label);
  });
}

/** Writes rows to the places that these numbers name. */
function placeRows(values: Float32Array, rows: Float32Array, at: readonly number[]): void {
  const width = rows.length / at.length;
  for (const [i, place] of at.entries()) values.set(rows.subarray(i * width, (i + 1) * width), place * width);
}

function without(fold: readonly number[], count: number): number[] {
  const left = new Set(fold);
  return Array.from({ length: count }, (_, at) => at).filter((at) => !left.has(at));
}
