import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { unit } from '../../src/core/vectors.js';
import { neighbourhoods, neighbourOverlap } from '../../src/evaluation/neighbourhoods.js';

const COUNT = 60;
function rowsAtRandom(seed: number, dimension = 8) {
  const random = new Random(seed);
  const values = new Float32Array(COUNT * dimension);
  for (let row = 0; row < COUNT; row++)
    values.set(unit(Float32Array.from({ length: dimension }, () => random.normal())), row * dimension);
  return { values, dimension };
}

describe('neighbourhoods', () => {
  it('finds the ten nearest others of each row, as sorting all of them does', async () => {
    const rows = rowsAtRandom(1);
    const row = (i: number) => rows.values.subarray(i * 8, (i + 1) * 8);
    const similarity = (a: number, b: number) => row(a).reduce((sum, value, k) => sum + value * row(b)[k]!, 0);

    const found = await neighbourhoods(rows);

    for (let i = 0; i < COUNT; i++) {
      const others = Array.from({ length: COUNT }, (_, j) => j).filter((j) => j !== i);
      const nearest = others.sort((a, b) => similarity(i, b) - similarity(i, a)).slice(0, 10);
      expect([...found.subarray(i * 10, (i + 1) * 10)]).toEqual(nearest);
    }
  });

  it('finds all others where there are fewer than ten', async () => {
    const rows = { values: Float32Array.of(1, 0, 0, 1, 0.6, 0.8), dimension: 2 };

    expect([...(await neighbourhoods(rows))]).toEqual([2, 1, 2, 0, 1, 0]);
  });
});

describe('neighbourOverlap', () => {
  it('is the mean share of neighbours that both have, in any order', () => {
    expect(neighbourOverlap(Int32Array.of(1, 2, 0, 2), Int32Array.of(2, 1, 3, 0), 2)).toBe(0.75);
  });

  it('is 1 for the same space, and about k / (count − 1) for two that have nothing to do with each other', async () => {
    const [one, other] = [await neighbourhoods(rowsAtRandom(1)), await neighbourhoods(rowsAtRandom(2))];

    expect(neighbourOverlap(one, one, COUNT)).toBe(1);
    expect(Math.abs(neighbourOverlap(one, other, COUNT) - 10 / 59)).toBeLessThan(0.05);
  });

  it('refuses neighbours of another number', () => {
    expect(() => neighbourOverlap(Int32Array.of(1), Int32Array.of(1, 2), 1)).toThrow(RangeError);
  });
});
