import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { calibrationError, probabilities } from '../../src/evaluation/calibration.js';
import { companyOf } from '../../src/evaluation/choose-head.js';
import { fitClassifier } from '../../src/evaluation/fit-classifier.js';
import { unitRows } from '../../src/evaluation/rows.js';
import type { LabelledRows } from '../../src/evaluation/split-labelled.js';

const CLASSES = 3;
const DIMENSION = 12;

/** Rows around one direction a class, in the first three dimensions; the rest is noise. */
function clouds(each: number, noise: number, seed: number): LabelledRows {
  const random = new Random(seed);
  const labels = Int32Array.from({ length: each * CLASSES }, (_, i) => i % CLASSES);
  const values = Float32Array.from(
    { length: labels.length * DIMENSION },
    (_, at) => Number(at % DIMENSION === labels[Math.floor(at / DIMENSION)]) + noise * random.normal(),
  );
  return { rows: { values, dimension: DIMENSION }, labels };
}

/** Rows in three clouds that have nothing to do with their labels, which are small and clear in other dimensions. */
function crossed(count: number, seed: number): LabelledRows {
  const random = new Random(seed);
  const labels = Int32Array.from({ length: count }, (_, i) => i % CLASSES);
  const values = new Float32Array(count * DIMENSION);
  for (const [i, label] of labels.entries()) {
    for (let k = CLASSES; k < DIMENSION; k++) values[i * DIMENSION + k] = 0.2 * random.normal();
    values[i * DIMENSION + label] = 0.2;
    values[i * DIMENSION + CLASSES + random.int(CLASSES)]! += 1;
  }
  return { rows: unitRows({ values, dimension: DIMENSION }), labels };
}

/** What the classifier promises, in loops: softmax(weights · x + biases). */
function confidences({ rows }: LabelledRows, { weights, biases }: { weights: Float32Array; biases: Float32Array }) {
  const count = rows.values.length / DIMENSION;
  const logits = new Float32Array(count * CLASSES);
  for (let i = 0; i < count; i++)
    for (let c = 0; c < CLASSES; c++) {
      let sum = biases[c]!;
      for (let k = 0; k < DIMENSION; k++) sum += weights[c * DIMENSION + k]! * rows.values[i * DIMENSION + k]!;
      logits[i * CLASSES + c] = sum;
    }
  return probabilities({ values: logits, dimension: CLASSES });
}

const options = () => ({ classes: CLASSES, random: new Random(1) });

describe('fitting a classifier', () => {
  it('is as right and as sure of new rows as it says', async () => {
    const fitted = await fitClassifier(clouds(60, 0.6, 1), options());
    const fresh = clouds(1500, 0.6, 2);
    const found = confidences(fresh, fitted);

    const right = fresh.labels.filter((label, i) => {
      const own = found.values.subarray(i * CLASSES, (i + 1) * CLASSES);
      return own.indexOf(Math.max(...own)) === label;
    }).length;
    const accuracy = right / fresh.labels.length;
    expect(accuracy).toBeGreaterThan(0.7);
    expect(accuracy).toBeGreaterThan(fitted.heldOut.accuracy.low);
    expect(accuracy).toBeLessThan(fitted.heldOut.accuracy.high);
    expect(calibrationError(found, fresh.labels)).toBeLessThan(0.08);
    expect(fitted.heldOut.commonest).toBeCloseTo(1 / 3, 9);
  });

  it('lets labels spread to rows without, where those lie in clouds and the labels are few', async () => {
    const [few, fresh] = [clouds(3, 0.3, 8), clouds(500, 0.3, 9)];
    const rows = unitRows(few.rows);
    const company = await companyOf(rows, unitRows(clouds(200, 0.3, 10).rows));
    const right = ({ weights, biases }: { weights: Float32Array; biases: Float32Array }) => {
      const { values } = confidences({ ...fresh, rows: unitRows(fresh.rows) }, { weights, biases });
      return fresh.labels.filter((label, i) => {
        const own = values.subarray(i * CLASSES, (i + 1) * CLASSES);
        return own.indexOf(Math.max(...own)) === label;
      }).length;
    };

    const alone = await fitClassifier({ ...few, rows }, options());
    const spread = await fitClassifier({ ...few, rows }, { ...options(), company });

    expect([alone.way.spread, spread.way.spread]).toEqual([false, true]);
    expect(right(spread)).toBeGreaterThan(right(alone) + 30);
  });

  it('lets no labels spread where rows are near to each other for other reasons', async () => {
    const [few, others] = [crossed(60, 11), crossed(300, 12)];
    const fitted = await fitClassifier(few, { ...options(), company: await companyOf(few.rows, others.rows) });

    expect(fitted.heldOut.accuracy.mean).toBeGreaterThan(0.9);
    expect(fitted.way.spread).toBe(false);
  });

  it('holds weights down harder where labels are few and rows are noisy', async () => {
    const few = await fitClassifier(clouds(5, 1, 3), options());
    const many = await fitClassifier(clouds(300, 0.2, 3), options());
    expect(few.way.decay).toBeGreaterThan(many.way.decay);
  });

  it('claims nothing of labels that say nothing', async () => {
    const noise = clouds(40, 1, 5);
    const labels = Int32Array.from(noise.labels, (_, i) => new Random(i).int(CLASSES));
    const fitted = await fitClassifier({ rows: noise.rows, labels }, options());
    const found = confidences(clouds(200, 1, 6), fitted).values;
    expect(found.reduce((a, b) => Math.max(a, b))).toBeLessThan(0.6);
    expect(fitted.heldOut.accuracy.low).toBeLessThan(0.4);
  });

  it('has two folds where a class has two rows, counts its heads, and gives the same each time', async () => {
    const given = clouds(2, 0.2, 7);
    const seen: [number, number][] = [];
    const fitted = await fitClassifier(given, { ...options(), onFit: (done, total) => seen.push([done, total]) });

    expect(fitted.heldOut.folds).toBe(2);
    expect(seen.at(-1)).toEqual([11, 11]);
    expect(seen.map(([done]) => done)).toEqual(Array.from({ length: 12 }, (_, at) => at));
    expect(await fitClassifier(given, options())).toEqual(fitted);
  });

  it('stops once it is told to', async () => {
    const fitting = fitClassifier(clouds(20, 1, 1), { ...options(), signal: AbortSignal.abort() });
    await expect(fitting).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
