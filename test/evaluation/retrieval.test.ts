import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { dot } from '../../src/core/vectors.js';
import { retrieval } from '../../src/evaluation/retrieval.js';
import { countRows, type Rows } from '../../src/evaluation/rows.js';
import { rowAt, unitSphere } from './unit-sphere.js';

/** The definitions, over a sorted list; wrong rows go before right ones of the same similarity. */
function retrievalByTheBook(
  queries: Rows,
  gallery: Rows,
  queryLabels: number[],
  galleryLabels: number[],
  self = false,
) {
  const each = queryLabels.flatMap((label, query) => {
    const ranking = galleryLabels
      .map((other, row) => ({
        row,
        right: other === label,
        similarity: Math.fround(dot(rowAt(queries, query), rowAt(gallery, row))),
      }))
      .filter(({ row }) => !self || row !== query)
      .sort((a, b) => b.similarity - a.similarity || Number(a.right) - Number(b.right));
    const precisions = ranking.flatMap((hit, i) =>
      hit.right ? [ranking.slice(0, i + 1).filter(({ right }) => right).length / (i + 1)] : [],
    );
    if (precisions.length === 0) return [];
    const first = ranking.findIndex(({ right }) => right) + 1;
    const average = precisions.reduce((a, b) => a + b, 0) / precisions.length;
    return [{ at1: Number(first <= 1), at5: Number(first <= 5), reciprocal: 1 / first, average }];
  });
  const mean = (key: 'at1' | 'at5' | 'reciprocal' | 'average') =>
    each.reduce((sum, q) => sum + q[key], 0) / each.length;
  return { at1: mean('at1'), at5: mean('at5'), reciprocal: mean('reciprocal'), average: mean('average') };
}

const labelled = (count: number, classes: number, random: Random) =>
  Array.from({ length: count }, () => random.int(classes));

describe('retrieval', () => {
  it.each([2, 30])('agrees with the definitions for %d labels', async (classes) => {
    const random = new Random(5);
    const [queries, gallery] = [unitSphere(30, 4, random), unitSphere(80, 4, random)];
    const labels = { queries: labelled(30, classes, random), gallery: labelled(80, classes, random) };

    const found = await retrieval(queries, gallery, labels);

    const expected = retrievalByTheBook(queries, gallery, labels.queries, labels.gallery);
    expect(found.recallAt1).toBeCloseTo(expected.at1, 10);
    expect(found.recallAt5).toBeCloseTo(expected.at5, 10);
    expect(found.meanReciprocalRank).toBeCloseTo(expected.reciprocal, 10);
    expect(found.meanAveragePrecision).toBeCloseTo(expected.average, 10);
  });

  it('agrees where a query is itself in the gallery and does not count', async () => {
    const random = new Random(6);
    const rows = unitSphere(60, 5, random);
    const labels = labelled(60, 12, random);

    const found = await retrieval(rows, rows, { queries: labels, gallery: labels }, { leaveOut: (query) => query });

    const expected = retrievalByTheBook(rows, rows, labels, labels, true);
    expect(found.recallAt1).toBeCloseTo(expected.at1, 10);
    expect(found.meanAveragePrecision).toBeCloseTo(expected.average, 10);
  });

  it('is perfect for equal rows with labels of their own', async () => {
    const rows = unitSphere(20, 8, new Random(7));
    const labels = Array.from({ length: 20 }, (_, i) => i);
    expect(await retrieval(rows, rows, { queries: labels, gallery: labels })).toEqual({
      recallAt1: 1,
      recallAt5: 1,
      meanReciprocalRank: 1,
      meanAveragePrecision: 1,
      queries: 20,
    });
  });

  it('finds nothing where everything is one point: a tie is no hit', async () => {
    const point: Rows = { values: new Float32Array(20).fill(Math.SQRT1_2), dimension: 2 };
    const labels = Array.from({ length: 10 }, (_, i) => i);
    const found = await retrieval(point, point, { queries: labels, gallery: labels });
    expect(found.recallAt1).toBe(0);
    expect(found.meanReciprocalRank).toBeCloseTo(0.1, 10);
  });

  it('leaves out queries that have nothing to find', async () => {
    const rows = unitSphere(4, 3, new Random(8));
    const found = await retrieval(rows, rows, { queries: [0, 1, 2, 99], gallery: [0, 1, 2, 3] });
    expect(found).toMatchObject({ queries: 3, recallAt1: 1 });
    const none = await retrieval(rows, rows, { queries: [9, 9, 9, 9], gallery: [0, 1, 2, 3] });
    expect(none).toMatchObject({ queries: 0, recallAt1: 0 });
    expect(countRows(rows)).toBe(4);
  });
});
