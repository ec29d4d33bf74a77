import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Looking } from '../../src/app/look-every.js';
import { createRetrainScheduler } from '../../src/app/retrain-scheduler.js';
import { openStores, type Stores } from '../../src/app/stores.js';
import { readConfig } from '../../src/config.js';
import { fingerprint } from '../../src/core/fingerprint.js';
import { noLog } from '../../src/core/log.js';
import { freshHome } from './drawings-folder.js';

const opened: { stores: Stores; scheduler: Looking }[] = [];
afterEach(async () => {
  for (const { stores, scheduler } of opened.splice(0)) {
    scheduler.close();
    await stores.close();
  }
});

async function schedule(settings: Record<string, string>): Promise<Stores> {
  const { environment: folders } = await freshHome();
  const environment = {
    config: readConfig({ ...folders, ...settings }),
    now: () => 1_800_000_000_000,
    newId: randomUUID,
    log: noLog,
    version: '0.0.0',
    cores: 1,
  };
  const stores = await openStores(environment);
  opened.push({ stores, scheduler: createRetrainScheduler(environment, stores, 20) });
  return stores;
}

/** Rows as an upload leaves them; nobody opens the pictures here. */
const picture = (content: string) => ({ content, mime: 'image/png', width: 8, height: 8, sizeBytes: 100 });

const bring = (stores: Stores, count: number, bare = false): Promise<unknown> =>
  stores.catalogue.items.put(
    'default',
    Array.from({ length: count }, (_, i) => ({
      itemId: bare ? `bare${i}` : `i${i}`,
      attributes: { at: i },
      ...(bare ? {} : { picture: picture(fingerprint(`${i}`)) }),
    })),
  );

const retrainings = async (stores: Stores) =>
  (await stores.catalogue.jobs.list({ collection: 'default', limit: 10 })).filter((job) => job.kind === 'retrain');
const aWhile = (): Promise<void> => new Promise((go) => setTimeout(go, 250));

describe('retraining by policy', () => {
  it('is queued once enough is new, and not again for the same state', async () => {
    const stores = await schedule({ KINDRED_RETRAIN_AFTER_PICTURES: '5' });
    await bring(stores, 4);
    await bring(stores, 20, true);
    await aWhile();
    expect(await retrainings(stores)).toEqual([]);

    await bring(stores, 6);
    await expect.poll(() => retrainings(stores)).toHaveLength(1);
    await aWhile();
    expect(await retrainings(stores)).toHaveLength(1);
  });

  it('is never queued where no policy is set', async () => {
    const stores = await schedule({});
    await bring(stores, 50);
    await aWhile();

    expect(await retrainings(stores)).toEqual([]);
  });
});
