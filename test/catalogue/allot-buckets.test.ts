import { describe, expect, it } from 'vitest';
import { allotBuckets, BUCKETS } from '../../src/catalogue/allot-buckets.js';

const of = (shares: Readonly<Record<string, number>>) =>
  Object.entries(shares).map(([name, share]) => ({ name, share }));
const owners = (runs: ReturnType<typeof allotBuckets>) =>
  runs.flatMap(([name, count]) => Array<string>(count).fill(name));
const count = (all: readonly string[], name: string) => all.filter((each) => each === name).length;

describe('the buckets of an experiment', () => {
  it.each([
    [
      { a: 0.5, b: 0.5 },
      { a: 5_000, b: 5_000 },
    ],
    [
      { a: 1 / 3, b: 1 / 3, c: 1 / 3 },
      { a: 3_334, b: 3_333, c: 3_333 },
    ],
    [
      { a: 0.1, b: 0.2, c: 0.7 },
      { a: 1_000, b: 2_000, c: 7_000 },
    ],
    [
      { a: 0, b: 1 },
      { a: 0, b: 10_000 },
    ],
  ])('are %j in shares', (shares, expected) => {
    const all = owners(allotBuckets(of(shares)));

    expect(all).toHaveLength(BUCKETS);
    for (const [name, buckets] of Object.entries(expected)) expect(count(all, name)).toBe(buckets);
  });

  it('change hands as little as can be when shares change, whatever the order', () => {
    let before = allotBuckets(of({ a: 0.2, b: 0.3, c: 0.5 }));
    for (const shares of [
      { a: 0.4, b: 0.3, c: 0.3 },
      { c: 0.35, b: 0.3, a: 0.35 },
      { b: 0.3, d: 0.5, a: 0.2 },
    ]) {
      const after = allotBuckets(of(shares), before);
      const [old, now] = [owners(before), owners(after)];

      for (const name of ['a', 'b', 'c']) {
        const [had, has] = [count(old, name), count(now, name)];
        const kept = old.filter((owner, i) => owner === name && now[i] === name).length;
        expect(kept, name).toBe(Math.min(had, has));
      }
      expect(count(now, 'b')).toBe(3_000);
      before = after;
    }
  });
});
