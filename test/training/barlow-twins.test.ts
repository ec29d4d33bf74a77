import { describe, expect, it } from 'vitest';
import { barlowTwins } from '../../src/training/losses/barlow-twins.js';
import { evaluateLoss } from '../contracts/loss.contract.js';
import { flat, sampleRows } from './rows.js';

/** Equations 1 and 2 of the paper, typed out, over the dimensions. */
function barlowByTheBook(z: readonly Float32Array[], redundancy: number): number {
  const [n, width] = [z.length / 2, z[0]!.length];
  const standardised = (rows: readonly Float32Array[]) =>
    Array.from({ length: width }, (_, d) => {
      const column = rows.map((row) => row[d]!);
      const mean = column.reduce((a, b) => a + b, 0) / n;
      const variance = column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n;
      return column.map((x) => (x - mean) / Math.sqrt(variance + 1e-5));
    });
  const [one, other] = [standardised(z.slice(0, n)), standardised(z.slice(n))];
  let loss = 0;
  for (let i = 0; i < width; i++)
    for (let j = 0; j < width; j++) {
      const c = one[i]!.reduce((sum, x, row) => sum + x * other[j]![row]!, 0) / n;
      loss += i === j ? (1 - c) ** 2 : redundancy * c ** 2;
    }
  return loss / width;
}

describe('Barlow Twins', () => {
  it.each([0.005, 0.1, 1])('agrees with the paper at λ = %d', async (redundancy) => {
    const z = sampleRows(12, 5);

    const { value } = await evaluateLoss(barlowTwins({ redundancy }), flat(z), 5);

    expect(value).toBeCloseTo(barlowByTheBook(z, redundancy), 4);
  });

  it('does not care how far the rows reach', async () => {
    const z = sampleRows(12, 5);
    const [small, large] = [z, z.map((row) => row.map((x) => 50 * x + 3))];

    const { value } = await evaluateLoss(barlowTwins({ redundancy: 0.01 }), flat(small), 5);
    expect((await evaluateLoss(barlowTwins({ redundancy: 0.01 }), flat(large), 5)).value).toBeCloseTo(value, 3);
  });
});
