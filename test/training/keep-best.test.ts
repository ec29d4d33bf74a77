import { describe, expect, it } from 'vitest';
import { isBest, looksSince, smoothedRecall } from '../../src/training/keep-best.js';

const curve = (...recalls: number[]) =>
  recalls.map((recall, i) => ({ step: 100 * (i + 1), epoch: i, seconds: i, loss: 1, recall }));

describe('the choice of the best look', () => {
  it('takes the mean of the last three recalls, or of as many as there are', () => {
    expect(smoothedRecall(curve(0.4))).toBe(0.4);
    expect(smoothedRecall(curve(0.2, 0.4))).toBeCloseTo(0.3, 12);
    expect(smoothedRecall(curve(0.9, 0.1, 0.2, 0.6))).toBeCloseTo(0.3, 12);
  });

  it('takes the first look, then what is better, and of equal ones the later', () => {
    expect(isBest(curve(0), undefined)).toBe(true);
    expect(isBest(curve(0.5), 0.6)).toBe(false);
    expect(isBest(curve(0.5), 0.5)).toBe(true);
  });

  it('counts the looks after the best', () => {
    expect(looksSince(curve(0.1, 0.3, 0.2, 0.2), 200)).toBe(2);
    expect(looksSince(curve(0.1, 0.3), 200)).toBe(0);
  });
});
