import sharp from 'sharp';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changed } from './changed.js';
import { MODEL, openRig, picture, type Rig } from './open-rig.js';

let rig: Rig;
const at = (path: string) => `/v1/collections/default${path}`;
const ids = (body: { hits: { itemId: string }[] }) => body.hits.map((hit) => hit.itemId);
const search = (body: object) => request(rig.app).post(at('/search')).send(body);

beforeAll(async () => {
  rig = await openRig();
  for (let seed = 0; seed < 20; seed++)
    await request(rig.app)
      .put(at(`/items/p${String(seed).padStart(2, '0')}`))
      .send({ image: (await picture(seed)).toString('base64'), attributes: { even: seed % 2 === 0 } });
  await request(rig.app).put(at('/items/bare')).send({ attributes: {} });
});
afterAll(() => rig.close());

describe('a search', () => {
  it('by id answers with neighbours, most similar first, and never with the item', async () => {
    const { body, status } = await search({ examples: [{ itemId: 'p05' }], k: 5 });

    expect(status).toBe(200);
    expect(body.hits).toHaveLength(5);
    expect(ids(body)).not.toContain('p05');
    const similarities = body.hits.map((hit: { similarity: number }) => hit.similarity);
    expect(similarities).toEqual([...similarities].sort((a, b) => b - a));
    expect(body.hits[0]).not.toHaveProperty('score');
    expect(body).toMatchObject({ indexId: null, modelId: MODEL, tookMs: expect.any(Number) });
  });

  it('by an uploaded picture finds the item of the same picture', async () => {
    const bytes = await picture(7);
    const form = await request(rig.app).post(at('/search')).field('k', '1').attach('image', bytes, 'x.png');
    const json = await search({ examples: [{ image: `data:image/png;base64,${bytes.toString('base64')}` }], k: 1 });

    expect(ids(form.body)).toEqual(['p07']);
    expect(form.body.hits[0].similarity).toBeCloseTo(1, 5);
    expect(ids(json.body)).toEqual(['p07']);
  });

  it('by a vector needs the model that made it', async () => {
    const { body: made } = await request(rig.app)
      .post(at('/embed'))
      .send({ image: (await picture(3)).toString('base64') });
    const vector = made.vectors[0];

    expect(ids((await search({ examples: [{ vector, modelId: MODEL }], k: 1 })).body)).toEqual(['p03']);
    expect((await search({ examples: [{ vector }] })).body.code).toBe('REQUEST_INVALID');
    expect((await search({ examples: [{ vector, modelId: 'other' }] })).body).toMatchObject({
      code: 'MODEL_MISMATCH',
      status: 409,
    });
    expect((await search({ examples: [{ vector: [1, 2], modelId: MODEL }] })).body.code).toBe('VECTOR_INVALID');
  });

  it('filters exactly, and says so in its shape: k hits where k pass', async () => {
    const { body } = await search({ examples: [{ itemId: 'p05' }], k: 9, filter: { even: true } });

    expect(body.hits).toHaveLength(9);
    expect(body.hits.every((hit: { attributes: { even: boolean } }) => hit.attributes.even)).toBe(true);
  });

  it('goes on by its cursor, and every page together is the one long page', async () => {
    const whole = await search({ examples: [{ itemId: 'p05' }], k: 19 });
    const pages: string[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await search({ examples: [{ itemId: 'p05' }], k: 4, ...(cursor ? { cursor } : {}) });
      pages.push(...ids(body));
      cursor = body.nextCursor;
    } while (cursor !== undefined);

    expect(pages).toEqual(ids(whole.body));
  });

  it('refuses a cursor of another search, and one that was tampered with', async () => {
    const { body } = await search({ examples: [{ itemId: 'p05' }], k: 2 });
    const other = await search({ examples: [{ itemId: 'p06' }], k: 2, cursor: body.nextCursor });
    const [place, signature] = body.nextCursor.split('.');
    const forged = `${Buffer.from('[9000,null]').toString('base64url')}.${signature}`;

    expect(place).toBeTypeOf('string');
    expect(other.body.code).toBe('CURSOR_INVALID');
    expect((await search({ examples: [{ itemId: 'p05' }], cursor: forged })).body.code).toBe('CURSOR_INVALID');
    expect((await search({ examples: [{ itemId: 'p05' }], cursor: 'x' })).body.code).toBe('CURSOR_INVALID');
  });

  it('refuses a cursor of an index that is gone', async () => {
    const live = await rig.deps.live.get('default');
    const under = (indexId: string) =>
      rig.again({
        live: { ...rig.deps.live, get: async () => changed(live, { indexId }) },
        plan: async (collection, asked) => ({ ...(await rig.deps.plan(collection, asked)), indexId }),
      });
    const before = await request(under('one'))
      .post(at('/search'))
      .send({ examples: [{ itemId: 'p05' }], k: 2 });
    const after = await request(under('two'))
      .post(at('/search'))
      .send({ examples: [{ itemId: 'p05' }], k: 2, cursor: before.body.nextCursor });

    expect([after.status, after.body.code]).toEqual([409, 'CURSOR_GONE']);
  });

  it('groups by an attribute and caps by one, from JSON, a form, or the address, and goes on by its cursor', async () => {
    const examples = [{ itemId: 'p05' }];
    const grouped = await search({ examples, groupBy: 'even' });
    const form = await request(rig.app)
      .post(at('/search'))
      .field('examples', JSON.stringify(examples))
      .field('groupBy', 'even');
    const capped = await search({ examples, caps: [{ field: 'even', most: 3 }], k: 4 });
    const rest = await search({ examples, caps: [{ field: 'even', most: 3 }], k: 4, cursor: capped.body.nextCursor });

    expect(grouped.body.hits).toHaveLength(2);
    expect(form.body.hits).toEqual(grouped.body.hits);
    expect((await request(rig.app).get(at('/items/p05/similar?groupBy=even'))).body.hits).toEqual(grouped.body.hits);
    expect(rest.body.hits).toHaveLength(2);
    expect(new Set([...ids(capped.body), ...ids(rest.body)]).size).toBe(6);
    expect((await search({ examples, k: 4, cursor: capped.body.nextCursor })).body.code).toBe('CURSOR_INVALID');
  });

  it('is as without at diversity 0, and spreads its hits above it, page after page', async () => {
    const examples = [{ itemId: 'p05' }];
    const plain = await search({ examples, k: 8 });
    const none = await search({ examples, k: 8, diversity: 0 });
    const spread = await search({ examples, k: 8, diversity: 0.7 });
    const first = await search({ examples, k: 3, diversity: 0.7 });
    const second = await search({ examples, k: 5, diversity: 0.7, cursor: first.body.nextCursor });

    expect(none.body.hits).toEqual(plain.body.hits);
    expect(ids(spread.body)).not.toEqual(ids(plain.body));
    expect(spread.body.hits[0].score).toBe(spread.body.hits[0].similarity);
    expect([...ids(first.body), ...ids(second.body)]).toEqual(ids(spread.body));
    const { body } = await request(rig.app).get(at('/items/p05/similar?k=8&diversity=0.7'));
    expect(ids(body)).toEqual(ids(spread.body));
  });

  it.each([
    { diversity: 1.01 },
    { diversity: -0.1 },
    { diversity: '0.5' },
    { groupBy: '' },
    { groupBy: ['a'] },
    { caps: {} },
    { caps: [{ field: 'a', most: 0 }] },
    { caps: [{ field: 'a' }] },
    { caps: new Array(9).fill({ field: 'a', most: 1 }) },
  ])('refuses %j', async (wish) => {
    expect((await search({ examples: [{ itemId: 'p05' }], ...wish })).body.code).toBe('REQUEST_INVALID');
  });

  it.each(['facets', 'arrange'])('refuses %s by name: it is not built yet', async (field) => {
    const { body } = await search({ examples: [{ itemId: 'p05' }], [field]: {} });

    expect(body.code).toBe('REQUEST_INVALID');
    expect(body.issues).toEqual([{ path: field, message: `"${field}" is not built yet.` }]);
  });

  it.each([['text', { text: 'red' }]])('refuses an example with %s by name', async (field, example) => {
    const { body } = await search({ examples: [example] });

    expect(body.issues).toContainEqual({ path: `examples[0].${field}`, message: `"${field}" is not built yet.` });
  });

  it.each([{ k: 0 }, { k: 1001 }, { k: 1.5 }, { k: '5' }, { minSimilarity: 2 }, { filter: { a: { near: 1 } } }])(
    'refuses %j',
    async (wish) => {
      expect((await search({ examples: [{ itemId: 'p05' }], ...wish })).body.code).toBe('REQUEST_INVALID');
    },
  );

  it('tells an unknown item from one without a picture', async () => {
    expect((await search({ examples: [{ itemId: 'nobody' }] })).body.code).toBe('ITEM_NOT_FOUND');
    expect((await search({ examples: [{ itemId: 'bare' }] })).body.code).toBe('ITEM_NOT_EMBEDDED');
  });
});

