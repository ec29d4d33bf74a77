import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { cosine } from '../../src/core/vectors.js';
import { LOSSES } from '../../src/training/losses/index.js';
import { ntXent } from '../../src/training/losses/nt-xent.js';
import { evaluateLoss } from '../contracts/loss.contract.js';

/** Equation 1 of the paper, typed out with no shortcut. Slow, and there to be believed. */
function ntXentByTheBook(z: readonly Float32Array[], temperature: number): number {
  const n = z.length / 2;
  let total = 0;
  for (let i = 0; i < 2 * n; i++) {
    const partner = (i + n) % (2 * n);
    let others = 0;
    for (let k = 0; k < 2 * n; k++) if (k !== i) others += Math.exp(cosine(z[i]!, z[k]!) / temperature);
    total += -Math.log(Math.exp(cosine(z[i]!, z[partner]!) / temperature) / others);
  }
  return total / (2 * n);
}

const flat = (rows: readonly Float32Array[]) => Float32Array.from(rows.flatMap((row) => [...row]));
const sampleRows = (count: number, width: number): Float32Array[] => {
  const random = new Random(4);
  return Array.from({ length: count }, () => Float32Array.from({ length: width }, () => random.normal()));
};

describe('NT-Xent', () => {
  it.each([0.1, 0.2, 0.5, 2])('agrees with the paper at temperature %d', async (temperature) => {
    const z = sampleRows(8, 5);

    const { value } = await evaluateLoss(ntXent({ temperature }), flat(z), 5);

    expect(value).toBeCloseTo(ntXentByTheBook(z, temperature), 4);
  });

  it('is log(2n − 1) where every row is the same', async () => {
    const row = Float32Array.of(1, 2, 3);

    const { value } = await evaluateLoss(ntXent({ temperature: 0.3 }), flat(Array.from({ length: 6 }, () => row)), 3);

    expect(value).toBeCloseTo(Math.log(5), 5);
  });

  it('is log(e + 2) − 1 for two samples at right angles whose views agree, at temperature 1', async () => {
    const [x, y] = [Float32Array.of(1, 0), Float32Array.of(0, 1)];

    const { value } = await evaluateLoss(ntXent({ temperature: 1 }), flat([x, y, x, y]), 2);

    expect(value).toBeCloseTo(Math.log(Math.E + 2) - 1, 5);
  });

  it('stays finite at a temperature where a plain exp would overflow', async () => {
    const { value, gradient } = await evaluateLoss(ntXent({ temperature: 0.01 }), flat(sampleRows(8, 5)), 5);

    expect(Number.isFinite(value)).toBe(true);
    expect(gradient.every(Number.isFinite)).toBe(true);
  });

  it('refuses a temperature that is not positive', () => {
    expect(() => LOSSES['nt-xent'].build({ temperature: 0 })).toThrow(/temperature/);
    expect(() => LOSSES['nt-xent'].build({ temprature: 1 })).toThrow(/temprature/);
  });
});
