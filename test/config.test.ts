import { describe, expect, it } from 'vitest';
import { eventWeights, readConfig, settingsTable } from '../src/config.js';
import { AppError } from '../src/errors.js';
import { KIND_WEIGHTS } from '../src/recommend/plan.js';

describe('settings', () => {
  it('have defaults for everything but what has none', () => {
    expect(readConfig({})).toMatchObject({
      KINDRED_PORT: 8080,
      KINDRED_HOST: '127.0.0.1',
      KINDRED_DATA: './index-data',
    });
  });

  it('take an empty variable for one that is not set', () => {
    expect(readConfig({ KINDRED_PORT: '' }).KINDRED_PORT).toBe(8080);
  });

  it('name every mistake at once', () => {
    try {
      readConfig({ KINDRED_PORT: '99999', KINDRED_ENGINE: 'abacus', DATABASE_URL: 'mysql://x' });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
      expect((error as AppError).message).toMatch(/KINDRED_PORT[\s\S]*|KINDRED_ENGINE/);
      for (const name of ['KINDRED_PORT', 'KINDRED_ENGINE', 'DATABASE_URL'])
        expect((error as AppError).message).toContain(name);
    }
  });

  it('weigh kinds of events as the planner does where nothing else is set', () => {
    expect(eventWeights(readConfig({}).KINDRED_EVENT_WEIGHTS)).toEqual(KIND_WEIGHTS);
    const { KINDRED_EVENT_WEIGHTS } = readConfig({ KINDRED_EVENT_WEIGHTS: 'view=0.5, dislike=-9' });
    expect(eventWeights(KINDRED_EVENT_WEIGHTS)).toEqual({ ...KIND_WEIGHTS, view: 0.5, dislike: -9 });
  });

  it.each(['stare=1', 'view', 'view=', 'view=much', 'view=1e9', 'view=NaN', 'view=1,view=2', 'view=1,', '=1'])(
    'refuse %j as weights of kinds',
    (KINDRED_EVENT_WEIGHTS) => {
      expect(() => readConfig({ KINDRED_EVENT_WEIGHTS })).toThrow('KINDRED_EVENT_WEIGHTS');
    },
  );

  it('keep events for ever where no retention is set, and refuse one that is not a time', () => {
    expect(readConfig({}).KINDRED_EVENT_RETENTION_DAYS).toBeUndefined();
    expect(readConfig({ KINDRED_EVENT_RETENTION_DAYS: '0.5' }).KINDRED_EVENT_RETENTION_DAYS).toBe(0.5);
    for (const days of ['0', '-1', 'long'])
      expect(() => readConfig({ KINDRED_EVENT_RETENTION_DAYS: days })).toThrow('KINDRED_EVENT_RETENTION_DAYS');
  });

  it('say what each is for', () => {
    for (const row of settingsTable()) expect(row.says.length).toBeGreaterThan(10);
  });
});
