import { describe, expect, it } from 'vitest';
import { cosine } from '../../src/core/vectors.js';
import { dcl } from '../../src/training/losses/dcl.js';
import { evaluateLoss } from '../contracts/loss.contract.js';
import { flat, sampleRows } from './rows.js';

/** Equation 6 of the paper, typed out. */
function dclByTheBook(z: readonly Float32Array[], temperature: number): number {
  const n = z.length / 2;
  let total = 0;
  for (const [i, a] of z.entries()) {
    let others = 0;
    for (const [k, b] of z.entries()) if (k % n !== i % n) others += Math.exp(cosine(a, b) / temperature);
    total += Math.log(others) - cosine(a, z[(i + n) % (2 * n)]!) / temperature;
  }
  return total / (2 * n);
}

describe('the decoupled contrastive loss', () => {
  it.each([0.1, 0.2, 1])('agrees with the paper at temperature %d', async (temperature) => {
    const z = sampleRows(8, 5);

    const { value } = await evaluateLoss(dcl({ temperature }), flat(z), 5);

    expect(value).toBeCloseTo(dclByTheBook(z, temperature), 4);
  });
});
