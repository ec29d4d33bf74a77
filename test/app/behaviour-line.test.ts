import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KindredServer, startKindred } from '../../bench/kindred-server.js';
import { Random } from '../../src/core/random.js';
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

let home: Awaited<ReturnType<typeof freshHome>>;
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

/** 24 items in random directions, so that pictures say nothing of who follows whom. */
const random = new Random(8);
const vector = () => Array.from({ length: 8 }, () => random.normal());
const items = Array.from({ length: 24 }, (_, i) => ({ itemId: `i${i}`, vector: vector() }));

beforeAll(async () => {
  home = await freshHome();
  server = await startKindred(home);
  await send('PUT', AT, { encoder: 'none', dimension: 8 });
  for (const { itemId, vector } of items) await send('PUT', `${AT}/items/${itemId}`, { vector });
});
afterAll(async () => server?.stop());

describe('what people did, from events over HTTP to what others are shown', () => {
  it('can not be learnt where nobody did anything', async () => {
    const job = await jobDone(`${ADMIN}/behaviour/train`);

    expect(job).toMatchObject({ state: 'failed', error: { code: 'EVENTS_MISSING' } });
    expect(job.error?.remedy).toContain('/events');
  });

  it('is learnt from a few as their plain sum, and is served at once', async () => {
    // Everybody goes round the circle of items: after i comes i + 1.
    for (let p = 0; p < 24; p++) await did(`walker-${p}`, ...Array.from({ length: 4 }, (_, i) => `i${(p + i) % 24}`));
    await did('ann', 'i3', 'i4');
    expect(await recommend('ann')).toMatchObject({ strategy: 'user' });

    const job = await jobDone(`${ADMIN}/behaviour/train`);

    expect(job).toMatchObject({ state: 'succeeded', result: { learnt: false, events: 98, people: 25, items: 24 } });
    const after = await recommend('ann');
    expect(after.strategy).toBe('blend');
    expect(after.hits[0]?.itemId).toBe('i5');
    expect(after.hits.map(({ itemId }) => itemId)).not.toContain('i3');
  });

  it('moves with the next event, without learning anew', async () => {
    expect(await top('ann')).toBe('i5');

    await did('ann', 'i14', 'i15');

    expect(await top('ann')).toBe('i16');
  });
});

void [readdir, readFile, join];
