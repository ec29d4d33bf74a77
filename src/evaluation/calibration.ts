import { countRows, type Rows } from './rows.js';

/** Bins of equal width between 0 and 1, as in the paper. */
const BINS = 15;
/** Where a temperature is looked for. */
const [COLDEST, HOTTEST] = [0.001, 100];
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Rows of logits as rows of probabilities: softmax(logits / temperature). */
export function probabilities({ values, dimension }: Rows, temperature = 1): Rows {
  const out = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += dimension) {
    let peak = Number.NEGATIVE_INFINITY; // subtracted so that exp can't overflow
    for (let at = start; at < start + dimension; at++) peak = Math.max(peak, values[at]!);
    let total = 0;
    for (let at = start; at < start + dimension; at++) {
      out[at] = Math.exp((values[at]! - peak) / temperature);
      total += out[at]!;
    }
    for (let at = start; at < start + dimension; at++) out[at]! /= total;
  }
  return { values: out, dimension };
}

/**
 * Mean of −log of the probability that each row gives its label. Smoothed, this share of a row's weight goes to the other
 * labels, in equal parts.
 */
export function logLoss({ values, dimension }: Rows, labels: ArrayLike<number>, temperature = 1, smoothed = 0): number {
  const others = smoothed / Math.max(1, dimension - 1);
  let loss = 0;
  for (let i = 0; i < labels.length; i++) {
    const own = values.subarray(i * dimension, (i + 1) * dimension);
    const peak = own.reduce((a, b) => Math.max(a, b)); // subtracted so that exp can't overflow
    let [total, wanted] = [0, 0];
    for (const [label, logit] of own.entries()) {
      const scaled = (logit - peak) / temperature;
      total += Math.exp(scaled);
      wanted += (label === labels[i] ? 1 - smoothed : others) * scaled;
    }
    loss += Math.log(total) - wanted;
  }
  return loss / labels.length;
}

/**
 * Temperature scaling: the one number that logits are divided by so that confidence comes true, by golden section over
 * its logarithm. Guo et al. 2017, "On Calibration of Modern Neural Networks", section 4.2. arXiv:1706.04599
 * Labels are smoothed by 1 / (rows + 2): ten rows that are all right make nobody certain. Platt 1999, "Probabilistic
 * Outputs for Support Vector Machines", section 2.2.
 * @param logits of rows that the classifier did not learn from
 */
export function fitTemperature(logits: Rows, labels: ArrayLike<number>): number {
  const smoothed = 1 / (labels.length + 2);
  const loss = (at: number): number => logLoss(logits, labels, Math.exp(at), smoothed);
  let [low, high] = [Math.log(COLDEST), Math.log(HOTTEST)];
  while (high - low > 1e-3) {
    const [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
    if (loss(left) < loss(right)) high = right;
    else low = left;
  }
  return Math.exp((low + high) / 2);
}

/** Expected calibration error: how far confidence and accuracy lie apart, by bins of confidence. Guo et al. 2017, eq. 3. */
export function calibrationError(confidences: Rows, labels: ArrayLike<number>): number {
  const { values, dimension } = confidences;
  const count = countRows(confidences);
  const gaps = new Float64Array(BINS); // in each bin: the sum of confidence − (0 or 1 for right)
  for (let i = 0; i < count; i++) {
    const own = values.subarray(i * dimension, (i + 1) * dimension);
    const peak = own.reduce((a, b) => Math.max(a, b));
    gaps[Math.min(BINS - 1, Math.floor(peak * BINS))]! += peak - Number(own.indexOf(peak) === labels[i]);
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / count;
}
