import { expect, it } from 'vitest';
import { POSTGRES_MISSING } from '../catalogue/postgres-server.js';
import { hasChromium } from '../web/open-page.js';

const FOUND: Readonly<Record<string, () => boolean>> = {
  chromium: () => hasChromium,
  postgres: () => !POSTGRES_MISSING,
};

/** Where a run must not pass tests over (`KINDRED_TEST_REQUIRE=chromium,postgres`), a missing program is a failure. */
const required = (process.env.KINDRED_TEST_REQUIRE ?? '').split(',').filter(Boolean);

it.skipIf(required.length === 0)('finds every program that this run requires', () => {
  expect(required.filter((name) => !(FOUND[name]?.() ?? false))).toEqual([]);
});