describe('an example with a region', () => {
  const right = { x: 0.5, y: 0, width: 0.5, height: 1 };
  /** The pictures of two items beside each other. */
  const pair = async (left: number, other: number) => {
    const parts = await Promise.all(
      [left, other].map(async (seed) =>
        sharp(await picture(seed))
          .resize(64, 64)
          .png()
          .toBuffer(),
      ),
    );
    return sharp({ create: { width: 128, height: 64, channels: 3, background: 'white' } })
      .composite(parts.map((input, i) => ({ input, left: 64 * i, top: 0 })))
      .png()
      .toBuffer();
  };

  it('is that part of the picture, in JSON and in a form', async () => {
    const bytes = await pair(3, 11);
    const json = await search({ examples: [{ image: bytes.toString('base64'), region: right }], k: 1 });
    const left = await search({ examples: [{ image: bytes.toString('base64'), region: { ...right, x: 0 } }], k: 1 });
    const form = await request(rig.app)
      .post(at('/search'))
      .field('k', '1')
      .field('region', JSON.stringify(right))
      .attach('image', bytes, 'x.png');

    expect([ids(json.body), ids(form.body), ids(left.body)]).toEqual([['p11'], ['p11'], ['p03']]);
  });

  it('is a part of the picture of an item, which is not among the hits', async () => {
    const image = (await pair(4, 12)).toString('base64');
    await request(rig.app).put(at('/items/pair')).send({ image });
    const { body } = await search({ examples: [{ itemId: 'pair', region: right }], k: 25 });
    await request(rig.app).delete(at('/items/pair'));

    expect(ids(body)[0]).toBe('p12');
    expect(ids(body)).not.toContain('pair');
    expect((await search({ examples: [{ itemId: 'nobody', region: right }] })).body.code).toBe('ITEM_NOT_FOUND');
    expect((await search({ examples: [{ itemId: 'bare', region: right }] })).body.code).toBe('PICTURE_MISSING');
  });

  it('has cursors of its own', async () => {
    const form = (region: object) =>
      request(rig.app).post(at('/search')).field('k', '2').field('region', JSON.stringify(region));
    const bytes = await picture(3);
    const first = await form(right).attach('image', bytes, 'x.png');
    const { nextCursor } = first.body;
    const next = await form(right).field('cursor', nextCursor).attach('image', bytes, 'x.png');
    const other = await form({ ...right, x: 0 })
      .field('cursor', nextCursor)
      .attach('image', bytes, 'x.png');

    expect([next.status, other.body.code]).toEqual([200, 'CURSOR_INVALID']);
  });

  it.each([
    [{ ...right, width: 0 }, /it is empty/],
    [{ ...right, width: 0.6 }, /reaches out of the picture/],
    [{ ...right, x: -1 }, /too small/i],
    [{ x: 0, y: 0 }, /expected number/i],
    [[0, 0, 1, 1], /expected object/i],
  ])('is refused as %j', async (region, why) => {
    const { status, body } = await search({ examples: [{ itemId: 'p05', region }] });

    expect([status, body.code]).toEqual([400, 'REQUEST_INVALID']);
    expect(body.issues[0].path).toMatch(/^examples\[0\]\.region/);
    expect(body.issues[0].message).toMatch(why);
  });

  it('says of a field that was left out that it is missing', async () => {
    expect((await search({ k: 2 })).body.issues).toEqual([
      { path: 'examples', message: 'It is missing: expected array.' },
    ]);
  });

  it('is refused of a vector, and of a form without a picture', async () => {
    const ofVector = await search({ examples: [{ vector: [1], modelId: MODEL, region: right }] });
    const noFile = await request(rig.app)
      .post(at('/search'))
      .field('region', JSON.stringify(right))
      .field('examples', JSON.stringify([{ itemId: 'p05' }]));

    expect(ofVector.body.issues).toContainEqual(expect.objectContaining({ path: 'examples[0].region' }));
    expect([noFile.status, noFile.body.code]).toEqual([400, 'REQUEST_INVALID']);
  });
});

