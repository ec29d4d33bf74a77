import type { Express } from 'express';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Calibration, confidence } from '../../src/indexing/calibration.js';
import type { LiveIndex } from '../../src/indexing/live-index.js';
import { createPlanner } from '../../src/recommend/plan.js';
import { openRig, picture, type Rig } from './open-rig.js';

const calibration: Calibration = {
  curve: { slope: 2, offset: 2 * Math.log(1e-4) },
  thresholds: [{ rate: 1e-2, similarity: 0.9999, finds: 0.9 }],
  copies: 200,
  others: 200,
  passedOver: 0,
};
/** A live index that was calibrated. */
const calibrated = (live: LiveIndex): LiveIndex => ({
  ...{
    collection: live.collection,
    indexId: live.indexId,
    releaseId: live.releaseId,
    modelId: live.modelId,
    behaviourId: null,
  },
  ...{ dimension: live.dimension, revision: live.revision, version: live.version, ready: live.ready, calibration },
  size: () => live.size(),
  appliedThrough: (revision) => live.appliedThrough(revision),
  serving: (releaseId) => live.serving(releaseId),
  item: (itemId) => live.item(itemId),
  items: () => live.items(),
  placed: (vector) => live.placed(vector),
  vector: (itemId) => live.vector(itemId),
  nearest: (query, k, accept) => live.nearest(query, k, accept),
  nearestMany: (queries, k) => live.nearestMany(queries, k),
});

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
  const get = async (collection: string) => calibrated(await rig.deps.live.get(collection));
  const plan = createPlanner({ live: get, behaviour: rig.deps.catalogue.events });
  app = rig.again({ live: { ...rig.deps.live, get }, plan });
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
