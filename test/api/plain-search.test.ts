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
  ['a vector without its model', { examples: [{ vector: [1] }] }],
  ['an item with a vector', { examples: [{ itemId: 'a', vector: [1], modelId: 'm' }] }],
])('%s goes the long way', (_what, search) => {
  expect(plainSearch(search)).toBeUndefined();
});
