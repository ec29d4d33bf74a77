import type { Express } from 'express';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { type Calibration, confidence } from '../../src/indexing/calibration.js';
import { calibrated, calibration, sureOf } from './calibrated.js';
import { openRig, picture, type Rig } from './open-rig.js';

let rig: Rig;
let app: Express;
const at = (path: string) => `/v1/collections/default${path}`;
const search = (body: object) => request(app).post(at('/search')).send(body);
interface Hit {
  readonly itemId: string;
  readonly similarity: number;
  readonly confidence: number;
}

beforeAll(async () => {
  rig = await openRig();
  app = rig.again(sureOf(rig));
  for (const [itemId, seed] of [
    ['a', 1],
    ['a2', 1],
    ['a3', 1],
    ['b', 2],
    ['c', 3],
  ] as const)
    await request(app)
      .put(at(`/items/${itemId}`))
      .send({ image: (await picture(seed)).toString('base64') });
});
afterAll(() => rig.close());

describe('answers of a calibrated index', () => {
  it('have a confidence beside each similarity, the same on the fast path and on the long one', async () => {
    const fast = (await search({ examples: [{ itemId: 'b' }] })).body;
    const long = (await search({ examples: [{ itemId: 'b' }], minConfidence: 0 })).body;

    expect(fast.hits).toHaveLength(4);
    for (const hit of fast.hits as Hit[]) expect(hit.confidence).toBe(confidence(calibration, hit.similarity));
    expect(long.hits).toEqual(fast.hits);
  });

  it('keep what is close enough, and say so where nothing is', async () => {
    const { body } = await request(app).get(at('/items/a/similar?minConfidence=0.9'));
    const nothing = await request(app).get(at('/items/b/similar?minConfidence=0.9'));

    expect(body.hits.map((hit: Hit) => hit.itemId)).toEqual(['a2', 'a3']);
    expect(body).not.toHaveProperty('noMatch');
    expect(nothing).toMatchObject({ status: 200, body: { hits: [], noMatch: { code: 'NO_GOOD_MATCH' } } });
  });

  it('fold copies into the first of them', async () => {
    const { body } = await search({ examples: [{ itemId: 'b' }], duplicates: 'collapse' });
    const folded = body.hits.find((hit: Hit) => hit.itemId === 'a');

    expect(body.hits).toHaveLength(2);
    expect(folded.duplicates).toEqual(['a2', 'a3']);
  });

  it('of recommendations say what they go by', async () => {
    const recommend = (body: object) => request(app).post(at('/recommendations')).send(body);

    expect((await recommend({ user: 'nobody' })).body).toMatchObject({ strategy: 'recent', basis: 'everybody' });
    expect((await recommend({ user: 'nobody', minConfidence: 0.5 })).body).toMatchObject({
      hits: [],
      basis: 'nothing',
      noMatch: { code: 'NOTHING_KNOWN' },
    });
  });

  it.each(['minConfidence=2', 'minConfidence=much', 'duplicates=hide'])('are refused for %s', async (query) => {
    expect((await request(app).get(at(`/items/a/similar?${query}`))).body).toMatchObject({ code: 'REQUEST_INVALID' });
  });
});

