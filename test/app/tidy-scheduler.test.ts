import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { type Looking, lookEvery } from '../../src/app/look-every.js';
import { openStores, type Stores } from '../../src/app/stores.js';
import { createTidyScheduler } from '../../src/app/tidy-scheduler.js';
import { readConfig } from '../../src/config.js';
import { noLog } from '../../src/core/log.js';
import { freshHome } from './drawings-folder.js';

const HOUR = 3_600_000;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function openHome(settings: Record<string, string> = {}) {
  const { environment: folders } = await freshHome();
  const clock = { now: 1_800_000_000_000 };
  const environment = {
    config: readConfig({ ...folders, ...settings }),
    now: () => clock.now,
    newId: randomUUID,
    log: noLog,
    version: '0.0.0',
    cores: 1,
  };
  const stores = await openStores(environment);
  closers.push(() => stores.close());
  const schedule = (): Looking => {
    const scheduler = createTidyScheduler(environment, stores, 10);
    closers.push(() => scheduler.close());
    return scheduler;
  };
  return { stores, clock, schedule };
}

const tidyings = (stores: Stores) => stores.catalogue.jobs.list({ kind: 'tidy', limit: 10 });
const aWhile = (): Promise<void> => new Promise((go) => setTimeout(go, 120));

async function finish(stores: Stores): Promise<void> {
  const [job] = await stores.catalogue.jobs.list({ kind: 'tidy', state: 'running', limit: 1 });
  if (job) await stores.catalogue.jobs.finish(job.jobId, job.attempt, { state: 'succeeded', result: {} });
}

const begin = (stores: Stores) => stores.catalogue.jobs.claim('w', ['tidy'], HOUR);

describe('tidying once a day', () => {
  it('is queued a day after the first look, and a day after it was last asked for, once at a time', async () => {
    const { stores, clock, schedule } = await openHome();
    schedule();
    await aWhile();
    clock.now += 23 * HOUR;
    await aWhile();
    expect(await tidyings(stores)).toEqual([]);

    clock.now += HOUR;
    await expect.poll(() => tidyings(stores)).toHaveLength(1);
    expect(await tidyings(stores)).toMatchObject([{ kind: 'tidy', collection: 'default', input: {} }]);
    await begin(stores);
    clock.now += 30 * HOUR;
    await aWhile();
    expect(await tidyings(stores)).toHaveLength(1);

    await finish(stores);
    await expect.poll(() => tidyings(stores)).toHaveLength(2);
    await begin(stores);
    await finish(stores);
    clock.now += 23 * HOUR;
    await aWhile();
    expect(await tidyings(stores)).toHaveLength(2);
  });

  it('counts from the same moment after a restart, and beside another server', async () => {
    const { stores, clock, schedule } = await openHome();
    const first = schedule();
    await aWhile();
    first.close();
    clock.now += 24 * HOUR;
    schedule();
    schedule();

    await expect.poll(() => tidyings(stores)).toHaveLength(1);
    await aWhile();
    expect(await tidyings(stores)).toHaveLength(1);
  });

  it('is filed under another collection where there is no default, and waits where there is none', async () => {
    const { stores, clock, schedule } = await openHome();
    await stores.catalogue.collections.delete('default');
    schedule();
    await aWhile();
    clock.now += 24 * HOUR;
    await aWhile();
    expect(await tidyings(stores)).toEqual([]);

    await stores.catalogue.collections.put('shoes', {});
    await expect.poll(() => tidyings(stores)).toMatchObject([{ collection: 'shoes' }]);
  });

  it('is as frequent as the setting says, and never where it says 0', async () => {
    const often = await openHome({ KINDRED_TIDY_EVERY_HOURS: '0.5' });
    const never = await openHome({ KINDRED_TIDY_EVERY_HOURS: '0' });
    for (const { schedule } of [often, never]) schedule();
    await aWhile();
    for (const { clock } of [often, never]) clock.now += 0.5 * HOUR;

    await expect.poll(() => tidyings(often.stores)).toHaveLength(1);
    never.clock.now += 1_000 * HOUR;
    await aWhile();
    expect(await tidyings(never.stores)).toEqual([]);
  });
});

describe('lookEvery', () => {
  it('looks again after a look that failed, and never twice at once', async () => {
    let [looks, atOnce, most] = [0, 0, 0];
    const failures: unknown[] = [];
    const looking = lookEvery(
      5,
      async () => {
        looks++;
        most = Math.max(most, ++atOnce);
        await new Promise((go) => setTimeout(go, 20));
        atOnce--;
        if (looks === 1) throw new Error('bad luck');
      },
      (cause) => failures.push(cause),
    );
    await expect.poll(() => looks).toBeGreaterThan(2);
    looking.close();
    await aWhile();
    const then = looks;
    await aWhile();

    expect([looks, most, failures.length]).toEqual([then, 1, 1]);
  });
});
