import { describe, expect, it } from 'vitest';
import { bentTo, type Course, drawnSteps, inTime, stepOfSchedule } from '../../src/training/course.js';
import { learningRate } from '../../src/training/learning-rate.js';

const straight: Course = { steps: 1000, seconds: 500 };
const rate = (course: Course, step: number) =>
  learningRate({ steps: drawnSteps(course), peak: 0.1, warmUp: 20, floor: 0.01 }, stepOfSchedule(course, step));

describe('a course', () => {
  it('goes through its schedule step by step while nothing moves its end', () => {
    for (const step of [0, 1, 333, 999]) expect(stepOfSchedule(straight, step)).toBe(step);
    expect(drawnSteps(straight)).toBe(1000);
  });

  it.each([
    ['earlier', 700],
    ['later', 1900],
  ])('neither jumps nor starts over where its end moves to an %s step, and ends at the floor', (_, steps) => {
    const bent = bentTo(straight, 400, steps);

    expect(bent.steps).toBe(steps);
    expect(rate(bent, 400)).toBe(rate(straight, 400));
    for (let step = 401; step < steps; step++) expect(rate(bent, step)).toBeLessThanOrEqual(rate(bent, step - 1));
    expect(rate(bent, steps - 1)).toBeCloseTo(0.001, 4);
  });

  it('may bend more than once', () => {
    const twice = bentTo(bentTo(straight, 400, 700), 600, 1200);

    expect(drawnSteps(twice)).toBe(1000);
    expect(stepOfSchedule(twice, 600)).toBeCloseTo(800, 9);
    expect(stepOfSchedule(twice, 900)).toBeCloseTo(900, 9);
    expect(stepOfSchedule(twice, 1200)).toBeCloseTo(1000, 9);
  });
});

describe('ending in time', () => {
  it('lets be what ends at about the right time, and what nobody gave minutes', () => {
    expect(inTime(straight, 400, 200, 0.5)).toBeUndefined();
    expect(inTime(straight, 400, 210, 0.505)).toBeUndefined();
    expect(inTime({ steps: 1000 }, 400, 200, 5)).toBeUndefined();
    expect(inTime(straight, 1000, 900, 0.9)).toBeUndefined();
  });

  it('takes fewer steps where they have become slow, and more where fast', () => {
    expect(inTime(straight, 400, 200, 0.75)).toMatchObject({ steps: 800, seconds: 500 });
    expect(inTime(straight, 400, 200, 0.25)).toMatchObject({ steps: 1600 });
  });

  it('takes one more step where the time is over', () => {
    expect(inTime(straight, 400, 600, 0.5)).toMatchObject({ steps: 401 });
  });
});