describe('the duplicates of a calibrated index', () => {
  const duplicates = (query = '') => request(app).get(at(`/duplicates${query}`));

  it('are told once each, beside the first of their copies, with the rate they are told at', async () => {
    const { status, body } = await duplicates();

    expect(status).toBe(200);
    expect(body).toMatchObject({ rate: 0.01, similarity: 0.9999, finds: 0.9, items: 5, indexId: null });
    expect(body.duplicates.map((each: { itemId: string; copyOf: string }) => [each.itemId, each.copyOf])).toEqual([
      ['a2', 'a'],
      ['a3', 'a'],
    ]);
    for (const each of body.duplicates as Hit[]) expect(each.confidence).toBe(confidence(calibration, each.similarity));
    expect(body).not.toHaveProperty('nextCursor');
  });

  it('come page by page, each page one index’s and one rate’s', async () => {
    const first = (await duplicates('?limit=1')).body;
    const second = (await duplicates(`?limit=1&cursor=${first.nextCursor}`)).body;
    const { indexId: _none, ...other } = calibrated(await rig.deps.live.get('default'));
    const moved = rig.again({ live: { ...rig.deps.live, get: async () => ({ ...other, indexId: 'another' }) } });

    expect(first.duplicates[0].itemId).toBe('a2');
    expect(second.duplicates[0].itemId).toBe('a3');
    const gone = await request(moved).get(at(`/duplicates?cursor=${first.nextCursor}`));
    expect(gone).toMatchObject({ status: 409, body: { code: 'CURSOR_GONE' } });
    expect((await duplicates('?cursor=made-up')).body).toMatchObject({ code: 'CURSOR_INVALID' });
  });

  it.each([
    ['rate=0.5', 400, 'REQUEST_INVALID'],
    ['limit=0', 400, 'REQUEST_INVALID'],
    ['rate=0.001', 409, 'NOT_CALIBRATED'],
  ])('are refused for %s', async (query, status, code) => {
    expect(await duplicates(`?${query}`)).toMatchObject({ status, body: { code } });
  });

  it('are refused where nothing is known of the collection, or it is none', async () => {
    expect(await request(rig.app).get(at('/duplicates'))).toMatchObject({
      status: 409,
      body: { code: 'NOT_CALIBRATED' },
    });
    const nowhere = await request(rig.app).get('/v1/collections/nowhere/duplicates');
    expect(nowhere.body).toMatchObject({ code: 'COLLECTION_NOT_FOUND' });
  });
});

describe('a walk along a large collection', () => {
  const walk = (path = '') => request(app).get(`/v1/collections/many/duplicates${path}`);

  beforeAll(async () => {
    await rig.deps.catalogue.collections.put('many', { encoder: 'none', dimension: 4 });
    const random = new Random(1);
    const lines = Array.from({ length: 2_300 }, (_, i) =>
      JSON.stringify({
        itemId: `n${i + 10_000}`,
        vector: i === 2_299 ? [1, 0, 0, 0] : i === 4 ? [1, 0, 0, 0] : Array.from({ length: 4 }, () => random.normal()),
      }),
    );
    const written = await request(rig.app)
      .post('/v1/collections/many/items:batch')
      .set('Content-Type', 'application/x-ndjson')
      .send(lines.join('\n'));
    expect(written.text).not.toContain('failed');
  });

  it('ends each page after 2,000 items, found or not, and goes on behind them', async () => {
    const exact: Calibration = { ...calibration, thresholds: [{ rate: 1e-2, similarity: 0.9999999, finds: 1 }] };
    const live = calibrated(await rig.deps.live.get('many'));
    const strict = rig.again({ live: { ...rig.deps.live, get: async () => ({ ...live, calibration: exact }) } });
    const ask = async (query: string) => (await request(strict).get(`/v1/collections/many/duplicates${query}`)).body;
    const first = await ask('');
    const second = await ask(`?cursor=${first.nextCursor}`);

    expect(first.duplicates).toEqual([]);
    expect(second.duplicates).toMatchObject([{ itemId: 'n12299', copyOf: 'n10004' }]);
    expect(second).not.toHaveProperty('nextCursor');
  });

  it('ends a page after a second as well', async () => {
    let now = 0;
    const slow = rig.again({ ...sureOf(rig), now: () => (now += 100) });
    let pages = 0;
    for (let cursor = ''; pages < 3; pages++) {
      const { body } = await request(slow).get(`/v1/collections/many/duplicates${cursor}`);
      expect(body.nextCursor).toBeTypeOf('string');
      cursor = `?cursor=${body.nextCursor}`;
    }
  });

  it('lets others be answered between two items', async () => {
    let walked = false;
    const walking = walk().then((answer) => {
      walked = true;
      return answer;
    });
    const other = await request(app).get(at('/items/a'));

    expect([other.status, walked]).toEqual([200, false]);
    expect((await walking).status).toBe(200);
  });
});
