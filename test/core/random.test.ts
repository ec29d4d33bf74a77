import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';

const draws = (random: Random, count = 5): number[] => Array.from({ length: count }, () => random.uint32());

describe('Random', () => {
  it('gives the same numbers for the same seed, and others for another', () => {
    expect(draws(new Random(7))).toEqual(draws(new Random(7)));
    expect(draws(new Random(7))).not.toEqual(draws(new Random(8)));
  });

  it('gives a child the same stream however much its parent drew before', () => {
    const fresh = new Random(7).fork('crop');
    const used = new Random(7);
    draws(used, 100);

    expect(draws(used.fork('crop'))).toEqual(draws(fresh));
    expect(draws(used.fork('flip'))).not.toEqual(draws(used.fork('crop')));
  });

  it('goes on from a saved position', () => {
    const random = new Random(3);
    draws(random, 10);
    const saved = random.save();
    const expected = draws(random, 4);

    const resumed = new Random(99);
    resumed.restore(saved);

    expect(draws(resumed, 4)).toEqual(expected);
  });

  it('is uniform enough for its mean, variance and every bucket', () => {
    const random = new Random(1);
    const buckets = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) buckets[random.int(10)]! += 1;

    for (const held of buckets) expect(Math.abs(held - 10_000)).toBeLessThan(400);
  });

  it('has standard normals', () => {
    const random = new Random(2);
    const values = Array.from({ length: 50_000 }, () => random.normal());
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;

    expect(mean).toBeCloseTo(0, 1);
    expect(variance).toBeCloseTo(1, 1);
  });

  it('permutes without losing anything', () => {
    expect([...new Random(4).permutation(100)].sort((a, b) => a - b)).toEqual([...Array(100).keys()]);
  });
});
