import { describe, expect, it } from 'vitest';
import { learningRate } from '../../src/training/learning-rate.js';

const schedule = { steps: 1000, peak: 0.1, warmUp: 20, floor: 0.01 };

describe('learningRate', () => {
  it('rises in equal steps to the peak', () => {
    expect(learningRate(schedule, 0)).toBeCloseTo(0.1 / 21, 10);
    expect(learningRate(schedule, 9)).toBeCloseTo((0.1 * 10) / 21, 10);
    expect(learningRate(schedule, 20)).toBeCloseTo(0.1, 10);
  });

  it('is half way down in the middle, and ends at 1% of the peak', () => {
    expect(learningRate(schedule, 20 + 979 / 2)).toBeCloseTo((0.1 * 1.01) / 2, 10);
    expect(learningRate(schedule, 999)).toBeCloseTo(0.001, 10);
  });

  it('never rises again after the warm-up, and is never zero', () => {
    for (let step = 21; step < 1000; step++) {
      expect(learningRate(schedule, step)).toBeLessThanOrEqual(learningRate(schedule, step - 1));
      expect(learningRate(schedule, step)).toBeGreaterThan(0);
    }
  });

  it('warms up for a tenth of a short run at most', () => {
    expect(learningRate({ ...schedule, steps: 50 }, 5)).toBeCloseTo(0.1, 10);
    expect(learningRate({ ...schedule, steps: 1 }, 0)).toBeCloseTo(0.1, 10);
  });
});
