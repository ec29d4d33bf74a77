import { describe, expect, it } from 'vitest';
import { probeSqlite } from '../../src/catalogue/probe-sqlite.js';

describe('the probe of better-sqlite3', () => {
  it('says that it runs where it lives through a collection of garbage', async () => {
    expect(await probeSqlite()).toMatchObject({ works: true });
  });

  it('says what to do where the process ends', async () => {
    const { works, why } = await probeSqlite('console.error("Assertion failed: env"); process.abort()');

    expect(works).toBe(false);
    expect(why).toContain('Assertion failed: env');
    expect(why).toContain('npm_config_target=24.18.0 npm rebuild better-sqlite3');
  });

  it('says to build it again where it does not load', async () => {
    const { works, why } = await probeSqlite('throw new Error("another NODE_MODULE_VERSION")');

    expect(works).toBe(false);
    expect(why).toContain('another NODE_MODULE_VERSION');
    expect(why).toContain('`npm rebuild better-sqlite3`');
  });
});
