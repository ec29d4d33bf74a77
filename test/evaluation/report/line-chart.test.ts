import { describe, expect, it } from 'vitest';
import { roundTicks } from '../../../src/evaluation/report/line-chart.js';

describe('roundTicks', () => {
  it.each([
    [0, 1],
    [0.0272, 0.0295],
    [-1.7, -1.54],
    [95.7, 132.4],
    [3, 3],
    [0, 0],
    [0, 12_345],
  ])('encloses %d to %d with a few round numbers, evenly spaced', (low, high) => {
    const { at, low: first, high: last } = roundTicks(low, high);

    expect(first).toBeLessThanOrEqual(low);
    expect(last).toBeGreaterThanOrEqual(high);
    expect(last).toBeGreaterThan(first);
    expect(at.length).toBeGreaterThanOrEqual(2);
    expect(at.length).toBeLessThanOrEqual(8);
    const step = at[1]! - at[0]!;
    for (const [i, tick] of at.entries()) expect(tick).toBeCloseTo(at[0]! + i * step, 9);
    expect(String(Number(step.toPrecision(6))).replaceAll(/[0.e+-]|e.*/g, '')).toMatch(/^[125]?$/);
  });
});
