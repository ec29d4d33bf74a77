import { expect, it } from 'vitest';
import { gainAt, rankOf } from '../../src/core/rank.js';

it('ranks among what is not skipped, and ties count half', () => {
  expect(rankOf([3, 2, 1], 1, [0, 0, 0])).toBe(2);
  expect(rankOf([3, 2, 1], 1, [1, 0, 0])).toBe(1);
  expect(rankOf([5, 5, 5, 5], 2, [0, 0, 0, 0])).toBe(2.5);
});

it('discounts by rank, and gives nothing beyond k', () => {
  expect(gainAt(1, 10)).toBe(1);
  expect(gainAt(3, 10)).toBe(0.5);
  expect(gainAt(10.5, 10)).toBe(0);
});