describe('similar items', () => {
  it('are what a search with that one example finds', async () => {
    const similar = await request(rig.app).get(at('/items/p05/similar?k=5'));
    const searched = await search({ examples: [{ itemId: 'p05' }], k: 5 });

    expect(similar.body.hits).toEqual(searched.body.hits);
  });

  it.each(['k=0', 'k=1001', 'k=2.5', 'k=many', 'k=', 'k=5&k=6', 'colour=red', 'k=%205'])(
    'refuse ?%s',
    async (query) => {
      expect((await request(rig.app).get(at(`/items/p05/similar?${query}`))).body.code).toBe('REQUEST_INVALID');
    },
  );
});

describe('many searches at once', () => {
  it('answer each as it would be answered alone, in order, and one failure fails no other', async () => {
    const searches = [
      { examples: [{ itemId: 'p01' }], k: 3 },
      { examples: [{ itemId: 'nobody' }] },
      { examples: [{ itemId: 'p02' }, { itemId: 'p03', weight: -0.5 }], k: 4 },
      { examples: [{ itemId: 'p04' }], k: 3, facets: ['x'] },
      { examples: [{ itemId: 'p05' }], k: 50 },
    ];
    const { body } = await request(rig.app).post(at('/search:batch')).send({ searches });
    const alone = await Promise.all(searches.map((one) => search(one)));

    expect(body.results.map((one: { error?: { code: string } }) => one.error?.code)).toEqual([
      undefined,
      'ITEM_NOT_FOUND',
      undefined,
      'REQUEST_INVALID',
      undefined,
    ]);
    for (const i of [0, 2, 4]) {
      expect({ ...body.results[i], tookMs: 0 }).toEqual({ ...alone[i]?.body, tookMs: 0 });
    }
  });

  it('go on alone where the batch gave a cursor', async () => {
    const { body } = await request(rig.app)
      .post(at('/search:batch'))
      .send({ searches: [{ examples: [{ itemId: 'p01' }], k: 3 }] });
    const next = await search({ examples: [{ itemId: 'p01' }], k: 3, cursor: body.results[0].nextCursor });

    expect(next.status).toBe(200);
    expect(ids(next.body)).not.toContain(body.results[0].hits[0].itemId);
  });

  it('are at most a hundred', async () => {
    const searches = new Array(101).fill({ examples: [{ itemId: 'p01' }] });

    expect((await request(rig.app).post(at('/search:batch')).send({ searches })).body.code).toBe('REQUEST_INVALID');
  });
});

