import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { winChances } from '../../src/recommend/win-chances.js';

/** By the book: the sum of exponentials is a gamma variable of whole shape, and Beta(a, b) is a / (a + b) of two. */
function gamma(shape: number, random: Random): number {
  let sum = 0;
  for (let i = 0; i < shape; i++) sum -= Math.log(1 - random.next());
  return sum;
}
function beta(wins: number, losses: number, random: Random): number {
  const [a, b] = [gamma(1 + wins, random), gamma(1 + losses, random)];
  return a / (a + b);
}

describe('the chance of being the best', () => {
  it('is what Thompson sampling counts', () => {
    const known = [
      { shown: 0, chosen: 0 },
      { shown: 20, chosen: 9 },
      { shown: 90, chosen: 40 },
      { shown: 90, chosen: 2 },
      { shown: 3, chosen: 2 },
    ];
    const random = new Random(3);
    const rounds = 40_000;
    const wins = known.map(() => 0);
    for (let i = 0; i < rounds; i++) {
      const drawn = known.map(({ shown, chosen }) => beta(chosen, shown - chosen, random));
      wins[drawn.indexOf(Math.max(...drawn))]! += 1;
    }

    for (const [i, chance] of winChances(known).entries()) {
      const error = 4 * Math.sqrt((chance * (1 - chance)) / rounds) + 0.003; // and what 512 cells leave over
      expect(Math.abs(chance - wins[i]! / rounds)).toBeLessThan(error);
    }
  });

  it('is the same for all of whom the same is known, and adds up to 1', () => {
    const chances = winChances(Array.from({ length: 100 }, () => ({ shown: 7, chosen: 1 })));

    for (const chance of chances) expect(chance).toBeCloseTo(0.01, 10);
    expect(winChances([{ shown: 5, chosen: 9 }])).toEqual([1]);
    expect(winChances([])).toEqual([]);
  });

  it('stays finite where one was shown a thousand times in vain', () => {
    const [poor, fresh] = winChances([
      { shown: 1_000, chosen: 0 },
      { shown: 0, chosen: 0 },
    ]);

    expect(poor).toBeGreaterThanOrEqual(0);
    expect(fresh).toBeGreaterThan(0.99);
  });
});
