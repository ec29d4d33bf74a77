import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { reindex } from '../../../src/app/index-line.js';
import { jobHandlers } from '../../../src/app/job-handlers.js';
import { openStores, type Stores } from '../../../src/app/stores.js';
import { tidy } from '../../../src/app/tidy/tidy.js';
import { emptyReport, type TidyReport } from '../../../src/app/tidy/tidying.js';
import type { Catalogue } from '../../../src/catalogue/catalogue.js';
import { readConfig } from '../../../src/config.js';
import type { Log } from '../../../src/core/log.js';
import { silentWork } from '../../../src/indexing/index-builder.js';
import { readIndexManifest } from '../../../src/indexing/index-manifest.js';
import { openLiveIndexes } from '../../../src/indexing/live-indexes.js';
import { seededVectors } from '../../contracts/vector-store.contract.js';
import { freshHome } from '../drawings-folder.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const vectors = seededVectors(60, 8, 21);

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

async function openHome(settings: Record<string, string> = {}) {
  const home = await freshHome();
  // Files have the system's time, so that is where this clock begins; tests move it on.
  const clock = { ahead: 0 };
  const logged: { level: string; fields: object }[] = [];
  const at = (level: string) => (fields: object) => void logged.push({ level, fields });
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  const environment = {
    config: readConfig({ ...home.environment, ...settings }),
    now: () => Date.now() + clock.ahead,
    newId: randomUUID,
    log,
    version: '0.0.0',
    cores: 1,
  };
  const stores = await openStores(environment);
  opened.push(stores);
  const run = (options: { dryRun?: boolean; catalogue?: Partial<Catalogue>; signal?: AbortSignal } = {}) =>
    tidy(
      environment,
      { ...stores, catalogue: { ...stores.catalogue, ...options.catalogue } },
      { work: { ...silentWork, ...options }, dryRun: options.dryRun ?? false },
    );
  return { ...home, environment, stores, clock, logged, tidy: run };
}

const report = (some: Partial<TidyReport>): TidyReport => ({ ...emptyReport(), ...some });

async function bringVectors({ catalogue }: Stores, count = 30): Promise<void> {
  await catalogue.collections.put('v', { encoder: 'none', dimension: 8 });
  await catalogue.items.put(
    'v',
    vectors.slice(0, count).map((vector, i) => {
      const itemId = `i${i}`;
      return { itemId, embeddings: [{ itemId, content: 'vector', modelId: 'none', vector }] };
    }),
  );
}

/** An item whose picture is these bytes. */
async function bringPicture({ catalogue, blobs }: Stores, itemId: string, bytes: string): Promise<string> {
  const content = await blobs.put(Buffer.from(bytes));
  const picture = { content, mime: 'image/png', width: 4, height: 4, sizeBytes: bytes.length };
  await catalogue.items.put('default', [{ itemId, picture }]);
  return content;
}

const blobAt = (data: string, content: string): string =>
  join(data, 'blobs', content.slice(0, 2), content.slice(2, 4), content);

