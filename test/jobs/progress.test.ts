import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ProgressReport } from '../../src/core/progress.js';
import { ProgressEstimate } from '../../src/jobs/progress-estimate.js';
import { throttledProgress } from '../../src/jobs/throttled-progress.js';

const report = (done: number, stage = 'train', total = 100): ProgressReport => ({ stage, done, total, unit: 'steps' });

describe('ProgressEstimate', () => {
  it('says how long a stage will still take from its rate so far', () => {
    let now = 0;
    const progress = new ProgressEstimate(() => now);
    expect(progress.estimate(report(10))).toEqual(report(10));
    now = 5_000;

    // 20 steps in 5 s: 70 more take 17.5 s.
    expect(progress.estimate(report(30))).toEqual({ ...report(30), etaSeconds: 18 });
    now = 20_000;
    expect(progress.estimate(report(100))).toMatchObject({ etaSeconds: 0 });
  });

  it('starts again with a new stage, and says nothing where the end is unknown', () => {
    let now = 0;
    const progress = new ProgressEstimate(() => now);
    progress.estimate(report(90));
    now = 1_000;

    expect(progress.estimate(report(0, 'index'))).not.toHaveProperty('etaSeconds');
    now = 2_000;
    expect(progress.estimate(report(50, 'index'))).toMatchObject({ etaSeconds: 1 });
    expect(progress.estimate({ stage: 'index', done: 60, unit: 'steps' })).not.toHaveProperty('etaSeconds');
  });
});

describe('throttledProgress', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('tells the first and the last of a stage at once, and of those between what is newest', () => {
    vi.useFakeTimers();
    const told: [string, number][] = [];
    const tell = throttledProgress(
      (each) => told.push([each.stage, each.done]),
      () => performance.now(),
      200,
    );
    for (let done = 0; done <= 50; done++) tell(report(done));
    expect(told).toEqual([['train', 0]]);
    vi.advanceTimersByTime(250);
    expect(told.at(-1)).toEqual(['train', 50]);

    tell(report(100));
    tell(report(0, 'index'));
    expect(told.slice(2)).toEqual([
      ['train', 100],
      ['index', 0],
    ]);
    vi.advanceTimersByTime(1_000);
    expect(told).toHaveLength(4);
  });
});