describe('recommendations', () => {
  const recommend = (body: object) => request(rig.app).post(at('/recommendations')).send(body);

  it('leave out what somebody has seen, and say which strategy answered', async () => {
    const events = ['p01', 'p02'].map((itemId) => ({ userId: 'ada', itemId, kind: 'like' }));
    await request(rig.app).post(at('/events')).send(events);
    const { body } = await recommend({ user: 'ada', k: 5 });

    expect(body.strategy).toBe('user');
    expect(body.hits).toHaveLength(5);
    expect(ids(body)).not.toContain('p01');
    expect(body.hits[0].score).toBeTypeOf('number');
  });

  it('know nobody and answer all the same', async () => {
    expect((await recommend({ user: 'stranger' })).body.hits.length).toBeGreaterThan(0);
    expect((await recommend({})).status).toBe(200);
  });

  it('take what they do not know of for nothing, but for a context item, which must be there', async () => {
    const event = { userId: 'unknown-things', itemId: 'never-there', kind: 'purchase', time: '1970-01-01' };
    expect((await request(rig.app).post(at('/events')).send(event)).body).toMatchObject({ accepted: 1 });
    const { status, body } = await recommend({ user: 'unknown-things', k: 3, exclude: ['never-there-either'] });
    expect({ status, hits: body.hits.length }).toEqual({ status: 200, hits: 3 });

    const gone = await recommend({ user: 'unknown-things', context: 'never-there' });
    expect({ status: gone.status, code: gone.body.code }).toEqual({ status: 404, code: 'ITEM_NOT_FOUND' });
    const liked = await recommend({ examples: [{ itemId: 'never-there' }] });
    expect({ status: liked.status, code: liked.body.code }).toEqual({ status: 404, code: 'ITEM_NOT_FOUND' });
  });

  it('have nothing to show where a filter compares with another type, and say so', async () => {
    const { status, body } = await recommend({ user: 'ada', filter: { even: 'yes' } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ hits: [], noMatch: { code: expect.any(String) } });
    expect((await recommend({ user: 'ada', filter: { even: { gt: true } } })).body.code).toBe('REQUEST_INVALID');
  });

  it.each([
    ['a user and a session', { user: 'a', session: 'b' }],
    ['an unknown strategy', { strategy: 'psychic' }],
    ['what is not built', { facets: ['even'] }],
  ])('refuse %s', async (_what, body) => {
    expect((await recommend(body)).body.code).toBe('REQUEST_INVALID');
  });
});