describe('tidying releases and indexes', () => {
  async function threeReleases(home: Awaited<ReturnType<typeof openHome>>) {
    const { environment, stores } = home;
    await bringVectors(stores);
    const released = [];
    for (const itemId of ['i1', 'i2', 'i3']) {
      released.push(await reindex(environment, stores, { collection: 'v', work: silentWork }));
      await stores.catalogue.items.delete('v', itemId);
    }
    return released;
  }
  const folders = (stores: Stores) => readdirSync(stores.indexesFolder).toSorted();

  it('keeps what one may go back to, and takes away the rest: rows, folders, and the log below them', async () => {
    const home = await openHome();
    const { stores, clock } = home;
    const [first, second, third] = await threeReleases(home);
    expect(await home.tidy()).toEqual(report({ compacted: expect.any(Number) }));
    expect(folders(stores)).toHaveLength(3);

    clock.ahead = 169 * HOUR;
    const { revision } = await readIndexManifest(stores.indexesFolder, second!.indexId);
    const through = await stores.catalogue.log.compactedThrough('v');
    const dry = await home.tidy({ dryRun: true });
    expect(dry).toMatchObject({ releases: 1, indexes: 1, compacted: 2, freedBytes: expect.any(Number), failed: [] });
    expect(folders(stores)).toHaveLength(3);
    expect(await stores.catalogue.log.compactedThrough('v')).toBe(through);

    expect(await home.tidy()).toEqual(dry);

    const left = await stores.catalogue.releases.list('v');
    expect(left.map((each) => each.releaseId).toSorted()).toEqual([second!.releaseId, third!.releaseId].toSorted());
    expect(folders(stores)).toEqual([second!.indexId, third!.indexId].toSorted());
    expect(first!.indexId).not.toBe(second!.indexId);
    expect(await stores.catalogue.log.compactedThrough('v')).toBe(revision);
    expect(await home.tidy()).toEqual(report({}));
  });

  it('leaves a catalogue from which a server starts, and goes back, with nothing undead', async () => {
    const home = await openHome();
    const { stores, clock, environment } = home;
    const [, second, third] = await threeReleases(home);
    clock.ahead = 300 * HOUR;
    await home.tidy();

    const { catalogue, embedders, indexesFolder, blobs } = stores;
    const live = openLiveIndexes({
      catalogue,
      embedders,
      indexesFolder,
      readBlob: (content) => blobs.get(content),
      log: environment.log,
    });
    opened.push(live);
    for (const { releaseId } of [third!, second!]) {
      await catalogue.releases.activate(releaseId);
      await (await live.get('v')).serving(releaseId);
      const view = await live.get('v');
      expect([view.releaseId, view.size()]).toEqual([releaseId, 27]);
      const hits = (await view.nearest(vectors[3]!, 30)).map(({ itemId }) => itemId);
      expect(hits).toHaveLength(27);
      for (const gone of ['i1', 'i2', 'i3']) expect(hits).not.toContain(gone);
    }
    expect(home.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('takes away folders that nothing names and drafts of killed builds, once they are an hour old', async () => {
    const home = await openHome();
    const { stores, environment } = home;
    await bringVectors(stores);
    const { indexId } = await reindex(environment, stores, { collection: 'v', work: silentWork });
    const make = (name: string): string => {
      mkdirSync(join(stores.indexesFolder, name));
      writeFileSync(join(stores.indexesFolder, name, 'graph.hnsw'), '0123456789');
      return name;
    };
    const [orphan, draft] = [make('index-orphan'), make('.draft-index-x-0123456789ab')];
    writeFileSync(join(stores.indexesFolder, 'README'), 'a file of somebody');
    expect(await home.tidy()).toEqual(report({}));

    home.clock.ahead = 2 * HOUR;
    make('.draft-index-y-0123456789ab');
    utimesSync(join(stores.indexesFolder, '.draft-index-y-0123456789ab'), 1, 1);
    const soon = (Date.now() + home.clock.ahead) / 1000;
    utimesSync(join(stores.indexesFolder, '.draft-index-y-0123456789ab', 'graph.hnsw'), soon, soon);

    expect(await home.tidy({ dryRun: true })).toEqual(report({ indexes: 2, freedBytes: 20 }));
    expect(await home.tidy()).toEqual(report({ indexes: 2, freedBytes: 20 }));
    expect(folders(stores)).toEqual(['.draft-index-y-0123456789ab', 'README', indexId].toSorted());
    expect(folders(stores)).not.toContain(orphan);
    expect(folders(stores)).not.toContain(draft);
  });

  it('spares an index that a release has come to name since the first look', async () => {
    const home = await openHome();
    const { stores, environment, clock } = home;
    await bringVectors(stores);
    const { indexId } = await reindex(environment, stores, { collection: 'v', work: silentWork });
    clock.ahead = 2 * HOUR;
    let looks = 0;
    const { releases } = stores.catalogue;
    const late: Catalogue['releases'] = {
      ...releases,
      // As if the release were added between the two looks of this step (the first of all is the collection's own).
      list: async (name) => (name === 'v' && ++looks <= 2 ? [] : releases.list(name)),
    };

    expect(await home.tidy({ catalogue: { releases: late } })).toMatchObject({ indexes: 0 });
    expect([looks, existsSync(join(stores.indexesFolder, indexId))]).toEqual([4, true]);
  });

  it('does not compact where a kept index does not say what it contains', async () => {
    const home = await openHome();
    const [, second] = await threeReleases(home);
    writeFileSync(join(home.stores.indexesFolder, second!.indexId, 'manifest.json'), '{');

    await home.tidy();
    home.clock.ahead = 300 * HOUR;
    expect(await home.tidy()).toMatchObject({ releases: 1, compacted: 0 });
  });
});

describe('tidying embeddings', () => {
  it('drops those of models that nothing names any more, and keeps the rest', async () => {
    const home = await openHome();
    const { stores, clock } = home;
    const { catalogue } = stores;
    const shipped = (await stores.embedders.defaultModelId())!;
    await catalogue.collections.put('own', { encoder: 'of-the-collection' });
    const models = [shipped, 'of-the-collection', 'released', 'dropped'];
    const content = await bringPicture(stores, 'a', 'a picture');
    const picture = { content, mime: 'image/png', width: 4, height: 4, sizeBytes: 9 };
    const embeddings = models.map((modelId) => ({ itemId: 'a', content, modelId, vector: Float32Array.of(1, 2) }));
    for (const collection of ['default', 'own'])
      await catalogue.items.put(collection, [{ itemId: 'a', picture, embeddings }]);
    const release = { releaseId: 'r', collection: 'own', indexId: 'x', modelId: 'released', origin: 'reindex' };
    await catalogue.releases.add(release);
    await catalogue.releases.activate('r');
    await catalogue.embeddings.use('own', 'dropped');

    expect(await home.tidy({ dryRun: true })).toMatchObject({ embeddings: 4 });
    expect(await home.tidy()).toMatchObject({ embeddings: 3 });
    expect(await catalogue.embeddings.models('default')).toEqual([shipped]);
    expect(await catalogue.embeddings.models('own')).toEqual(
      ['dropped', 'of-the-collection', 'released', shipped].toSorted(),
    );

    clock.ahead = 25 * HOUR;
    expect(await home.tidy()).toMatchObject({ embeddings: 1 });
    expect(await catalogue.embeddings.models('own')).toEqual(['of-the-collection', 'released', shipped].toSorted());
  });
});

describe('tidying pictures', () => {
  it('puts what no item refers to into the trash after a day, and deletes it a day later', async () => {
    const home = await openHome();
    const { stores, data, clock } = home;
    const kept = await bringPicture(stores, 'kept', 'kept');
    const dropped = await bringPicture(stores, 'dropped', 'dropped');
    await stores.blobs.derived(dropped, '64.webp', async () => Buffer.from('tiny'));
    await stores.catalogue.items.delete('default', 'dropped');
    expect((await home.tidy()).pictures).toEqual({ trashed: 0, restored: 0, deleted: 0 });

    clock.ahead = 25 * HOUR;
    expect((await home.tidy({ dryRun: true })).pictures).toEqual({ trashed: 1, restored: 0, deleted: 0 });
    expect(existsSync(blobAt(data, dropped))).toBe(true);
    expect(await home.tidy()).toEqual(
      report({ pictures: { trashed: 1, restored: 0, deleted: 0 }, freedBytes: 'tiny'.length }),
    );
    expect(readdirSync(join(data, 'blobs', 'trash'))).toEqual([dropped]);

    clock.ahead += 23 * HOUR;
    expect((await home.tidy()).pictures).toEqual({ trashed: 0, restored: 0, deleted: 0 });
    clock.ahead += 2 * HOUR;
    const last = report({ pictures: { trashed: 0, restored: 0, deleted: 1 }, freedBytes: 'dropped'.length });
    expect(await home.tidy({ dryRun: true })).toEqual(last);
    expect(await home.tidy()).toEqual(last);
    expect(readdirSync(join(data, 'blobs', 'trash'))).toEqual([]);
    expect(String(await stores.blobs.get(kept))).toBe('kept');
    expect(await stores.blobs.get(dropped)).toBeUndefined();
  });

  it('leaves alone what somebody stores again, whose row is still to come', async () => {
    const home = await openHome();
    const { stores, clock } = home;
    await bringPicture(stores, 'other', 'other');
    const content = await stores.blobs.put(Buffer.from('coming'));
    clock.ahead = 100 * HOUR;
    await stores.blobs.put(Buffer.from('coming'));
    expect((await home.tidy()).pictures.trashed).toBe(0);

    clock.ahead += 25 * HOUR;
    expect((await home.tidy()).pictures.trashed).toBe(1);
    await bringPicture(stores, 'came', 'coming');
    clock.ahead += 100 * HOUR;
    expect((await home.tidy()).pictures).toEqual({ trashed: 0, restored: 0, deleted: 0 });
    expect(String(await stores.blobs.get(content))).toBe('coming');
  });

  it('puts back what an item refers to after all, and serves it in between', async () => {
    const home = await openHome();
    const { stores, data } = home;
    const content = await bringPicture(stores, 'a', 'a picture');
    await stores.blobs.upkeep.trash(content);

    expect((await home.tidy()).pictures).toEqual({ trashed: 0, restored: 1, deleted: 0 });
    expect(existsSync(blobAt(data, content))).toBe(true);
    await stores.blobs.upkeep.trash(content);
    expect(String(await stores.blobs.get(content))).toBe('a picture');
  });

  it('takes away what killed writers left', async () => {
    const home = await openHome();
    const { stores, data } = home;
    const content = await bringPicture(stores, 'a', 'a picture');
    const draft = join(blobAt(data, content), '..', `.draft-${content}-0123456789ab`);
    writeFileSync(draft, 'half');
    await home.tidy();
    expect(existsSync(draft)).toBe(true);

    home.clock.ahead = 25 * HOUR;
    expect(await home.tidy()).toEqual(report({ freedBytes: 4 }));
    expect(existsSync(draft)).toBe(false);
  });

  it('touches none where it can not be told what items refer to', async () => {
    const home = await openHome();
    const { stores, data } = home;
    const content = await bringPicture(stores, 'a', 'a picture');
    await stores.catalogue.collections.put('bad', {});
    home.clock.ahead = 100 * HOUR;
    const { items } = stores.catalogue;
    const failing: Catalogue['items'] = {
      ...items,
      contents: async (name, page) => {
        if (name === 'default') throw new Error('the disk says no');
        return items.contents(name, page);
      },
    };

    const outcome = await home.tidy({ catalogue: { items: failing } });
    expect(outcome).toMatchObject({ failed: ['pictures'], pictures: { trashed: 0 } });
    expect(existsSync(blobAt(data, content))).toBe(true);
  });
});

describe('tidying jobs and caches', () => {
  it('forgets jobs that ended a month ago', async () => {
    const home = await openHome();
    const { jobs } = home.stores.catalogue;
    for (const kind of ['reindex', 'train']) {
      await jobs.enqueue({ kind, collection: 'default', input: {} });
      const job = (await jobs.claim('w', [kind], DAY))!;
      await jobs.finish(job.jobId, job.attempt, { state: 'succeeded', result: {} });
      home.clock.ahead += 20 * DAY;
    }
    await jobs.enqueue({ kind: 'retrain', collection: 'default', input: {} });

    expect(await home.tidy({ dryRun: true })).toEqual(report({ jobs: 1 }));
    expect(await home.tidy()).toEqual(report({ jobs: 1 }));
    expect((await jobs.list({ limit: 9 })).map(({ kind }) => kind)).toEqual(['retrain', 'train']);
  });

  it('removes prepared pixels and checkpoints that nobody has used for a month', async () => {
    const home = await openHome();
    const put = (path: string[], age: number): string => {
      const file = join(home.data, ...path);
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, '01234567');
      const time = (Date.now() - age) / 1000;
      utimesSync(file, time, time);
      utimesSync(join(file, '..'), time, time);
      return file;
    };
    const old = [
      put(['samples', '8x8x3-a', 'old.pixels'], 31 * DAY),
      put(['checkpoints', 'a', 'x.checkpoint'], 31 * DAY),
    ];
    const kept = [
      put(['samples', '8x8x3-b', 'used.pixels'], 29 * DAY),
      put(['samples', '8x8x3-b', 'notes.txt'], 31 * DAY),
      put(['checkpoints', 'b', 'x.checkpoint'], 29 * DAY),
    ];

    const expected = report({ preparedPixels: 1, checkpoints: 1, freedBytes: 16 });
    expect(await home.tidy({ dryRun: true })).toEqual(expected);
    expect([...old, ...kept].every(existsSync)).toBe(true);
    expect(await home.tidy()).toEqual(expected);
    expect([...old, ...kept].map(existsSync)).toEqual([false, false, true, true, true]);
    expect(existsSync(join(home.data, 'samples', '8x8x3-a'))).toBe(true);
  });
});

describe('a tidying', () => {
  it('goes on where one collection fails, and names it', async () => {
    const home = await openHome();
    const { stores, environment, clock } = home;
    await bringVectors(stores);
    for (let i = 0; i < 3; i++) await reindex(environment, stores, { collection: 'v', work: silentWork });
    await stores.catalogue.collections.put('bad', {});
    clock.ahead = 300 * HOUR;
    const { embeddings } = stores.catalogue;
    const failing: Catalogue['embeddings'] = {
      ...embeddings,
      models: async (name) => {
        if (name === 'bad') throw new Error('the disk says no');
        return embeddings.models(name);
      },
    };

    const outcome = await home.tidy({ catalogue: { embeddings: failing } });
    expect(outcome).toMatchObject({ failed: ['collection bad'], releases: 1, indexes: 1 });
    expect(home.logged.filter(({ level }) => level === 'error')).toMatchObject([
      { fields: { what: 'collection bad' } },
    ]);
  });

  it('stops where it is told to', async () => {
    const home = await openHome();
    await bringPicture(home.stores, 'a', 'a picture');

    await expect(home.tidy({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('refuses the data folder of another catalogue, and leaves files alone where it knows of none', async () => {
    const mine = await openHome();
    await bringPicture(mine.stores, 'a', 'a picture');
    await mine.tidy({ dryRun: true });
    expect(existsSync(join(mine.data, 'catalogue.id'))).toBe(false);
    await mine.tidy();

    const other = await openHome();
    const orphan = await other.stores.blobs.put(Buffer.from('whose?'));
    other.clock.ahead = 100 * HOUR;
    expect((await other.tidy()).pictures.trashed).toBe(0);
    expect(existsSync(blobAt(other.data, orphan))).toBe(true);

    writeFileSync(join(other.data, 'catalogue.id'), readFileSync(join(mine.data, 'catalogue.id')));
    await expect(other.tidy()).rejects.toMatchObject({
      code: 'SETTINGS_INVALID',
      message: expect.stringContaining('another catalogue'),
    });
    expect(existsSync(blobAt(other.data, orphan))).toBe(true);
  });

  it('is a kind of job, with the report as its result', async () => {
    const home = await openHome();
    await bringPicture(home.stores, 'a', 'a picture');
    await home.stores.blobs.put(Buffer.from('nobody'));
    home.clock.ahead = 25 * HOUR;
    const told: string[] = [];
    const result = await jobHandlers(home.environment, home.stores).tidy!({
      ...silentWork,
      jobId: 'j',
      attempt: 1,
      collection: 'default',
      input: {},
      progress: ({ note }) => note !== undefined && told.push(note),
    });

    expect(result).toEqual(report({ pictures: { trashed: 1, restored: 0, deleted: 0 } }));
    expect(told).toEqual([
      'collection default',
      'events of default',
      'indexes',
      'behaviour models',
      'pictures',
      'prepared pixels',
      'checkpoints',
      'jobs',
    ]);
  });
});

describe('tidying events', () => {
  const weights = { view: 1, click: 1, cart: 1, purchase: 1, like: 1, dislike: 1, impression: 1 };
  async function bring({ stores, environment }: Awaited<ReturnType<typeof openHome>>) {
    const { events } = stores.catalogue;
    const now = environment.now();
    const old = Array.from({ length: 1_201 }, (_, i) => ({
      itemId: `i${i % 5}`,
      kind: 'view' as const,
      time: now - 31 * DAY - i,
      userId: 'u',
    }));
    await events.add('default', [
      { itemId: 'i0', kind: 'view', time: now - 29 * DAY, userId: 'u' },
      ...old,
      { itemId: 'i9', kind: 'like', time: now + HOUR, userId: 'u' },
    ]);
    return events;
  }

  it('takes none away where no retention is set, whatever their age', async () => {
    const home = await openHome();
    const events = await bring(home);

    expect(await home.tidy()).toEqual(report({}));
    expect(await events.count('default')).toBe(1_203);
  });

  it('takes away what happened longer ago than the retention, and out of the counts', async () => {
    const home = await openHome({ KINDRED_EVENT_RETENTION_DAYS: '30' });
    const events = await bring(home);

    expect(await home.tidy({ dryRun: true })).toEqual(report({ events: 1_201 }));
    expect(await events.count('default')).toBe(1_203);
    expect(await home.tidy()).toEqual(report({ events: 1_201 }));

    expect(await events.popular('default', weights, 9)).toEqual([
      { itemId: 'i0', weight: 1 },
      { itemId: 'i9', weight: 1 },
    ]);
    expect((await events.of('default', { userId: 'u' }, 9)).map(({ itemId }) => itemId)).toEqual(['i9', 'i0']);
    expect(await home.tidy()).toEqual(report({}));
  });
});
