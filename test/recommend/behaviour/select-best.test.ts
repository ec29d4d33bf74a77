import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.js';
import { selectBest } from '../../../src/recommend/behaviour/select-best.js';

const byNumber = (a: number, b: number): number => a - b;

describe('the best of many scores', () => {
  it.each([0, 1, 7, 500, 3_000, 9_999])('are those that a sort of all would put first: %d', (count) => {
    const random = new Random(count + 1);
    // Rounded, so that there are ties, and one score far out, so that most stand in few buckets.
    const scores = Float32Array.from({ length: 3_000 }, (_, i) => (i === 7 ? 1e6 : Math.round(random.normal() * 50)));
    const sorted = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b);

    expect(selectBest(scores, count, byNumber)).toEqual(sorted.slice(0, count));
  });

  it('are ordered by the tie alone where all scores are equal', () => {
    expect(selectBest(new Float32Array(5), 3, (a, b) => b - a)).toEqual([4, 3, 2]);
    expect(selectBest(new Float32Array(0), 3, byNumber)).toEqual([]);
  });
});
