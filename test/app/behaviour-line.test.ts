import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { learnBehaviour } from '../../src/app/behaviour-line.js';
import { buildOf, openReleaseSwitch, reindex, releaseIndexAfter } from '../../src/app/index-line.js';
import { openServing } from '../../src/app/serving.js';
import { openStores, type Stores } from '../../src/app/stores.js';
import { tidy } from '../../src/app/tidy/tidy.js';
import { readConfig } from '../../src/config.js';
import { noLog } from '../../src/core/log.js';
import type { ProgressReport } from '../../src/core/progress.js';
import { Random } from '../../src/core/random.js';
import { unit } from '../../src/core/vectors.js';
import { silentWork } from '../../src/indexing/index-builder.js';
import { readBehaviourManifest } from '../../src/recommend/behaviour/behaviour-files.js';
import type { PlanRequest } from '../../src/recommend/planner.js';
import { POSTGRES_MISSING, type PostgresServer, postgresTitle, startPostgres } from '../catalogue/postgres-server.js';
import { runKindred } from '../cli/run-kindred.js';
import { type KindredServer, startServer } from '../cli/start-server.js';
import { circleRows } from '../recommend/behaviour/small-histories.js';
import { asking } from '../recommend/small-world.js';
import { freshHome } from './drawings-folder.js';

const AT = '/v1/collections/shop';
const ADMIN = '/v1/admin/collections/shop';

interface Hit {
  readonly itemId: string;
  readonly score: number;
  readonly explain?: Record<string, unknown>;
}
interface Plan {
  readonly hits: readonly Hit[];
  readonly strategy: string;
  readonly nextCursor?: string;
}
interface Job {
  readonly jobId: string;
  readonly state: string;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: string; readonly remedy?: string };
}

let server: KindredServer;

async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(server.url + path, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  expect({ path, status: response.status, text }).toMatchObject({
    status: expect.toSatisfy((status: number) => status < 300),
  });
  return JSON.parse(text) as T;
}

async function jobDone(path: string): Promise<Job> {
  const { jobId } = await send<Job>('POST', path, {});
  for (;;) {
    const job = await send<Job>('GET', `/v1/admin/jobs/${jobId}`);
    if (job.state !== 'queued' && job.state !== 'running') return job;
    await new Promise((go) => setTimeout(go, 50));
  }
}

const recommend = (user: string, more: object = {}) =>
  send<Plan>('POST', `${AT}/recommendations`, { user, k: 5, ...more });
const top = async (userId: string): Promise<string | undefined> => (await recommend(userId)).hits[0]?.itemId;
const did = (userId: string, ...itemIds: readonly string[]) =>
  send(
    'POST',
    `${AT}/events`,
    itemIds.map((itemId, i) => ({ userId, itemId, kind: 'click', time: Date.now() - 1000 + i })),
  );

/** 24 items in random directions, so that what they look like says nothing of who follows whom. */
const random = new Random(8);
const COUNT = 24;
const vectors = Array.from({ length: COUNT }, () => unit(Array.from({ length: 8 }, () => random.normal())));
/** Everybody goes round the circle of items: after i comes i + 1. */
const walks = Array.from({ length: COUNT }, (_, p) => Array.from({ length: 4 }, (_, i) => `i${(p + i) % COUNT}`));

afterAll(async () => server?.stop());

describe('what people did, over HTTP', () => {
  it('is learnt in a job, shapes what others are shown at once, and outlives a restart', async () => {
    const home = await freshHome();
    server = await startServer(home);
    await send('PUT', AT, { encoder: 'none', dimension: 8 });
    for (const [i, vector] of vectors.entries()) await send('PUT', `${AT}/items/i${i}`, { vector: [...vector] });

    const nothing = await jobDone(`${ADMIN}/behaviour/train`);
    expect(nothing).toMatchObject({ state: 'failed', error: { code: 'EVENTS_MISSING' } });
    expect(nothing.error?.remedy).toContain('/events');

    for (const [p, walk] of walks.entries()) await did(`walker-${p}`, ...walk);
    await did('ann', 'i3', 'i4');
    expect(await recommend('ann')).toMatchObject({ strategy: 'user' });
    const job = await jobDone(`${ADMIN}/behaviour/train`);
    expect(job).toMatchObject({ state: 'succeeded', result: { learnt: false, events: 98, people: 25, items: COUNT } });

    const { hits, strategy } = await recommend('ann');
    expect(strategy).toBe('blend');
    expect(hits[0]).toMatchObject({ itemId: 'i5', score: 1 });
    expect(hits.map(({ itemId }) => itemId)).not.toContain('i3');

    await did('ann', 'i14', 'i15');
    expect(await top('ann')).toBe('i16');

    await server.stop();
    server = await startServer(home);
    expect(await recommend('ann')).toMatchObject({ strategy: 'blend', hits: [{ itemId: 'i16' }, {}, {}, {}, {}] });

    const learnt = await runKindred(['behaviour', '--collection', 'shop', '--json'], home);
    expect(learnt).toMatchObject({ code: 0 });
    const { releases } = await send<{ releases: { releaseId: string; behaviourId: string | null }[] }>(
      'GET',
      `${ADMIN}/releases`,
    );
    const behaviours = releases.map(({ behaviourId }) => behaviourId);
    expect(behaviours).toEqual([JSON.parse(learnt.stdout).behaviourId, job.result?.behaviourId]);
  });
});

