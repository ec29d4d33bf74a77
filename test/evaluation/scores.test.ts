import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { alignment, deviation, effectiveRank, scores, uniformity } from '../../src/evaluation/scores.js';

/** Rows of unit length around the sphere, as nested arrays and flat. */
function sampleRows(count: number, dimension: number, seed = 1): { rows: number[][]; flat: Float32Array } {
  const random = new Random(seed);
  const rows = Array.from({ length: count }, () => {
    const row = Array.from({ length: dimension }, () => random.normal());
    const length = Math.hypot(...row);
    return row.map((value) => Math.fround(value / length));
  });
  return { rows, flat: Float32Array.from(rows.flat()) };
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const squared = (a: readonly number[], b: readonly number[]): number => sum(a.map((value, k) => (value - b[k]!) ** 2));

/** Equation 2 of Wang and Isola, typed out. */
const alignmentByTheBook = (a: number[][], b: number[][]): number =>
  sum(a.map((row, i) => Math.hypot(...row.map((value, k) => value - b[i]![k]!)) ** 2)) / a.length;

/** Equation 3 of Wang and Isola over all ordered pairs of different rows, typed out. */
function uniformityByTheBook(z: number[][], t: number): number {
  const potentials = z.flatMap((a, i) => z.filter((_, j) => j !== i).map((b) => Math.exp(-t * squared(a, b))));
  return Math.log(sum(potentials) / potentials.length);
}

/** Singular values by one-sided Jacobi rotations (Hestenes) on the rows: slow, and of another family. */
function singularByTheBook(z: number[][]): number[] {
  const rows = z.map((row) => [...row]);
  const dot = (a: number[], b: number[]): number => sum(a.map((value, k) => value * b[k]!));
  for (let sweep = 0; sweep < 40; sweep++) {
    for (let i = 0; i < rows.length; i++) {
      for (let j = i + 1; j < rows.length; j++) {
        const a = rows[i]!;
        const b = rows[j]!;
        const cross = dot(a, b);
        if (Math.abs(cross) < 1e-15) continue;
        const zeta = (dot(b, b) - dot(a, a)) / (2 * cross);
        const tangent = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const c = 1 / Math.hypot(1, tangent);
        rows[i] = a.map((value, k) => c * value - c * tangent * b[k]!);
        rows[j] = b.map((value, k) => c * tangent * a[k]! + c * value);
      }
    }
  }
  const values = rows.map((row) => Math.hypot(...row)).sort((a, b) => b - a);
  return values.slice(0, z[0]!.length);
}

/** Equation 4 of RankMe. */
function effectiveRankByTheBook(z: number[][]): number {
  const singular = singularByTheBook(z);
  const shares = singular.map((value) => value / sum(singular) + 1e-7);
  return Math.exp(-sum(shares.map((share) => share * Math.log(share))));
}

describe('alignment', () => {
  it('agrees with the paper', () => {
    const a = sampleRows(9, 5, 1);
    const b = sampleRows(9, 5, 2);
    expect(alignment(a.flat, b.flat, 5)).toBeCloseTo(alignmentByTheBook(a.rows, b.rows), 10);
  });

  it('is 0 for equal views and 4 for opposite ones', () => {
    const { flat } = sampleRows(6, 4);
    expect(alignment(flat, flat, 4)).toBe(0);
    expect(
      alignment(
        flat,
        flat.map((x) => -x),
        4,
      ),
    ).toBeCloseTo(4, 5);
  });

  it('refuses views that do not pair up', () => {
    expect(() => alignment(new Float32Array(8), new Float32Array(4), 4)).toThrow('Expected 8 numbers');
  });
});

describe('uniformity', () => {
  it.each([0.5, 2, 5])('agrees with the paper at t = %d', (t) => {
    const { rows, flat } = sampleRows(12, 6);
    expect(uniformity(flat, 6, t)).toBeCloseTo(uniformityByTheBook(rows, t), 10);
  });

  it('is 0 where all rows are one point, and −8 for two opposite points at t = 2', () => {
    expect(uniformity(Float32Array.from([1, 0, 1, 0, 1, 0]), 2)).toBe(0);
    expect(uniformity(Float32Array.from([1, 0, -1, 0]), 2)).toBeCloseTo(-8, 10);
  });

  it('takes t = 2 unless told otherwise', () => {
    const { rows, flat } = sampleRows(7, 3);
    expect(uniformity(flat, 3)).toBeCloseTo(uniformityByTheBook(rows, 2), 10);
  });
});

describe('effective rank', () => {
  it.each([
    [5, 9],
    [9, 5],
    [8, 8],
  ])('agrees with the paper for %d rows of %d numbers', (count, dimension) => {
    const { rows, flat } = sampleRows(count, dimension);
    expect(effectiveRank(flat, dimension)).toBeCloseTo(effectiveRankByTheBook(rows), 5);
  });

  it('is the number of orthogonal rows, 1 when every row is the same, and 1 for zeros', () => {
    const identity = Float32Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 1 : 0));
    expect(effectiveRank(identity, 4)).toBeCloseTo(4, 4);
    expect(effectiveRank(new Float32Array(40).fill(0.5), 4)).toBeCloseTo(1, 3);
    expect(effectiveRank(new Float32Array(12), 4)).toBe(1);
  });
});

describe('effective rank at collapse', () => {
  it.each([
    [120, 512],
    [500, 64],
    [300, 300],
  ])(
    'is 1 for %d equal rows of %d numbers, which leave nothing but rounding beside one eigenvalue',
    (count, dimension) => {
      const row = Float32Array.from({ length: dimension }, (_, k) => Math.cos(k) / Math.sqrt(dimension));
      const rows = Float32Array.from({ length: count * dimension }, (_, at) => row[at % dimension]!);
      expect(effectiveRank(rows, dimension)).toBeLessThan(1.05);
    },
  );
});

describe('deviation', () => {
  it('is the mean over dimensions of the standard deviation', () => {
    // dimension 0: 1, 3 → 1; dimension 1: 5, 5 → 0
    expect(deviation(Float32Array.from([1, 5, 3, 5]), 2)).toBeCloseTo(0.5, 12);
  });

  it('is about 1/√d for unit rows that are spread evenly, and 0 for a constant', () => {
    expect(deviation(sampleRows(4000, 16).flat, 16)).toBeCloseTo(0.25, 2);
    expect(deviation(new Float32Array(64).fill(0.3), 8)).toBeCloseTo(0, 8);
  });

  it('is not fooled by rows that differ from each other by a constant', () => {
    const shifted = sampleRows(500, 8).flat.map((x) => x + 100);
    expect(deviation(shifted, 8)).toBeCloseTo(deviation(sampleRows(500, 8).flat, 8), 4);
  });
});

describe('scores', () => {
  it('gives all four, and alignment only where there are second views', () => {
    const { flat } = sampleRows(10, 4);
    expect(Object.keys(scores(flat, 4))).toEqual(['uniformity', 'effectiveRank', 'deviation']);
    expect(scores(flat, 4, flat)).toMatchObject({ alignment: 0, deviation: deviation(flat, 4) });
  });

  it('refuses rows that are cut short', () => {
    expect(() => scores(new Float32Array(7), 4)).toThrow('rows of 4 numbers, received 7');
    expect(() => deviation(new Float32Array(0), 4)).toThrow(RangeError);
  });
});
