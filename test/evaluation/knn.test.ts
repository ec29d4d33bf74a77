import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { dot } from '../../src/core/vectors.js';
import { knn, knnAccuracy } from '../../src/evaluation/knn.js';
import { rowProducts } from '../../src/evaluation/row-products.js';
import { countRows, type Rows } from '../../src/evaluation/rows.js';
import { rowAt, unitSphere } from './unit-sphere.js';

/** Sorts the whole gallery. */
function knnByTheBook(queries: Rows, gallery: Rows, k: number, leaveOut = (_query: number) => -1): number[][] {
  return Array.from({ length: countRows(queries) }, (_, query) =>
    Array.from({ length: countRows(gallery) }, (_unused, row) => ({
      row,
      similarity: dot(rowAt(queries, query), rowAt(gallery, row)),
    }))
      .filter(({ row }) => row !== leaveOut(query))
      .sort((a, b) => b.similarity - a.similarity || a.row - b.row)
      .slice(0, k)
      .map(({ row }) => row),
  );
}

const lists = (rows: Int32Array, k: number): number[][] =>
  Array.from({ length: rows.length / k }, (_, i) => Array.from(rows.subarray(i * k, (i + 1) * k)));

const flat = (...rows: number[][]): Rows => ({ values: Float32Array.from(rows.flat()), dimension: rows[0]!.length });

describe('row products', () => {
  it('agree with dot products, over several blocks', async () => {
    const random = new Random(1);
    const a = unitSphere(210, 7, random);
    const b = unitSphere(90_000, 7, random);
    const seen: number[] = [];
    for await (const { start, count, products } of rowProducts(a, b)) {
      for (let i = 0; i < count; i++) {
        seen.push(start + i);
        for (const j of [0, 1, 44_444, 89_999])
          expect(products[i * 90_000 + j]).toBeCloseTo(dot(rowAt(a, start + i), rowAt(b, j)), 5);
      }
    }
    expect(seen).toEqual(Array.from({ length: 210 }, (_, i) => i));
  });

  it('refuse rows of different lengths and give nothing for no rows', async () => {
    const random = new Random(1);
    await expect(rowProducts(unitSphere(2, 3, random), unitSphere(2, 4, random)).next()).rejects.toThrow(RangeError);
    const none = { values: new Float32Array(0), dimension: 3 };
    expect((await rowProducts(none, unitSphere(2, 3, random)).next()).done).toBe(true);
  });
});

describe('knn', () => {
  it.each([1, 3, 20])('finds the %d rows that sorting everything finds', async (k) => {
    const random = new Random(2);
    const gallery = unitSphere(150, 6, random);
    const queries = unitSphere(40, 6, random);

    const found = await knn(queries, gallery, k);

    expect(lists(found.rows, k)).toEqual(knnByTheBook(queries, gallery, k));
    expect(found.similarities[0]).toBeCloseTo(dot(rowAt(queries, 0), rowAt(gallery, found.rows[0]!)), 5);
  });

  it('gives equal rows in the order of their numbers', async () => {
    const gallery = flat([0, 1], [1, 0], [1, 0], [0, 1], [1, 0]);
    expect(lists((await knn(flat([1, 0]), gallery, 4)).rows, 4)).toEqual([[1, 2, 4, 0]]);
  });

  it('leaves a row out where it is told to', async () => {
    const rows = unitSphere(60, 5, new Random(3));
    const leaveOut = (query: number) => query;
    const found = await knn(rows, rows, 5, { leaveOut });
    expect(lists(found.rows, 5)).toEqual(knnByTheBook(rows, rows, 5, leaveOut));
  });

  it('refuses a k that the gallery does not have', async () => {
    const rows = unitSphere(5, 3, new Random(3));
    await expect(knn(rows, rows, 6)).rejects.toThrow(RangeError);
    await expect(knn(rows, rows, 5, { leaveOut: (i) => i })).rejects.toThrow(RangeError);
  });
});

describe('kNN accuracy', () => {
  const gallery = flat([1, 0], [0.9, Math.sqrt(0.19)], [0.8, 0.6], [0.6, 0.8], [0, 1]);
  const accuracy = async (k: number, label: number, labels: number[]) =>
    knnAccuracy(await knn(flat([1, 0]), gallery, 5), k, [label], labels);

  it('is the plain majority of k', async () => {
    expect(await accuracy(3, 7, [1, 7, 7, 1, 1])).toBe(1);
    expect(await accuracy(5, 7, [1, 7, 7, 1, 1])).toBe(0);
    expect(await accuracy(1, 1, [1, 7, 7, 1, 1])).toBe(1);
  });

  it('gives a tie to the label that is nearer', async () => {
    expect(await accuracy(4, 1, [1, 7, 7, 1, 1])).toBe(1);
    expect(await accuracy(4, 7, [7, 1, 1, 7, 1])).toBe(1);
    expect(await accuracy(2, 7, [1, 7, 7, 1, 1])).toBe(0);
  });

  it('refuses a k beyond what was found', async () => {
    await expect(accuracy(6, 1, [1, 1, 1, 1, 1])).rejects.toThrow(RangeError);
  });
});