describe('what people did, in one process', () => {
  const opened: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.close();
  });

  /** A collection of the circle with these walks, and whoever asks of it. */
  async function openShop(told: readonly (readonly string[])[] = walks, settings: Record<string, string> = {}) {
    const home = await freshHome();
    const clock = { ahead: 0 };
    const environment = {
      config: readConfig({ ...home.environment, ...settings }),
      now: () => Date.now() + clock.ahead,
      newId: randomUUID,
      log: noLog,
      version: '0.0.0',
      cores: 1,
    };
    const stores = await openStores(environment);
    opened.push(stores);
    const { catalogue } = stores;
    await catalogue.collections.put('shop', { encoder: 'none', dimension: 8 });
    const bring = (itemId: string, vector: Float32Array, attributes = {}) =>
      catalogue.items.put('shop', [
        { itemId, attributes, embeddings: [{ itemId, content: 'vector', modelId: 'none', vector }] },
      ]);
    for (const [i, vector] of vectors.entries()) await bring(`i${i}`, vector, { even: i % 2 === 0 });
    let time = 1_700_000_000_000;
    const saw = (userId: string, itemIds: readonly string[], kind: 'click' | 'dislike' = 'click') =>
      catalogue.events.add(
        'shop',
        itemIds.map((itemId) => ({ userId, itemId, kind, time: time++ })),
      );
    for (const [p, walk] of told.entries()) await saw(`walker-${p}`, walk);
    const learn = () => learnBehaviour(environment, stores, { collection: 'shop', work: silentWork });
    const serving = openServing(environment, stores);
    opened.push(serving);
    const ask = async (userId: string, changes: Partial<PlanRequest> = {}) =>
      serving.plan('shop', asking({ who: { userId }, scored: true, ...changes }));
    const serves = async (releaseId: string) => (await serving.live.get('shop')).serving(releaseId);
    const applied = async () => (await serving.live.get('shop')).appliedThrough(await catalogue.log.revision('shop'));
    return { environment, stores, clock, bring, saw, learn, serving, ask, serves, applied };
  }

  it('shows an item that came after it where those stand that it looks like, and counts events on it', async () => {
    const shop = await openShop();
    const { releaseId } = await shop.learn();
    await shop.serves(releaseId);
    await shop.saw('ann', ['i3', 'i4']);
    expect((await shop.ask('ann')).hits[0]?.itemId).toBe('i5');

    await shop.bring('new', vectors[5]!);
    await shop.bring(
      'unlike',
      vectors[5]!.map((x) => -x),
    );
    await shop.applied();
    const { hits } = await shop.ask('ann', { explain: true, k: 30 });
    const ids = hits.map(({ itemId }) => itemId);
    expect(ids).toHaveLength(COUNT);
    expect(ids.slice(0, 8)).toContain('new');
    expect(ids.indexOf('new')).toBeLessThan(ids.indexOf('unlike'));
    expect(hits.find(({ itemId }) => itemId === 'new')?.explain).toMatchObject({
      likened: expect.arrayContaining([{ itemId: 'i5', similarity: expect.closeTo(1, 5) }]),
    });

    await shop.bring('newer', vectors[12]!);
    await shop.applied();
    const place = async () => (await shop.ask('ann', { k: 30 })).hits.findIndex(({ itemId }) => itemId === 'i13');
    const before = await place();
    await shop.saw('ann', ['newer']);
    expect(before).toBeGreaterThan(5);
    expect(await place()).toBeLessThan(3);
  });

  it('says which sources brought a hit, and by how much', async () => {
    const shop = await openShop();
    await shop.serves((await shop.learn()).releaseId);
    await shop.saw('ann', ['i3', 'i4']);

    const { hits } = await shop.ask('ann', { explain: true, k: 3 });
    const reasons = hits.map(({ explain }) => explain as { sum: number; sources: { source: string; share: number }[] });

    for (const { sum, sources } of reasons) {
      expect(sources.map(({ source }) => source).sort()).toEqual(['cooccurrence', 'ease', 'transitions']);
      expect(sum).toBeCloseTo(
        sources.reduce((total, { share }) => total + share, 0),
        6,
      );
    }
    expect(reasons.map(({ sum }) => sum)).toEqual(reasons.map(({ sum }) => sum).sort((a, b) => b - a));
  });

  it('never shows what is filtered away, excluded, or was seen, on any page', async () => {
    const shop = await openShop();
    await shop.serves((await shop.learn()).releaseId);
    await shop.saw('ann', ['i3', 'i4', 'i8']);

    const even = await shop.ask('ann', { filter: { even: true }, exclude: ['i6'], k: 50 });
    const pages = [await shop.ask('ann', { k: 10 }), await shop.ask('ann', { k: 20, offset: 10 })];

    const ids = even.hits.map(({ itemId }) => itemId);
    expect(ids).toHaveLength(9); // 12 even ones without i4, i8 and i6
    expect(ids.every((itemId) => Number(itemId.slice(1)) % 2 === 0)).toBe(true);
    expect(ids).not.toContain('i6');
    const all = pages.flatMap(({ hits }) => hits.map(({ itemId }) => itemId));
    expect(new Set(all).size).toBe(COUNT - 3);
    expect(all).toEqual((await shop.ask('ann', { k: 30 })).hits.map(({ itemId }) => itemId));
  });

  it('leads away from what somebody dislikes', async () => {
    const shop = await openShop();
    await shop.serves((await shop.learn()).releaseId);
    await shop.saw('ann', ['i3', 'i14']);
    const place = async () => (await shop.ask('ann', { k: 30 })).hits.findIndex(({ itemId }) => itemId === 'i4');
    const before = await place();

    await shop.saw('ann', ['i3'], 'dislike');

    expect(before).toBeLessThan(3);
    expect(await place()).toBeGreaterThan(before + 5);
  });

  it('leaves those whom it does not know to what else there is, and answers by name only whom it can', async () => {
    const shop = await openShop();
    await shop.serves((await shop.learn()).releaseId);

    expect(await shop.ask('nobody')).toMatchObject({ strategy: 'popular' });
    await shop.saw('ann', ['i3']);
    expect(await shop.ask('ann', { minSimilarity: 0.1 })).toMatchObject({ strategy: 'user' });
    expect(await shop.ask('ann', { strategy: 'user' })).toMatchObject({ strategy: 'user' });
    await expect(shop.serving.plan('shop', asking({ strategy: 'blend' }))).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
    });
    await shop.stores.catalogue.events.add('shop', [{ sessionId: 'visit', itemId: 'i7', kind: 'view', time: 1 }]);
    expect(await shop.serving.plan('shop', asking({ who: { sessionId: 'visit' } }))).toMatchObject({
      strategy: 'blend',
      hits: [{ itemId: 'i8' }, ...Array(9).fill({})],
    });
  });

  it('weighs its sources by events that are held back where there are enough', async () => {
    const chance = new Random(3);
    const many = Array.from({ length: 120 }, () => {
      const from = chance.int(COUNT);
      return Array.from({ length: 5 }, (_, i) => `i${(from + i) % COUNT}`);
    });
    const shop = await openShop(many);

    const found = await shop.learn();
    await shop.serves(found.releaseId);
    await shop.saw('ann', ['i3', 'i4']);

    expect(found.unseen).toMatchObject({ plainSum: expect.any(Number), learnt: expect.any(Number) });
    const { plainSum, single, learnt } = found.unseen!;
    expect(found.learnt).toBe(Math.max(single, learnt) > plainSum);
    expect(found.weights).toHaveProperty('tower');
    expect((await shop.ask('ann')).hits[0]?.itemId).toBe('i5');
  });

  describe('from enough events for processes of their own', () => {
    const many = circleRows(270, COUNT, 8).map((row) => row.map((item) => `i${item}`));

    it('is to the bit what one tower after another gives', async () => {
      const found: object[] = [];
      for (const threads of ['1', '2']) {
        const shop = await openShop(many, { KINDRED_THREADS: threads });
        const { behaviourId } = await shop.learn();
        const { blend, arrays, sha256 } = await readBehaviourManifest(shop.stores.behaviourFolder, behaviourId);
        found.push({ blend, arrays, sha256 });
      }
      expect(found[1]).toEqual(found[0]);
      expect(found[0]).toMatchObject({ blend: { unseen: {}, weights: { tower: expect.any(Number) } } });
    }, 120_000);

    it('stops while towers are learnt, and publishes nothing', async () => {
      const shop = await openShop(many, { KINDRED_THREADS: '2' });
      const stop = new AbortController();
      const progress = ({ stage }: ProgressReport): void => {
        if (stage === 'towers') stop.abort();
      };
      const work = { ...silentWork, progress, signal: stop.signal };

      await expect(learnBehaviour(shop.environment, shop.stores, { collection: 'shop', work })).rejects.toMatchObject({
        code: 'CANCELLED',
      });

      expect(stop.signal.aborted).toBe(true);
      expect(await readdir(shop.stores.behaviourFolder).catch(() => [])).toEqual([]);
      expect(await shop.stores.catalogue.releases.active('shop')).toBeUndefined();
    }, 60_000);
  });

  it('holds numbers about items, and nobody’s id', async () => {
    const shop = await openShop();
    const { behaviourId } = await shop.learn();
    const folder = join(shop.stores.behaviourFolder, behaviourId);

    const names = await readdir(folder);
    expect(names.sort()).toEqual(['items.json', 'manifest.json', 'parts.bin']);
    for (const name of names) expect((await readFile(join(folder, name))).includes('walker')).toBe(false);
  });

  it('stays with a new index, and comes and goes with the release that has it', async () => {
    const shop = await openShop();
    const { catalogue } = shop.stores;
    const without = await reindex(shop.environment, shop.stores, { collection: 'shop', work: silentWork });
    const { releaseId, behaviourId, indexId } = await shop.learn();
    expect(indexId).toBe(without.indexId);
    await shop.saw('ann', ['i3', 'i4']);

    const anew = await reindex(shop.environment, shop.stores, { collection: 'shop', work: silentWork });
    await shop.serves(anew.releaseId);
    expect((await catalogue.releases.get(anew.releaseId))?.behaviourId).toBe(behaviourId);
    expect(await shop.ask('ann')).toMatchObject({ strategy: 'blend' });

    const switching = openReleaseSwitch(shop.stores);
    await switching.activate(without.releaseId);
    await shop.serves(without.releaseId);
    expect(await shop.ask('ann')).toMatchObject({ strategy: 'user' });
    await switching.activate(releaseId);
    await shop.serves(releaseId);
    expect(await shop.ask('ann')).toMatchObject({ strategy: 'blend', hits: [{ itemId: 'i5' }, ...Array(9).fill({})] });
  });

  it('is learnt from events of any age, and answers with finite scores', async () => {
    const shop = await openShop();
    await shop.stores.catalogue.events.add('shop', [
      { userId: 'old', itemId: 'i3', kind: 'click', time: 0 },
      { userId: 'old', itemId: 'i4', kind: 'click', time: -62_167_219_200_000 },
      { userId: 'ahead', itemId: 'i3', kind: 'click', time: Date.now() + 86_400_000 },
      { userId: 'ahead', itemId: 'never-there', kind: 'purchase', time: 4_102_444_800_000 },
    ]);
    await shop.serves((await shop.learn()).releaseId);

    for (const userId of ['old', 'ahead']) {
      const { hits, strategy } = await shop.ask(userId);
      expect({ userId, strategy, hits: hits.length }).toEqual({ userId, strategy: 'blend', hits: 10 });
      for (const { score } of hits) expect(Number.isFinite(score)).toBe(true);
    }
  });

  it('answers somebody with 100,000 events from the newest of them', async () => {
    const shop = await openShop();
    await shop.serves((await shop.learn()).releaseId);
    const { events } = shop.stores.catalogue;
    for (let start = 0; start < 100_000; start += 5_000)
      await events.add(
        'shop',
        Array.from({ length: 5_000 }, (_, i) => {
          const n = start + i;
          return { userId: 'busy', itemId: n < 90_000 ? `old-${n}` : `i${n % 10}`, kind: 'view' as const, time: n };
        }),
      );

    expect((await events.seenBy('shop', { userId: 'busy' })).size).toBe(10);
    const { hits, strategy } = await shop.ask('busy', { k: 30 });
    expect(strategy).toBe('blend');
    expect(hits.map(({ itemId }) => Number(itemId.slice(1))).sort((a, b) => a - b)).toEqual(
      Array.from({ length: COUNT - 10 }, (_, i) => i + 10),
    );
  }, 60_000);

  it('is kept by a re-index that ends just after it, and keeps the index of one that ends just before', async () => {
    const shop = await openShop();
    const { releases } = shop.stores.catalogue;
    await shop.learn();
    const meanwhile = (does: () => Promise<unknown>): Stores => {
      let first = true;
      const add: typeof releases.add = async (release) => {
        const added = await releases.add(release);
        if (first) {
          first = false;
          await does();
        }
        return added;
      };
      return { ...shop.stores, catalogue: { ...shop.stores.catalogue, releases: { ...releases, add } } };
    };
    const job = { collection: 'shop', work: silentWork };

    let newer = '';
    const slow = meanwhile(async () => {
      newer = (await shop.learn()).behaviourId;
    });
    const { indexId } = await reindex(shop.environment, slow, job);
    expect(await releases.active('shop')).toMatchObject({ indexId, behaviourId: newer });

    let newest = '';
    const slower = meanwhile(async () => {
      newest = (await reindex(shop.environment, shop.stores, job)).indexId;
    });
    const { behaviourId } = await learnBehaviour(shop.environment, slower, job);
    expect(await releases.active('shop')).toMatchObject({ indexId: newest, behaviourId });
  });

  it('does not stand in the way of a retraining that began before, as another index does', async () => {
    const shop = await openShop();
    const job = { collection: 'shop', work: silentWork };
    const { indexId } = await shop.learn();
    const built = await buildOf(shop.environment, shop.stores, { ...job, modelId: 'none' });
    const { behaviourId } = await shop.learn();

    const release = { ...job, built, origin: 'retrain', served: indexId };
    expect(await releaseIndexAfter(shop.environment, shop.stores, release)).toMatchObject({ indexId: built.indexId });
    expect(await shop.stores.catalogue.releases.active('shop')).toMatchObject({ indexId: built.indexId, behaviourId });
    expect(await releaseIndexAfter(shop.environment, shop.stores, release)).toBeUndefined();
  });

  it('is not activated where it is damaged or gone, and its release answers without it', async () => {
    const shop = await openShop();
    await shop.learn();
    const { releaseId, behaviourId } = await shop.learn();
    const path = join(shop.stores.behaviourFolder, behaviourId, 'parts.bin');
    const bytes = await readFile(path);
    bytes[40]! ^= 1;
    await writeFile(path, bytes);
    const switching = openReleaseSwitch(shop.stores);

    await expect(switching.activate(releaseId)).rejects.toMatchObject({ code: 'BEHAVIOUR_DAMAGED' });
    await shop.saw('ann', ['i3', 'i4']);
    await shop.serves(releaseId);
    expect(await shop.ask('ann')).toMatchObject({ strategy: 'user' });
    await rm(join(shop.stores.behaviourFolder, behaviourId), { recursive: true });
    await expect(switching.activate(releaseId)).rejects.toMatchObject({ code: 'BEHAVIOUR_NOT_FOUND' });
  });

  it('is tidied away with the release that named it', async () => {
    const shop = await openShop();
    for (let i = 0; i < 3; i++) {
      await shop.learn();
      shop.clock.ahead += 200 * 3_600_000;
    }

    const report = await tidy(shop.environment, shop.stores, { work: silentWork });

    expect(report).toMatchObject({ releases: 1, behaviours: 1, failed: [] });
    expect(await readdir(shop.stores.behaviourFolder)).toHaveLength(2);
  });

  describe.skipIf(POSTGRES_MISSING)(`in ${postgresTitle}`, () => {
    let postgres: PostgresServer;
    beforeAll(async () => {
      postgres = await startPostgres();
    });
    afterAll(() => postgres.stop());

    it('is learnt, released and served as it is from a file', async () => {
      const shop = await openShop(walks, { DATABASE_URL: await postgres.freshDatabase() });
      expect(shop.stores.catalogue.engine).toBe('postgres');
      const learnt = await shop.learn();
      expect(learnt).toMatchObject({ events: 96, people: COUNT, items: COUNT });
      await shop.serves(learnt.releaseId);
      await shop.saw('ann', ['i3', 'i4']);
      expect(await shop.ask('ann')).toMatchObject({
        strategy: 'blend',
        hits: [{ itemId: 'i5' }, ...Array(9).fill({})],
      });
      await shop.saw('ann', ['i14', 'i15']);
      expect((await shop.ask('ann')).hits[0]?.itemId).toBe('i16');
    });
  });
});
