import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoCatalogue } from '../../src/cli/demo-catalogue.js';
import { Random } from '../../src/core/random.js';
import { runKindred } from '../cli/run-kindred.js';
import { type KindredServer, startServer } from '../cli/start-server.js';
import { drawingsFolder, freshHome } from './drawings-folder.js';

const AT = '/v1/collections/default';
const ADMIN = '/v1/admin/collections/default';
const COUNT = 60;

interface Answer {
  readonly hits: readonly { readonly itemId: string; readonly similarity: number }[];
  readonly indexId: string | null;
  readonly modelId: string | null;
}
interface JobAnswer {
  readonly jobId: string;
  readonly state: string;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: string; readonly message: string };
}

let folder: string;
let home: Awaited<ReturnType<typeof freshHome>>;
let server: KindredServer;

async function json<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(server.url + path, init);
  const text = await response.text();
  expect({ path, status: response.status, text }).toMatchObject({
    status: expect.toSatisfy((status: number) => status < 300),
  });
  return JSON.parse(text) as T;
}

const post = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

async function jobDone(path: string, body: unknown = {}): Promise<JobAnswer> {
  const { jobId } = await json<JobAnswer>(path, post(body));
  for (;;) {
    const job = await json<JobAnswer>(`/v1/admin/jobs/${jobId}`);
    if (job.state !== 'queued' && job.state !== 'running') return job;
    await new Promise((go) => setTimeout(go, 100));
  }
}

beforeAll(async () => {
  folder = await drawingsFolder(COUNT);
  home = await freshHome();
  const trained = await runKindred(['train', folder, '--steps', '6', '--size', '16', '--batch', '32', '--json'], home);
  expect(trained).toMatchObject({ code: 0 });
  expect(JSON.parse(trained.stdout)).toMatchObject({ items: COUNT, imported: COUNT });
  server = await startServer(home);
});
afterAll(async () => server?.stop());

