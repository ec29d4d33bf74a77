import { describe, expect, it } from 'vitest';
import { margin } from '../../src/training/losses/margin.js';
import { evaluateLoss } from '../contracts/loss.contract.js';
import { apart, flat, sampleRows } from './rows.js';

/** Equation 4 of the paper over all pairs, the two kinds averaged each, typed out. */
function marginByTheBook(z: readonly Float32Array[], wanted: number): number {
  const n = z.length / 2;
  const [near, far]: [number[], number[]] = [[], []];
  for (const [i, a] of z.entries())
    for (const [k, b] of z.entries()) {
      if (k === (i + n) % (2 * n)) near.push(apart(a, b) ** 2);
      else if (k !== i) far.push(Math.max(0, wanted - apart(a, b)) ** 2);
    }
  const mean = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
  return 0.5 * mean(near) + 0.5 * mean(far);
}

describe('the margin loss', () => {
  it.each([0.5, 1, 1.9])('agrees with the paper at a margin of %d', async (wanted) => {
    const z = sampleRows(8, 5);

    const { value } = await evaluateLoss(margin({ margin: wanted }), flat(z), 5);

    expect(value).toBeCloseTo(marginByTheBook(z, wanted), 4);
  });

  it('is nothing where views agree and samples are a margin apart', async () => {
    const [x, y] = [Float32Array.of(1, 0), Float32Array.of(0, 1)];

    expect((await evaluateLoss(margin({ margin: 1 }), flat([x, y, x, y]), 2)).value).toBeCloseTo(0, 5);
  });
});
