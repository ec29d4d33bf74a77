import { describe, expect, it } from 'vitest';
import { isDue, type Policy, type Situation } from '../../src/retraining/policy.js';

const HOUR = 3_600_000;
const due = (policy: Partial<Policy>, situation: Partial<Situation>) =>
  isDue(
    { after: 0, everyHours: 0, ...policy },
    { of: 'picture', fresh: 0, trainedAt: 0, now: 100 * HOUR, asked: false, ...situation },
  );

describe('a retraining is due', () => {
  it('when somebody asks, whatever else is so', () => {
    expect(due({}, { asked: true })).toEqual({ due: true, why: 'it was asked for' });
  });

  it('when as many pictures are new as the setting says, and not one before', () => {
    expect(due({ after: 50 }, { fresh: 49 }).due).toBe(false);
    expect(due({ after: 50 }, { fresh: 50 })).toEqual({
      due: true,
      why: '50 pictures are new, and 50 make it due',
    });
  });

  it('says what is new', () => {
    expect(due({ after: 5 }, { of: 'event', fresh: 7 }).why).toBe('7 events are new, and 5 make it due');
    expect(due({ after: 5 }, { of: 'event', fresh: 0 }).why).toBe('no event is new');
  });

  it('when enough hours have passed and anything is new', () => {
    expect(due({ everyHours: 24 }, { fresh: 1, now: 23.9 * HOUR }).due).toBe(false);
    expect(due({ everyHours: 24 }, { fresh: 1, now: 24 * HOUR }).due).toBe(true);
    expect(due({ everyHours: 24 }, { fresh: 0, now: 1000 * HOUR })).toEqual({
      due: false,
      why: 'no picture is new',
    });
  });

  it('by time, when no model was ever trained on the collection', () => {
    expect(due({ everyHours: 24 }, { fresh: 3, trainedAt: undefined }).due).toBe(true);
    expect(due({ after: 5 }, { fresh: 3, trainedAt: undefined }).due).toBe(false);
  });

  it('never by itself, when both settings are 0', () => {
    expect(due({}, { fresh: 1e9, now: 1e15 })).toMatchObject({ due: false });
    expect(due({}, { fresh: 1e9, now: 1e15, trainedAt: undefined })).toMatchObject({ due: false });
  });
});
