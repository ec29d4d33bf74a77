import { describe, expect, it } from 'vitest';
import { readConfig, settingsTable } from '../src/config.js';
import { AppError } from '../src/errors.js';

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

  it('say what each is for', () => {
    for (const row of settingsTable()) expect(row.says.length).toBeGreaterThan(10);
  });
});
