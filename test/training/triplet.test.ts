import { describe, expect, it } from 'vitest';
import { triplet } from '../../src/training/losses/triplet.js';
import { evaluateLoss } from '../contracts/loss.contract.js';
import { apart, flat, sampleRows } from './rows.js';

/** All triplets, one by one, and the mean over those that are not right. */
function tripletByTheBook(z: readonly Float32Array[], margin: number): number {
  const n = z.length / 2;
  const wrong: number[] = [];
  for (const [i, a] of z.entries()) {
    const near = apart(a, z[(i + n) % (2 * n)]!) ** 2;
    for (const [k, b] of z.entries()) {
      const loss = near - apart(a, b) ** 2 + margin;
      if (k % n !== i % n && loss > 0) wrong.push(loss);
    }
  }
  return wrong.reduce((sum, loss) => sum + loss, 0) / Math.max(1, wrong.length);
}

describe('the triplet loss', () => {
  it.each([0.2, 0.5, 2])('agrees with the papers at a margin of %d', async (margin) => {
    const z = sampleRows(8, 5);

    const { value } = await evaluateLoss(triplet({ margin }), flat(z), 5);

    expect(value).toBeCloseTo(tripletByTheBook(z, margin), 4);
  });

  it('is nothing where every triplet is right', async () => {
    const [x, y] = [Float32Array.of(1, 0), Float32Array.of(-1, 0)];

    expect((await evaluateLoss(triplet({ margin: 1 }), flat([x, y, x, y]), 2)).value).toBe(0);
  });
});
