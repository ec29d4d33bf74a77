import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '../../src/api/create-api.js';
import { estimateWorth } from '../../src/app/estimate-line.js';
import { apiDeps, openServing, type Serving } from '../../src/app/serving.js';
import { openStores, type Stores } from '../../src/app/stores.js';
import type { Attributes } from '../../src/catalogue/catalogue.js';
import { openWorld, type World } from '../../src/cli/world.js';
import { Random } from '../../src/core/random.js';
import { silentWork } from '../../src/indexing/index-builder.js';
import { runKindred } from '../cli/run-kindred.js';
import { type KindredServer, startServer } from '../cli/start-server.js';
import { freshHome } from './drawings-folder.js';

const SUCCESS = { kinds: ['click' as const], windowMs: 60_000 };
const clock = { now: Date.UTC(2026, 0, 5, 12) };
let home: Awaited<ReturnType<typeof freshHome>>;
let world: World;
let stores: Stores;
let serving: Serving;
let recommend: (body: object) => Promise<{ hits: { itemId: string }[] }>;

const estimate = (wishes: Attributes, clip = 10) =>
  estimateWorth(world, stores, serving, { collection: 'shop', wishes, success: SUCCESS, clip, work: silentWork });

/** Forty people ask twice each and click; items and clicks arrive all the while, and each click changes what is next. */
beforeAll(async () => {
  home = await freshHome();
  world = { ...openWorld({ ...home.environment, KINDRED_LOG_LEVEL: 'silent' }), now: () => clock.now };
  stores = await openStores(world);
  await stores.catalogue.collections.put('shop', { encoder: 'none' });
  serving = openServing(world, stores);
  const app = createApi(apiDeps(world, stores, serving, { pageFolder: null }));
  recommend = async (body) => (await request(app).post('/v1/collections/shop/recommendations').send(body)).body;
  const random = new Random(2);
  const writeItem = (i: number) => serving.intake.put('shop', [{ itemId: `i${i}`, attributes: { even: i % 2 === 0 } }]);
  const click = (userId: string, itemId: string) =>
    stores.catalogue.events.add('shop', [{ userId, itemId, kind: 'click', time: clock.now }]);
  for (let i = 0; i < 40; i++) {
    clock.now += 1_000;
    await writeItem(i);
    if (i < 20) await click(`first-${i}`, `i${i % 8}`);
  }
  for (let i = 0; i < 80; i++) {
    clock.now += 20_000;
    if (i % 8 === 0) await writeItem(100 + i);
    const user = `person-${i % 40}`;
    const narrow = i % 5 === 0 ? { filter: { even: true } } : {};
    const { hits } = await recommend({ user, k: 6, log: true, explore: { share: 0.4, places: 6 }, ...narrow });
    clock.now += 5_000;
    for (const { itemId } of hits) if (random.chance(0.2)) await click(user, itemId);
  }
}, 120_000);
afterAll(async () => {
  await serving.close();
  await stores.close();
});

