import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { compareOutcomes } from '../../src/evaluation/compare-outcomes.js';

const COUNT = 300;
const random = new Random(2);
/** A model that is right this often, by chance. */
const rightAt = (share: number) => Float64Array.from({ length: COUNT }, () => Number(random.next() < share));
const same = (values: Float64Array) => ({ recallAt1: values, knn: values, linear: values });

describe('comparing outcomes', () => {
  it('names the better one, in either order', () => {
    const [good, bad] = [same(rightAt(0.9)), same(rightAt(0.6))];
    const [ahead] = compareOutcomes([good, bad], 1);
    const [behind] = compareOutcomes([bad, good], 1);

    expect([ahead!.better, behind!.better]).toEqual([0, 1]);
    expect(ahead!.differences.knn).toMatchObject({ certain: true });
    expect(ahead!.differences.knn.low).toBeGreaterThan(0.15);
    expect(behind!.differences.knn.mean).toBeCloseTo(-ahead!.differences.knn.mean, 12);
  });

  it('sees among equal pictures what two intervals of their own would not show', () => {
    const base = rightAt(0.5);
    const better = base.map((right, at) => (at < 30 ? 1 : right)); // never worse, at about 15 of 300 better
    const [{ better: named, differences } = { better: undefined, differences: undefined }] = compareOutcomes(
      [same(base), same(better)],
      1,
    );

    expect(named).toBe(1);
    expect(Math.abs(differences!.knn.mean)).toBeLessThan(0.08);
  });

  it('tells no difference where there is none: at most about one comparison in twenty', () => {
    const called = Array.from({ length: 60 }, (_, seed) => {
      const outcomes = () => ({ recallAt1: rightAt(0.7), knn: rightAt(0.7), linear: rightAt(0.7) });
      return compareOutcomes([outcomes(), outcomes()], seed)[0]!.better !== undefined;
    });

    expect(called.filter(Boolean).length).toBeLessThanOrEqual(6);
  });

  it('is not sure of few pictures, however clear their interval looks', () => {
    const few = (right: number) => Float64Array.from({ length: 20 }, (_, at) => Number(at < right));
    const [pair] = compareOutcomes([same(few(12)), same(few(7))], 1);

    expect(pair!.differences.linear.low).toBeGreaterThan(0);
    expect(pair!.better).toBeUndefined();
  });

  it('names none where each is better at something', () => {
    const [good, bad] = [rightAt(0.9), rightAt(0.5)];
    const [pair] = compareOutcomes(
      [
        { recallAt1: good, knn: good, linear: bad },
        { recallAt1: bad, knn: good, linear: good },
      ],
      1,
    );

    expect(pair!.better).toBeUndefined();
    expect(pair!.differences.knn).toMatchObject({ mean: 0, low: 0, high: 0, chance: 1, certain: false });
  });

  it('compares every two of three', () => {
    const all = [0.5, 0.6, 0.7].map((share) => same(rightAt(share)));
    expect(compareOutcomes(all, 1).map(({ models }) => models)).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
    ]);
  });
});