describe('embed', () => {
  it('answers one unit vector a picture, from JSON, a form, or an address', async () => {
    const bytes = await picture(4);
    const image = bytes.toString('base64');
    const json = await request(rig.app)
      .post(at('/embed'))
      .send({ images: [image, image] });
    const form = await request(rig.app).post(at('/embed')).attach('image', bytes, 'x.png');
    const address = await request(rig.app).post(at('/embed')).send({ imageUrl: 'https://pictures.example/1.png' });

    expect(json.body.modelId).toBe(MODEL);
    expect(json.body.vectors).toHaveLength(2);
    expect(form.body.vectors[0]).toEqual(json.body.vectors[0]);
    expect(address.body.vectors[0]).toHaveLength(192);
  });

  it('refuses a collection whose items bring their vectors', async () => {
    await request(rig.app).put('/v1/collections/brought').send({ encoder: 'none', dimension: 2 });
    const answer = await request(rig.app)
      .post('/v1/collections/brought/embed')
      .send({ image: (await picture(1)).toString('base64') });

    expect(answer.body.code).toBe('REQUEST_INVALID');
  });
});

describe('a collection whose items bring vectors', () => {
  it('is searched by vectors without a model', async () => {
    await request(rig.app).put('/v1/collections/vectors').send({ encoder: 'none', dimension: 2 });
    const put = (itemId: string, vector: number[]) =>
      request(rig.app).put(`/v1/collections/vectors/items/${itemId}`).send({ vector });
    await put('east', [1, 0]);
    await put('north', [0, 2]);
    const found = await request(rig.app)
      .post('/v1/collections/vectors/search')
      .send({ examples: [{ vector: [3, 1] }] });

    expect(ids(found.body)).toEqual(['east', 'north']);
    expect(found.body.modelId).toBeNull();
    expect((await put('bad', [1, 2, 3])).body.code).toBe('VECTOR_INVALID');
  });
});
