import { describe, expect, it } from 'vitest';
import { isDue, type Policy, type Situation } from '../../src/retraining/policy.js';

const HOUR = 3_600_000;
const due = (policy: Partial<Policy>, situation: Partial<Situation>) =>
  isDue(
    { afterPictures: 0, everyHours: 0, ...policy },
    { newPictures: 0, trainedAt: 0, now: 100 * HOUR, asked: false, ...situation },
  );

describe('a retraining is due', () => {
  it('when somebody asks, whatever else is so', () => {
    expect(due({}, { asked: true })).toEqual({ due: true, why: 'it was asked for' });
  });

  it('when as many pictures are new as the setting says, and not one before', () => {
    expect(due({ afterPictures: 50 }, { newPictures: 49 }).due).toBe(false);
    expect(due({ afterPictures: 50 }, { newPictures: 50 })).toEqual({
      due: true,
      why: '50 pictures are new, and 50 make it due',
    });
  });

  it('when enough hours have passed and anything is new', () => {
    expect(due({ everyHours: 24 }, { newPictures: 1, now: 23.9 * HOUR }).due).toBe(false);
    expect(due({ everyHours: 24 }, { newPictures: 1, now: 24 * HOUR }).due).toBe(true);
    expect(due({ everyHours: 24 }, { newPictures: 0, now: 1000 * HOUR })).toEqual({
      due: false,
      why: 'no picture is new',
    });
  });

  it('by time, when no model was ever trained on the collection', () => {
    expect(due({ everyHours: 24 }, { newPictures: 3, trainedAt: undefined }).due).toBe(true);
    expect(due({ afterPictures: 5 }, { newPictures: 3, trainedAt: undefined }).due).toBe(false);
  });

  it('never by itself, when both settings are 0', () => {
    expect(due({}, { newPictures: 1e9, now: 1e15 })).toMatchObject({ due: false });
    expect(due({}, { newPictures: 1e9, now: 1e15, trainedAt: undefined })).toMatchObject({ due: false });
  });
});
