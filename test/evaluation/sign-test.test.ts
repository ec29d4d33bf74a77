import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { signTest } from '../../src/evaluation/sign-test.js';

/** The definition: of all 2^n ways in which n coins can fall, the share that is as uneven as this or more. */
function byTheBook(differences: readonly number[]): number {
  const signs = differences.filter((each) => each !== 0).map(Math.sign);
  const unevenness = (sum: number) => Math.abs(sum);
  const found = unevenness(signs.reduce((a, b) => a + b, 0));
  let asUneven = 0;
  for (let ways = 0; ways < 2 ** signs.length; ways++) {
    const sum = signs.reduce((total, _, at) => total + ((ways >> at) & 1 ? 1 : -1), 0);
    asUneven += Number(unevenness(sum) >= found);
  }
  return asUneven / 2 ** signs.length;
}

describe('the sign test', () => {
  it('is the share of coin falls that are as uneven', () => {
    const random = new Random(1);
    for (let n = 0; n < 40; n++) {
      const differences = Array.from({ length: random.int(13) }, () => random.int(3) - 1);
      expect(signTest(differences)).toBeCloseTo(byTheBook(differences), 12);
    }
  });

  it('knows what can be counted by hand', () => {
    expect(signTest([1, 1, 1, 1, 1])).toBeCloseTo(2 / 32, 12);
    expect(signTest([1, 0, -1, 0])).toBe(1);
    expect(signTest([])).toBe(1);
  });

  it('does not lose itself among many', () => {
    expect(signTest(Float64Array.from({ length: 20_000 }, (_, i) => (i % 2 === 0 ? 1 : -1)))).toBe(1);
    const uneven = signTest(Float64Array.from({ length: 20_000 }, (_, i) => (i % 100 < 51 ? 1 : -1)));
    expect(uneven).toBeCloseTo(0.0048, 3); // 200 ahead is 2.83 standard deviations of a sum of 20,000 signs, less a half
  });
});
