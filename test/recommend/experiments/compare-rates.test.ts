import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.js';
import { clusteredRate, type PersonCount, rateDifference } from '../../../src/recommend/experiments/compare-rates.js';

/** People with rates of their own around a mean, each shown several things. */
function crowd(mean: number, random: Random, count = 150): PersonCount[] {
  return Array.from({ length: count }, () => {
    const own = random.chance(mean) ? 0.9 : 0.1 * random.next();
    const shown = 1 + random.int(20);
    const successes = Array.from({ length: shown }, () => random.chance(own)).filter(Boolean).length;
    return { shown, successes };
  });
}
/** Mean of `own` above. */
const truth = (mean: number) => mean * 0.9 + (1 - mean) * 0.05;

describe('the rate of people who were shown several things', () => {
  it('is Wilson by the book where each was shown one', () => {
    const people = Array.from({ length: 20 }, (_, i) => ({ shown: 1, successes: i < 4 ? 1 : 0 }));

    // 4 of 20, worked by hand: (0.29604 ± 0.19989) / 1.19207.
    const rate = clusteredRate(people)!;
    expect(rate.value).toBe(0.2);
    expect(rate.low).toBeCloseTo(0.0807, 3);
    expect(rate.high).toBeCloseTo(0.416, 3);
  });

  it('lies within its interval in about 95 of 100 worlds, though impressions of one person are alike', () => {
    const random = new Random(4);
    const worlds = 250;
    let [held, asIfAlone] = [0, 0];
    for (let i = 0; i < worlds; i++) {
      const people = crowd(0.1, random);
      const { low, high } = clusteredRate(people)!;
      if (low <= truth(0.1) && truth(0.1) <= high) held += 1;
      const alone = people.flatMap(({ shown, successes }) =>
        Array.from({ length: shown }, (_, j) => ({ shown: 1, successes: j < successes ? 1 : 0 })),
      );
      const naive = clusteredRate(alone)!;
      if (naive.low <= truth(0.1) && truth(0.1) <= naive.high) asIfAlone += 1;
    }

    expect(held / worlds).toBeGreaterThan(0.9);
    expect(held / worlds).toBeLessThanOrEqual(0.99);
    expect(asIfAlone / worlds).toBeLessThan(0.8);
  });

  it('differs from another within the interval in about 95 of 100 worlds', () => {
    const random = new Random(9);
    const worlds = 250;
    let [held, apart] = [0, 0];
    for (let i = 0; i < worlds; i++) {
      const difference = rateDifference(clusteredRate(crowd(0.3, random))!, clusteredRate(crowd(0.1, random))!);
      const real = truth(0.3) - truth(0.1);
      if (difference.low <= real && real <= difference.high) held += 1;
      const same = rateDifference(clusteredRate(crowd(0.1, random))!, clusteredRate(crowd(0.1, random))!);
      if (same.low > 0 || same.high < 0) apart += 1;
    }

    expect(held / worlds).toBeGreaterThan(0.9);
    expect(apart / worlds).toBeLessThan(0.1);
  });

  it('stays within 0 and 1, and counts people where all or none succeed', () => {
    const none = clusteredRate(Array.from({ length: 10 }, () => ({ shown: 100, successes: 0 })))!;

    expect(none.low).toBe(0);
    expect(none.high).toBeCloseTo(0.2775, 3); // Wilson's 0 of 10
    expect(clusteredRate([{ shown: 5, successes: 5 }])!.high).toBe(1);
    expect(clusteredRate([])).toBeNull();
  });
});
