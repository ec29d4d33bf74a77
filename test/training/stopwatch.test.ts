import { describe, expect, it } from 'vitest';
import { NOTHING_SPENT, Stopwatch } from '../../src/training/stopwatch.js';

describe('Stopwatch', () => {
  it('adds up each part, on top of what was spent before, also where the work fails', async () => {
    let time = 0;
    const watch = new Stopwatch(() => time, { ...NOTHING_SPENT, step: 10 });
    const passes = (ms: number) => async () => {
      time += ms;
    };

    await watch.time('step', passes(700));
    await watch.time('views', passes(100));
    await watch
      .time('views', async () => {
        time += 100;
        throw new Error('failed');
      })
      .catch(() => {});

    expect(watch.spent).toEqual({ step: 10.7, views: 0.2, save: 0, judge: 0 });
  });

  it('says shares of the time since they were last asked for', async () => {
    let time = 0;
    const watch = new Stopwatch(() => time, { ...NOTHING_SPENT, step: 10 });
    await watch.time('step', () => {
      time += 900;
    });
    time += 100;
    expect(watch.shares()).toEqual({ stepShare: expect.closeTo(0.9), viewsShare: 0, saveShare: 0, judgeShare: 0 });

    await watch.time('judge', () => {
      time += 500;
    });

    expect(watch.shares()).toEqual({ stepShare: 0, viewsShare: 0, saveShare: 0, judgeShare: 1 });
  });
});
