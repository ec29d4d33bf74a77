import { describe, expect, it } from 'vitest';
import type { CurvePoint } from '../../src/registry/registry.js';
import {
  type GuardState,
  judgeDivergence,
  judgeLook,
  type Start,
  UNTROUBLED,
} from '../../src/training/collapse-guard.js';

/** As the projections and features of a sound run are: of 32 numbers each. */
const point = (over: Partial<CurvePoint> = {}): CurvePoint => ({
  step: 100,
  epoch: 1,
  seconds: 1,
  loss: 0.5,
  effectiveRank: 20,
  deviation: 0.8 / Math.sqrt(32),
  recall: 0.4,
  projectionRank: 9,
  projectionSpread: 0.8,
  ...over,
});
const START: Start = { recall: 0.3, effectiveRank: 15, projectionSpread: 0.5 };
const judge = (
  last: Partial<CurvePoint>,
  state: Partial<GuardState> = {},
  more: { last?: boolean; start?: Start; fresh?: boolean } = {},
) =>
  judgeLook(
    { curve: [point(), point(last)], start: START, fresh: true, views: 512, dimension: 32, last: false, ...more },
    { ...UNTROUBLED, ...state },
  );

describe('judgeLook', () => {
  it('lets alone what is sound, also where a point of an older version does not say everything', () => {
    const { projectionRank: _, projectionSpread: __, ...older } = point();

    expect(judge({})).toEqual({ kind: 'sound' });
    const looked = { curve: [older as CurvePoint], fresh: true, views: 512, dimension: 32, last: true };
    expect(judgeLook(looked, UNTROUBLED)).toEqual({ kind: 'sound' });
  });

  it.each([
    ['features of one dimension', { effectiveRank: 1.01 }, /embeddings use 1\.01 of 32 dimensions/],
    ['features that are one', { deviation: 0 }, /spread 0\.00% of what they could \(loss 0\.500\)/],
    ['features that are no number', { effectiveRank: Number.NaN }, /use NaN of 32/],
    ['projections of one dimension', { projectionRank: 1.2 }, /projections, which the loss compares, use 1\.20/],
    ['projections that are one', { projectionSpread: 0.02 }, /projections.*spread 2\.00%, after 80\.00%/],
  ])('warns of %s, then goes back at a tenth of the rate, and stops at the third time', (_, collapsed, says) => {
    const saw = expect.stringMatching(says);

    expect(judge(collapsed)).toEqual({ kind: 'warn', saw, rateShare: 1 });
    expect(judge(collapsed, { troubled: 1 })).toEqual({ kind: 'restore', saw, rateShare: 0.1 });
    expect(judge(collapsed, { restores: 1, rateShare: 0.1 })).toMatchObject({ kind: 'restore', rateShare: 0.1 * 0.1 });
    expect(judge(collapsed, { restores: 2 })).toEqual({ kind: 'stop', saw, code: 'TRAINING_COLLAPSED' });
  });

  it('does not wait for another look where none comes', () => {
    expect(judge({ projectionRank: 1.2 }, {}, { last: true })).toMatchObject({ kind: 'restore' });
  });

  it('warns of projections that have shrunk to less than half, then halves the rate, then goes back, and never stops', () => {
    const shrunk = { projectionSpread: 0.39 };
    const saw =
      'at step 100 the projections, which the loss compares, spread 39.00% of what they could, and 80.00% before.';

    expect(judge(shrunk)).toEqual({ kind: 'warn', saw, rateShare: 1 });
    expect(judge(shrunk, { troubled: 1 })).toEqual({ kind: 'lower-rate', saw, rateShare: 0.5 });
    expect(judge(shrunk, { troubled: 2, rateShare: 0.5 })).toEqual({ kind: 'restore', saw, rateShare: 0.05 });
    expect(judge(shrunk, { troubled: 2, restores: 2 })).toMatchObject({ kind: 'warn' });
    expect(judge(shrunk, { troubled: 2 }, { last: true })).toMatchObject({ kind: 'warn' });
  });

  it('holds the spread of projections against the widest there was, before the first step too', () => {
    const narrow = { ...START, projectionSpread: 0.05 };
    const only = (projectionSpread: number, start: Start) =>
      judgeLook(
        { curve: [point({ projectionSpread })], start, fresh: true, views: 512, dimension: 32, last: false },
        UNTROUBLED,
      ).kind;

    expect(only(0.11, START)).toBe('sound');
    expect(only(0.09, START)).toBe('warn');
    expect(only(0.04, narrow)).toBe('sound');
  });

  it('warns of features that have lost dimensions and find no more than before the first step, then halves the rate', () => {
    const poor = { effectiveRank: 8, recall: 0.2 };
    const saw =
      'at step 100 the embeddings use 8.0 dimensions and find the other view 30.00% of the time; ' +
      'before the first step they used 15.0, and found it 30.00%.';

    expect(judge(poor)).toEqual({ kind: 'warn', saw, rateShare: 1 });
    expect(judge(poor, { troubled: 1 })).toEqual({ kind: 'lower-rate', saw, rateShare: 0.5 });
    expect(judge(poor, { troubled: 2 })).toMatchObject({ kind: 'restore' });
    expect(judge(poor, { troubled: 2, restores: 2 })).toMatchObject({ kind: 'warn' });
  });

  it('lets alone features that have lost dimensions and clearly find more, or find less and have lost none', () => {
    expect(judge({ effectiveRank: 8, recall: 0.4 })).toEqual({ kind: 'sound' });
    expect(judge({ effectiveRank: 9.1, recall: 0 })).toEqual({ kind: 'sound' });
  });

  it('lets a network that had learnt something lose dimensions, but not what it found as well', () => {
    const adapted = { fresh: false };

    expect(judge({ effectiveRank: 8, recall: 0.2 }, {}, adapted)).toEqual({ kind: 'sound' });
    expect(judge({ effectiveRank: 8, recall: 0 }, {}, adapted)).toMatchObject({ kind: 'warn' });
  });

  it('asks for more than chance: of few views a little more is no gain', () => {
    const looked = {
      curve: [point({ effectiveRank: 8, recall: 0.34 })],
      start: START,
      fresh: true,
      dimension: 32,
      last: false,
    };

    expect(judgeLook({ ...looked, views: 512 }, UNTROUBLED).kind).toBe('warn');
    expect(judgeLook({ ...looked, views: 51_200 }, UNTROUBLED).kind).toBe('sound');
  });

  it('lets alone what lies a little above its thresholds', () => {
    expect(judge({ projectionSpread: 0.41, projectionRank: 1.35 })).toEqual({ kind: 'sound' });
  });
});

describe('judgeDivergence', () => {
  it('goes back twice, each time at a tenth of the rate, and then stops', () => {
    const saw = 'at step 7 the loss was NaN.';

    expect(judgeDivergence(7, Number.NaN, UNTROUBLED)).toEqual({ kind: 'restore', saw, rateShare: 0.1 });
    expect(judgeDivergence(7, Number.NaN, { ...UNTROUBLED, restores: 1 })).toMatchObject({ kind: 'restore' });
    expect(judgeDivergence(7, Number.NaN, { ...UNTROUBLED, restores: 2 })).toEqual({
      kind: 'stop',
      saw,
      code: 'TRAINING_DIVERGED',
    });
  });
});
