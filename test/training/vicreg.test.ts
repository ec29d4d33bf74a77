import { describe, expect, it } from 'vitest';
import { vicreg } from '../../src/training/losses/vicreg.js';
import { evaluateLoss } from '../contracts/loss.contract.js';
import { flat, sampleRows } from './rows.js';

interface Weights {
  readonly invariance: number;
  readonly variance: number;
  readonly covariance: number;
}

/** Equations 1 to 6 of the paper, typed out. */
function vicregByTheBook(z: readonly Float32Array[], weights: Weights): number {
  const [n, width] = [z.length / 2, z[0]!.length];
  const [one, other] = [z.slice(0, n), z.slice(n)];
  const mean = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
  const column = (rows: readonly Float32Array[], d: number) => {
    const numbers = rows.map((row) => row[d]!);
    return numbers.map((x) => x - mean(numbers));
  };
  const dimensions = Array.from({ length: width }, (_, d) => d);
  const variance = (rows: readonly Float32Array[]) =>
    mean(dimensions.map((d) => Math.max(0, 1 - Math.sqrt(mean(column(rows, d).map((x) => x * x)) + 1e-4))));
  const covariance = (rows: readonly Float32Array[]) => {
    let sum = 0;
    for (const i of dimensions)
      for (const j of dimensions) {
        const [a, b] = [column(rows, i), column(rows, j)];
        if (i !== j) sum += (a.reduce((total, x, row) => total + x * b[row]!, 0) / (n - 1)) ** 2;
      }
    return sum / width;
  };
  const apart = mean(one.flatMap((row, i) => [...row].map((x, d) => (x - other[i]![d]!) ** 2)));
  return (
    weights.invariance * apart +
    (weights.variance / 2) * (variance(one) + variance(other)) +
    (weights.covariance / 2) * (covariance(one) + covariance(other))
  );
}

describe('VICReg', () => {
  it.each<[string, Weights]>([
    ['all of it', { invariance: 25, variance: 25, covariance: 1 }],
    ['invariance alone', { invariance: 1, variance: 0, covariance: 0 }],
    ['variance alone', { invariance: 0, variance: 1, covariance: 0 }],
    ['covariance alone', { invariance: 0, variance: 0, covariance: 1 }],
  ])('agrees with the paper: %s', async (_, weights) => {
    const z = sampleRows(12, 5).map((row) => row.map((x) => 0.7 * x));

    const { value } = await evaluateLoss(vicreg(weights), flat(z), 5);

    expect(value).toBeCloseTo(vicregByTheBook(z, weights), 3);
  });
});