describe('the main line, from a folder of pictures to answers over HTTP', () => {
  it('finds an item’s kin, never the item itself', async () => {
    const { items } = await json<{ items: { itemId: string }[] }>(`${AT}/items?limit=1`);
    const { itemId } = items[0]!;
    const { hits, indexId, modelId } = await json<Answer>(`${AT}/items/${encodeURIComponent(itemId)}/similar?k=5`);

    expect(hits).toHaveLength(5);
    expect(hits.map((hit) => hit.itemId)).not.toContain(itemId);
    expect(indexId).toMatch(/^index-/);
    expect(modelId).toMatch(/^default-/);
  });

  it('finds a picture that is uploaded, and one that has just been written', async () => {
    const image = (await (await demoCatalogue()).otherStyle('1f34e', 'noto')).toString('base64');
    await json(`${AT}/items/fresh`, { ...post({ image, attributes: { name: 'fresh' } }), method: 'PUT' });

    const { hits } = await json<Answer>(`${AT}/search`, post({ examples: [{ image }], k: 3 }));

    expect(hits[0]).toMatchObject({ itemId: 'fresh' });
    expect(hits[0]!.similarity).toBeGreaterThan(0.999);
  });

  // The jobs stand below the server, which the clients leave no pause: on a busy machine that takes a while.
  it('re-indexes twice under eight clients without failing a query', { timeout: 240_000 }, async () => {
    const before = await json<Answer>(`${AT}/items/fresh/similar`);
    let asking = true;
    let asked = 0;
    const client = async (): Promise<void> => {
      while (asking) {
        expect((await json<Answer>(`${AT}/items/fresh/similar?k=10`)).hits).toHaveLength(10);
        asked++;
      }
    };
    const clients = Array.from({ length: 8 }, client);

    const jobs = [await jobDone(`${ADMIN}/reindex`), await jobDone(`${ADMIN}/reindex`)];
    const after = await json<Answer>(`${AT}/items/fresh/similar`);
    asking = false;
    await Promise.all(clients);

    expect(jobs.map((job) => job.state)).toEqual(['succeeded', 'succeeded']);
    expect(after.indexId).toBe(jobs[1]!.result?.indexId);
    expect(after.indexId).not.toBe(before.indexId);
    expect(asked).toBeGreaterThan(10);
  });

  it('whitens a gallery of brought vectors where a re-index is asked to, and goes on doing it', async () => {
    const random = new Random(4);
    const items = Array.from({ length: 100 }, (_, i) => ({
      itemId: `v${i}`,
      vector: Array.from({ length: 8 }, (_, k) => (k === 0 ? 9 : 1) * random.normal()),
    }));
    await json('/v1/collections/vec', { ...post({ encoder: 'none', dimension: 8 }), method: 'PUT' });
    await json('/v1/collections/vec/items:batch', {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: items.map((item) => JSON.stringify(item)).join('\n'),
    }).catch(() => {}); // an answer of many lines
    const kin = () => json<Answer>('/v1/collections/vec/items/v7/similar?k=20');
    const plain = await kin();
    const job = await jobDone('/v1/admin/collections/vec/reindex', { whiten: 'full' });
    expect(job).toMatchObject({
      state: 'succeeded',
      result: { whitening: { whiten: 'full', fitted: { count: 100, dimension: 8 } } },
    });

    const whitened = await kin();
    expect(whitened.hits.map(({ itemId }) => itemId)).not.toEqual(plain.hits.map(({ itemId }) => itemId));
    const example = { vector: items[7]!.vector };
    const search = (body: object) => json<Answer>('/v1/collections/vec/search', post({ examples: [example], ...body }));
    const [fast, long] = [await search({ k: 21 }), await search({ k: 21, minSimilarity: -1 })];
    for (const { hits } of [fast, long]) {
      expect(hits[0]).toMatchObject({ itemId: 'v7', similarity: expect.closeTo(1, 5) });
      expect(hits.slice(1).map(({ itemId }) => itemId)).toEqual(whitened.hits.map(({ itemId }) => itemId));
    }
    const again = await jobDone('/v1/admin/collections/vec/reindex');
    expect(again.result).toMatchObject({ whitening: { whiten: 'full' } });
    const back = await jobDone('/v1/admin/collections/vec/reindex', { whiten: 'none' });
    expect(back.result).toMatchObject({ whitening: { whiten: 'none', fitted: null } });
    expect((await kin()).hits).toEqual(plain.hits);
  });

  it('retrains on what has come in, says how it ended, and goes back by the same call as forward', {
    timeout: 240_000,
  }, async () => {
    const before = await json<Answer>(`${AT}/items/fresh/similar`);
    const retrained = await jobDone(`${ADMIN}/retrain`, { minutes: 0.05 });
    expect(retrained).toMatchObject({
      state: 'succeeded',
      result: { kind: expect.stringMatching(/^(released|rejected)$/), why: expect.any(String) },
    });

    const trained = await jobDone(`${ADMIN}/train`, { minutes: 0.05 });
    expect(trained).toMatchObject({ state: 'succeeded' });
    const forward = await json<Answer>(`${AT}/items/fresh/similar`);
    expect(forward.modelId).not.toBe(before.modelId);
    expect(forward.hits).toHaveLength(10);

    const { releases } = await json<{ releases: { releaseId: string; modelId: string }[] }>(`${ADMIN}/releases`);
    const earlier = releases.find((release) => release.modelId === before.modelId)!;
    await json(`${ADMIN}/releases/${earlier.releaseId}/activate`, { method: 'POST' });
    expect((await json<Answer>(`${AT}/items/fresh/similar`)).modelId).toBe(before.modelId);

    const unchanged = await jobDone(`${ADMIN}/retrain`, { minutes: 0.05 });
    expect(unchanged.state).toBe('succeeded');
  });

  it('answers the same after kill -9, and from a snapshot elsewhere', async () => {
    const before = await json<Answer>(`${AT}/items/fresh/similar`);
    await server.kill();
    server = await startServer(home);
    expect((await json<Answer>(`${AT}/items/fresh/similar`)).hits).toEqual(before.hits);

    const copy = join(home.data, '..', 'copy');
    expect(await runKindred(['snapshot', copy], home)).toMatchObject({ code: 0 });
    await server.kill();
    server = await startServer({ ...home, data: copy, environment: { ...home.environment, KINDRED_DATA: copy } });
    expect((await json<Answer>(`${AT}/items/fresh/similar`)).hits).toEqual(before.hits);
  });

  it('says in the manifest how the model was made', async () => {
    const { stdout } = await runKindred(['models', '--json'], home);
    const { models } = JSON.parse(stdout) as {
      models: { modelId: string; data: { count: number; skipped: number }; spent: unknown }[];
    };
    const mine = models.find((model) => model.modelId.startsWith('default-'))!;

    expect(mine).toMatchObject({ data: { count: COUNT, skipped: 1 }, parent: null, seed: 1 });
    expect(mine.spent).toEqual({
      decode: expect.any(Number),
      step: expect.any(Number),
      views: expect.any(Number),
      save: expect.any(Number),
      judge: expect.any(Number),
    });
    expect(await readFile(join(home.models, mine.modelId, 'manifest.json'), 'utf8')).toContain('fingerprint');
  });
});
