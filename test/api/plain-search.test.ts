import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainSearch } from '../../src/api/plain-search.js';
import { MODEL, openRig, picture, type Rig } from './open-rig.js';

describe('a plain search', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await openRig();
    for (let seed = 0; seed < 12; seed++)
      await request(rig.app)
        .put(`/v1/collections/default/items/p${seed}`)
        .send({ image: (await picture(seed)).toString('base64'), attributes: { seed } });
  });
  afterAll(() => rig.close());

  // `explain: false` says nothing, but sends the search the long way, through the schema and the planner.
  it.each(['item', 'vector'])('by %s is answered as the long way answers it, cursors and all', async (kind) => {
    const embedded = await request(rig.app)
      .post('/v1/collections/default/embed')
      .send({ image: (await picture(40)).toString('base64') });
    const example = kind === 'item' ? { itemId: 'p3' } : { vector: embedded.body.vectors[0], modelId: MODEL };
    const ask = async (wishes: object) => {
      const answer = await request(rig.app)
        .post('/v1/collections/default/search')
        .send({ examples: [example], ...wishes });
      return { ...answer.body, tookMs: 0 };
    };

    for (const k of [1, 5, 11, 12, 1000]) expect(await ask({ k })).toEqual(await ask({ k, explain: false }));
    expect(plainSearch({ examples: [example], explain: false })).toBeUndefined();
    const { nextCursor } = await ask({ k: 4 });
    expect((await ask({ k: 4, cursor: nextCursor })).hits).toEqual((await ask({ k: 8 })).hits.slice(4));
  });

  it('of one item by its address is answered alike, and its cursor goes on', async () => {
    const ask = async (wishes: string) => {
      const answer = await request(rig.app).get(`/v1/collections/default/items/p3/similar?${wishes}`);
      return { ...answer.body, tookMs: 0 };
    };
    for (const k of [1, 5, 11, 12])
      expect(await ask(`k=${k}`)).toEqual(
        await ask(`k=${k}&minSimilarity=-1`).then(({ nextCursor: _other, ...rest }) => ({
          ...rest,
          ...(k < 11 ? { nextCursor: expect.any(String) } : {}),
        })),
      );
    const { nextCursor } = await ask('k=4');
    expect((await ask(`k=4&cursor=${nextCursor}`)).hits).toEqual((await ask('k=8')).hits.slice(4));
  });

  it('by a vector needs no model where items bring vectors, and one elsewhere', async () => {
    await request(rig.app).put('/v1/collections/brought').send({ encoder: 'none', dimension: 3 });
    for (const [itemId, vector] of Object.entries({ x: [1, 0, 0], y: [0, 1, 0], z: [0, 0.6, 0.8] }))
      await request(rig.app).put(`/v1/collections/brought/items/${itemId}`).send({ vector });
    const ask = (collection: string, body: object) =>
      request(rig.app).post(`/v1/collections/${collection}/search`).send(body);
    const examples = [{ vector: [0, 1, 0.1] }];

    const plain = await ask('brought', { examples, k: 2 });
    expect(plain.body.hits.map((hit: { itemId: string }) => hit.itemId)).toEqual(['y', 'z']);
    const long = await ask('brought', { examples, k: 2, explain: false });
    expect({ ...plain.body, tookMs: 0 }).toEqual({ ...long.body, tookMs: 0 });
    expect((await ask('default', { examples })).body.code).toBe('REQUEST_INVALID');
    expect((await ask('brought', { examples: [{ vector: [1, 2] }] })).body.code).toBe('VECTOR_INVALID');
  });
});

it.each([
  ['null', null],
  ['no example', { examples: [] }],
  ['two examples', { examples: [{ itemId: 'a' }, { itemId: 'b' }] }],
  ['a weight', { examples: [{ itemId: 'a', weight: 2 }] }],
  ['a filter', { examples: [{ itemId: 'a' }], filter: {} }],
  ['a wrong k', { examples: [{ itemId: 'a' }], k: 1.5 }],
  ['a wrong id', { examples: [{ itemId: '' }] }],
  ['a vector of text', { examples: [{ vector: ['1'], modelId: 'm' }] }],
  ['a model that is no name', { examples: [{ vector: [1], modelId: 1 }] }],
  ['an item with a vector', { examples: [{ itemId: 'a', vector: [1], modelId: 'm' }] }],
])('%s goes the long way', (_what, search) => {
  expect(plainSearch(search)).toBeUndefined();
});
