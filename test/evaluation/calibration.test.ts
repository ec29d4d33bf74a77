import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { calibrationError, fitTemperature, logLoss, probabilities } from '../../src/evaluation/calibration.js';
import type { Rows } from '../../src/evaluation/rows.js';

const random = new Random(4);

/** Scores that are `sharpness` times what labels were drawn by. */
function drawn(count: number, classes: number, sharpness: number): { logits: Rows; labels: Int32Array } {
  const values = Float32Array.from({ length: count * classes }, () => 1.5 * random.normal());
  const logits = { values, dimension: classes };
  const chances = probabilities(logits).values;
  const labels = Int32Array.from({ length: count }, (_, i) => {
    let left = random.next();
    for (let label = 0; label < classes - 1; label++) {
      left -= chances[i * classes + label]!;
      if (left < 0) return label;
    }
    return classes - 1;
  });
  return { logits: { values: values.map((value) => sharpness * value), dimension: classes }, labels };
}

describe('calibration', () => {
  it('turns scores into probabilities, however large', () => {
    const { values } = probabilities({ values: Float32Array.of(0, Math.log(3), 2000, 0, -2000, -2000), dimension: 2 });
    for (const [at, wanted] of [0.25, 0.75, 1, 0, 0.5, 0.5].entries()) expect(values[at]).toBeCloseTo(wanted, 6);
  });

  it('has the log loss of the definition', () => {
    const { logits, labels } = drawn(20, 4, 1);
    const chances = probabilities(logits, 0.7).values;
    let sum = 0;
    for (const [i, label] of labels.entries()) sum -= Math.log(chances[i * 4 + label]!);
    expect(logLoss(logits, labels, 0.7)).toBeCloseTo(sum / 20, 5);

    let smoothed = 0;
    for (const [i, label] of labels.entries())
      for (let c = 0; c < 4; c++) smoothed -= (c === label ? 0.9 : 0.1 / 3) * Math.log(chances[i * 4 + c]!);
    expect(logLoss(logits, labels, 0.7, 0.1)).toBeCloseTo(smoothed / 20, 5);
  });

  it.each([0.3, 1, 4])('finds by how much scores are too sharp: %d', (sharpness) => {
    const { logits, labels } = drawn(4000, 5, sharpness);
    expect(fitTemperature(logits, labels) / sharpness).toBeCloseTo(1, 1);
  });

  it('brings confidence and accuracy together', () => {
    const { logits, labels } = drawn(4000, 5, 4);
    const before = calibrationError(probabilities(logits), labels);
    const after = calibrationError(probabilities(logits, fitTemperature(logits, labels)), labels);
    expect(before).toBeGreaterThan(0.15);
    expect(after).toBeLessThan(0.03);
  });

  it('is not certain because ten rows are right', () => {
    const values = Float32Array.from({ length: 20 }, (_, at) => (at % 4 === 0 || at % 4 === 3 ? 5 : -5));
    const logits = { values, dimension: 2 };
    const labels = Int32Array.from({ length: 10 }, (_, i) => i % 2);
    const [confidence] = probabilities(logits, fitTemperature(logits, labels)).values;
    expect(confidence).toBeCloseTo(11 / 12, 2);
  });

  it('has an error that can be counted by hand', () => {
    // four rows of 0.9, of which three are right, and one of 0.6, which is wrong
    const values = Float32Array.of(0.9, 0.1, 0.9, 0.1, 0.9, 0.1, 0.1, 0.9, 0.6, 0.4);
    const found = calibrationError({ values, dimension: 2 }, [0, 0, 1, 1, 1]);
    expect(found).toBeCloseTo((4 / 5) * Math.abs(0.9 - 0.75) + (1 / 5) * 0.6, 6);
  });
});
