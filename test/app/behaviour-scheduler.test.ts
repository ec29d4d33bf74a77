import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { createBehaviourScheduler } from '../../src/app/behaviour-scheduler.js';
import { openReleaseSwitch } from '../../src/app/index-line.js';
import { jobHandlers } from '../../src/app/job-handlers.js';
import type { Looking } from '../../src/app/look-every.js';
import { openStores, type Stores } from '../../src/app/stores.js';
import { readConfig } from '../../src/config.js';
import { noLog } from '../../src/core/log.js';
import { silentWork } from '../../src/indexing/index-builder.js';
import { freshHome } from './drawings-folder.js';

const HOUR = 3_600_000;
const opened: { stores: Stores; scheduler: Looking }[] = [];
afterEach(async () => {
  for (const { stores, scheduler } of opened.splice(0)) {
    scheduler.close();
    await stores.close();
  }
});

/** A shop of five items under a policy, with a clock that tests move by hand, and a worker that runs when it is told to. */
async function openShop(settings: Record<string, string>) {
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
  const scheduler = createBehaviourScheduler(environment, stores, 20);
  opened.push({ stores, scheduler });
  const { collections, events, items, jobs } = stores.catalogue;
  await collections.put('shop', { encoder: 'none', dimension: 2 });
  for (let i = 0; i < 5; i++) {
    const itemId = `i${i}`;
    const vector = Float32Array.of(Math.cos(i), Math.sin(i));
    await items.put('shop', [{ itemId, embeddings: [{ itemId, content: 'vector', modelId: 'none', vector }] }]);
  }
  let made = 0;
  const did = (count: number, kind: 'view' | 'impression' = 'view', itemIds = ['i0', 'i1', 'i2', 'i3', 'i4']) =>
    events.add(
      'shop',
      Array.from({ length: count }, () => {
        made++;
        return { userId: `u${made % 3}`, itemId: itemIds[made % itemIds.length]!, kind, time: made };
      }),
    );
  const queued = async () => (await jobs.list({ collection: 'shop', kind: 'behaviour', limit: 50 })).length;
  /** Claims the job that is queued, as a worker does; `end` runs it to its end. */
  async function work() {
    const job = await jobs.claim('worker', ['behaviour'], 15_000);
    if (!job) throw new Error('Nothing is queued.');
    return {
      async end(): Promise<string> {
        try {
          const result = await jobHandlers(environment, stores).behaviour!({ ...job, ...silentWork } as never);
          await jobs.finish(job.jobId, job.attempt, { state: 'succeeded', result });
          return (result as { releaseId: string }).releaseId;
        } catch (cause) {
          const { code, message } = cause as { code: string; message: string };
          await jobs.finish(job.jobId, job.attempt, { state: 'failed', error: { code, message } });
          return code;
        }
      },
    };
  }
  return { stores, clock, did, queued, work };
}

const aWhile = (): Promise<void> => new Promise((go) => setTimeout(go, 200));

describe('learning from behaviour by policy', () => {
  it('is queued after so many events, impressions apart, once at a time, and again after as many more', async () => {
    const shop = await openShop({ KINDRED_BEHAVIOUR_AFTER_EVENTS: '6' });
    await shop.did(5);
    await shop.did(20, 'impression');
    await aWhile();
    expect(await shop.queued()).toBe(0);

    await shop.did(1);
    await expect.poll(shop.queued).toBe(1);
    await shop.did(50);
    await aWhile();
    expect(await shop.queued()).toBe(1);
    const running = await shop.work();
    await shop.did(50);
    await aWhile();
    expect(await shop.queued()).toBe(1);

    await running.end();
    await shop.did(5);
    await aWhile();
    expect(await shop.queued()).toBe(1);
    await shop.did(1);
    await expect.poll(shop.queued).toBe(2);
  });

  it('is queued after so many hours where anything is new, and not where nothing is', async () => {
    const shop = await openShop({ KINDRED_BEHAVIOUR_EVERY_HOURS: '12' });
    await aWhile();
    expect(await shop.queued()).toBe(0);
    await shop.did(6);
    await expect.poll(shop.queued).toBe(1);
    await (await shop.work()).end();

    shop.clock.now += 13 * HOUR;
    await aWhile();
    expect(await shop.queued()).toBe(1);
    await shop.did(1);
    await expect.poll(shop.queued).toBe(2);
    await (await shop.work()).end();
    await shop.did(1);
    shop.clock.now += 11 * HOUR;
    await aWhile();
    expect(await shop.queued()).toBe(2);
    shop.clock.now += 2 * HOUR;
    await expect.poll(shop.queued).toBe(3);
  });

  it('waits anew where it failed, and leaves alone a release that somebody went back to', async () => {
    const shop = await openShop({ KINDRED_BEHAVIOUR_AFTER_EVENTS: '6' });
    await shop.did(6, 'view', ['of', 'nobody']);
    await expect.poll(shop.queued).toBe(1);
    expect(await (await shop.work()).end()).toBe('EVENTS_MISSING');
    await shop.did(5);
    await aWhile();
    expect(await shop.queued()).toBe(1);

    await shop.did(1);
    await expect.poll(shop.queued).toBe(2);
    const first = await (await shop.work()).end();
    await shop.did(6);
    await expect.poll(shop.queued).toBe(3);
    await (await shop.work()).end();
    await openReleaseSwitch(shop.stores).activate(first);
    await aWhile();
    expect(await shop.queued()).toBe(3);
  });

  it('is never queued where no policy is set', async () => {
    const shop = await openShop({});
    await shop.did(500);
    await aWhile();

    expect(await shop.queued()).toBe(0);
  });
});
