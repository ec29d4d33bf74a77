import { expect, it } from 'vitest';
import { rankCorrelation } from '../../bench/rank-correlation.js';

it.each([
  [[1, 2, 3], [10, 20, 90], 1],
  [[1, 2, 3], [9, 5, 1], -1],
  // 1 − 6 · (0 + 1 + 1 + 0) / (4 · 15)
  [[1, 2, 3, 4], [1, 3, 2, 4], 0.8],
  // ranks 1, 2.5, 2.5, 4 beside 1 to 4
  [[1, 2, 2, 3], [1, 2, 3, 4], 4.5 / Math.sqrt(4.5 * 5)],
])('ranks %j beside %j: %d', (one, other, expected) => {
  expect(rankCorrelation(one, other)).toBeCloseTo(expected, 12);
});

it('is no number where nothing can be ranked, and refuses lists of two lengths', () => {
  expect(rankCorrelation([1, 1], [1, 2])).toBeNaN();
  expect(rankCorrelation([], [])).toBeNaN();
  expect(() => rankCorrelation([1], [1, 2])).toThrow('Expected 1 values, received 2.');
});
