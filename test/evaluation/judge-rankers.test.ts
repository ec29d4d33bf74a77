import { describe, expect, it } from 'vitest';
import { judgeRankers } from '../../src/evaluation/judge-rankers.js';

const NONE = { items: new Uint32Array(0), weights: new Float32Array(0) };
const order = (best: readonly number[]) => ({
  score: (_: unknown, into: Float32Array) => {
    into.fill(0);
    best.forEach((item, at) => {
      into[item] = best.length - at;
    });
  },
});
const base = { items: 40, people: 8, touchedBy: new Float64Array(40).fill(2), historyOf: () => NONE };
const judged = (best: readonly number[], targets: readonly number[], more = {}) =>
  judgeRankers(new Map([['it', order(best)]]), { ...base, questions: [{ person: 0, targets }], ...more }).get('it')!;

describe('judging recommendations', () => {
  it('knows figures without a computer', () => {
    const third = judged([7, 8, 9], [9]);
    expect([third.hitRate[0], third.gain[0]]).toEqual([1, 0.5]);
    expect(third.reciprocalRank[0]).toBeCloseTo(1 / 3, 12);
    expect(third.novelty).toBe(2); // two of eight people
    expect(third.coverage).toBe(10 / 40);
  });

  it('ranks whoever knows nothing in the middle', () => {
    const { hitRate, reciprocalRank } = judged([], [5]);
    expect(hitRate[0]).toBe(0);
    expect(reciprocalRank[0]).toBeCloseTo(1 / 20.5, 12);
  });

  it('does not have one held-out item stand in the way of another, nor what was seen', () => {
    expect([...judged([1, 2], [1, 2]).reciprocalRank]).toEqual([1]);
    const seen = { items: Uint32Array.of(1), weights: Float32Array.of(1) };
    expect([...judged([1, 2], [2], { historyOf: () => seen }).reciprocalRank]).toEqual([1]);
  });

  it('measures how far apart what is shown lies', () => {
    const alike = { dimension: 2, values: Float32Array.from({ length: 80 }, (_, i) => 1 - (i % 2)) };
    expect(judged([1], [1], { embeddings: alike }).diversity).toBeCloseTo(0, 12);
    const split = {
      dimension: 2,
      values: Float32Array.from({ length: 80 }, (_, i) => (i % 2 === (i >> 1) % 2 ? 1 : 0)),
    };
    expect(judged([1], [1], { embeddings: split }).diversity).toBeCloseTo(25 / 45, 6); // five of each, ten shown
    expect(judged([1], [1]).diversity).toBeUndefined();
  });
});
