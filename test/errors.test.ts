import { describe, expect, it } from 'vitest';
import { AppError, ERRORS, isDiskFull } from '../src/errors.js';

describe('errors', () => {
  it.each(Object.entries(ERRORS))('%s has a status, a sentence and a remedy', (code, row) => {
    expect(code).toMatch(/^[A-Z][A-Z_]+$/);
    expect(row.status).toBeGreaterThanOrEqual(400);
    expect(row.status).toBeLessThan(600);
    expect(row.remedy).toMatch(/\.$/);
  });

  it('carry their code, status, remedy and cause', () => {
    const cause = new Error('below');
    const error = new AppError('ITEM_NOT_FOUND', { itemId: 'a' }, { cause });

    expect(error).toMatchObject({ code: 'ITEM_NOT_FOUND', status: 404, cause });
    expect(error.message).toContain('"a"');
  });

  it('know a full disk whoever reports it', () => {
    expect(isDiskFull(Object.assign(new Error(), { code: 'ENOSPC' }))).toBe(true);
    expect(isDiskFull(Object.assign(new Error(), { code: 'SQLITE_FULL' }))).toBe(true);
    expect(isDiskFull(new Error('other'))).toBe(false);
    expect(isDiskFull(null)).toBe(false);
  });
});
