import { describe, expect, it } from 'vitest';
import { allotBuckets } from '../../../src/catalogue/allot-buckets.js';
import { variantOf } from '../../../src/recommend/experiments/variant-of.js';

const experiment = (
  name: string,
  shares: Readonly<Record<string, number>>,
  before?: ReturnType<typeof allotBuckets>,
) => {
  const variants = Object.entries(shares).map(([variant, share]) => ({ name: variant, share, request: {} }));
  return { name, variants, buckets: allotBuckets(variants, before) };
};
const people = Array.from({ length: 30_000 }, (_, i) => ({ userId: `person-${i}` }));
const split = (one: ReturnType<typeof experiment>) => people.map((who) => variantOf(one, who).name);
const chiSquare = (observed: readonly number[], expected: readonly number[]) =>
  observed.reduce((sum, count, i) => sum + (count - expected[i]!) ** 2 / expected[i]!, 0);

describe('the split of people', () => {
  it('is as the shares say, by chi-square', () => {
    const groups = split(experiment('tea', { a: 0.5, b: 0.3, c: 0.15, d: 0.05 }));
    const observed = ['a', 'b', 'c', 'd'].map((name) => groups.filter((each) => each === name).length);

    // The 99.9% point of chi-square with 3 degrees of freedom.
    expect(chiSquare(observed, [15_000, 9_000, 4_500, 1_500])).toBeLessThan(16.27);
  });

  it('has no regard to that of another experiment', () => {
    const [tea, coffee] = [
      split(experiment('tea', { a: 0.5, b: 0.5 })),
      split(experiment('coffee', { a: 0.5, b: 0.5 })),
    ];
    const cells = ['aa', 'ab', 'ba', 'bb'].map((pair) => tea.filter((one, i) => one + coffee[i]! === pair).length);

    expect(chiSquare(cells, [7_500, 7_500, 7_500, 7_500])).toBeLessThan(16.27);
  });

  it('is always the same, and keeps everybody of a variant whose share stays', () => {
    const first = experiment('tea', { a: 0.2, b: 0.5, c: 0.3 });
    const second = experiment('tea', { a: 0.4, b: 0.5, c: 0.1 }, first.buckets);
    const [before, after] = [split(first), split(second)];

    expect(split(first)).toEqual(before);
    for (const [i, name] of before.entries()) {
      if (name === 'b') expect(after[i]).toBe('b');
      if (name === 'a') expect(after[i]).toBe('a');
      if (name === 'c') expect(['a', 'c']).toContain(after[i]);
    }
  });

  it('tells users and sessions of one name apart', () => {
    const one = experiment('tea', { a: 0.5, b: 0.5 });
    const names = people.slice(0, 200).map(({ userId }) => userId);

    expect(
      names.some((name) => variantOf(one, { userId: name }).name !== variantOf(one, { sessionId: name }).name),
    ).toBe(true);
  });
});
