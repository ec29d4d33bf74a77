import { describe, expect, it } from 'vitest';
import { courseOfMinutes, stepsBetweenProbes, stepsOfBudget } from '../../src/training/plan-steps.js';

describe('planning the steps of a budget', () => {
  it('fills what is left of the minutes, looks and ending included', () => {
    const { steps } = courseOfMinutes(10, 3, 400, { step: 0.1, probe: 1, ending: 6 });

    const seconds = 3 + steps * 0.1 + Math.ceil(steps / 400) * 1 + 6;
    expect(seconds).toBeLessThan(600);
    expect(seconds).toBeGreaterThan(560);
  });

  it('takes one step where the minutes are spent already', () => {
    expect(courseOfMinutes(0.1, 30, 400, { step: 0.1, probe: 1, ending: 6 }).steps).toBe(1);
  });

  it('knows steps and epochs without measuring', () => {
    expect(stepsOfBudget({ steps: 7 }, 400)).toBe(7);
    expect(stepsOfBudget({ epochs: 2.5 }, 400)).toBe(1000);
    expect(stepsOfBudget({ epochs: 0.001 }, 4)).toBe(1);
  });

  it('looks once an epoch, but neither every few steps nor every few thousand', () => {
    expect([3, 250, 9000].map(stepsBetweenProbes)).toEqual([100, 250, 500]);
  });
});