describe('the worth of another way, from a log', { timeout: 120_000 }, () => {
  it('is what it was, where the same is asked again: every answer is planned as it was at its time', async () => {
    const { ips, snips, shown, ...found } = await estimate({});

    expect(found).toMatchObject({ answers: 80, skipped: 0, impressions: 480, people: 40 });
    expect(found.coverage).toBeCloseTo(1, 9);
    expect(found.effective).toBeCloseTo(480, 6);
    expect(shown.value).toBeGreaterThan(0.1);
    for (const estimated of [ips, snips]) expect(estimated.value).toBeCloseTo(shown.value, 9);
  });

  it('changes weights with how often the other way would show it', async () => {
    const bold = await estimate({ explore: { share: 0.5, by: 'epsilon', places: 6 } });
    const timid = await estimate({ explore: { share: 0.1, by: 'epsilon', places: 6 } });

    expect(bold.coverage).toBeGreaterThan(0.85);
    expect(bold.coverage).toBeLessThan(1.15);
    expect(bold.effective).toBeGreaterThan(timid.effective);
    expect(timid.effective).toBeLessThan(480);
  });

  it('says what the log can not tell', async () => {
    const explore = { share: 0, by: 'epsilon', places: 6 };
    const { coverage, warnings } = await estimate({ strategy: 'popular', filter: { even: false }, explore });

    expect(coverage).toBeLessThan(0.5);
    expect(warnings.some((warning) => warning.includes('was never shown in its place'))).toBe(true);
  });

  it('is refused without impressions, and in a collection that is gone', async () => {
    await stores.catalogue.collections.put('bare', { encoder: 'none' });
    const rest = { wishes: {}, success: SUCCESS, clip: 10, work: silentWork };

    await expect(estimateWorth(world, stores, serving, { collection: 'bare', ...rest })).rejects.toMatchObject({
      code: 'IMPRESSIONS_MISSING',
    });
    await expect(estimateWorth(world, stores, serving, { collection: 'gone', ...rest })).rejects.toMatchObject({
      code: 'COLLECTION_NOT_FOUND',
    });
  });

  it('stops half-way where it is asked to, and answers the same when it is asked again', async () => {
    const stop = new AbortController();
    const planned: number[] = [];
    const work = {
      ...silentWork,
      signal: stop.signal,
      progress({ done }: { readonly done: number }) {
        planned.push(done);
        if (done === 20) stop.abort();
      },
    };
    const asked = { collection: 'shop', wishes: {}, success: SUCCESS, clip: 10 };

    await expect(estimateWorth(world, stores, serving, { ...asked, work })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect(planned.at(-1)).toBe(20);
    expect((await estimate({})).answers).toBe(80);
  });

  it('is printed by the command', async () => {
    const args = ['estimate', '{}', '--collection', 'shop', '--success', 'click', '--hours', '0.0167'];
    const table = await runKindred(args, { environment: home.environment });
    const wrong = await runKindred(['estimate', '{"strategy": "magic"}'], { environment: home.environment });

    expect(table).toMatchObject({ code: 0, stdout: expect.stringContaining('the other way (SNIPS)') });
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('There are similar, blend');
  });
});

describe('the worth of another way, asked for over HTTP', { timeout: 120_000 }, () => {
  let server: KindredServer;
  beforeAll(async () => {
    server = await startServer(home);
  });
  afterAll(() => server.stop());

  async function jobDone(collection: string, body: object) {
    const send = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const queued = await fetch(`${server.url}/v1/admin/collections/${collection}/estimate`, send);
    const { jobId } = (await queued.json()) as { jobId: string };
    for (;;) {
      const job = (await (await fetch(`${server.url}/v1/admin/jobs/${jobId}`)).json()) as Record<string, unknown>;
      if (job.state !== 'queued' && job.state !== 'running') return job;
      await new Promise((go) => setTimeout(go, 50));
    }
  }

  it('is the result of a job, the same as in this process', async () => {
    const explore = { share: 0.2, by: 'thompson' as const, places: 6 };
    const success = { kinds: ['click'], windowHours: 1 / 60 };

    const job = await jobDone('shop', { request: { explore }, success, clip: 3 });

    expect(job.state).toBe('succeeded');
    expect(job.result).toEqual(JSON.parse(JSON.stringify(await estimate({ explore }, 3))));
  });

  it('fails where nothing was logged, and says what to do', async () => {
    await stores.catalogue.collections.put('bare', { encoder: 'none' });

    const job = await jobDone('bare', { request: {} });

    expect(job).toMatchObject({ state: 'failed', error: { code: 'IMPRESSIONS_MISSING' } });
    expect((job.error as { remedy: string }).remedy).toContain('"log": true');
  });
});

describe('kindred experiments', { timeout: 120_000 }, () => {
  it('makes, lists, reads and ends one, for people and as JSON', async () => {
    const file = join(home.data, 'tea.json');
    writeFileSync(
      file,
      JSON.stringify({
        variants: [
          { name: 'now', share: 0.9 },
          { name: 'new', share: 0.1 },
        ],
      }),
    );
    const kindred = (...args: string[]) =>
      runKindred(['experiments', ...args, '--collection', 'shop'], { environment: home.environment });

    const made = await kindred('put', 'tea', file, '--json');
    expect(JSON.parse(made.stdout)).toMatchObject({ name: 'tea', active: true });
    expect((await kindred('results', 'tea')).stdout).toContain('now: Nothing was shown yet.');
    expect((await kindred('end', 'tea')).code).toBe(0);
    expect((await kindred('list')).stdout).toMatch(/tea.*over.*now 90%, new 10%/);
    expect(await kindred('results', 'none')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no experiment "none"'),
    });
  });
});
