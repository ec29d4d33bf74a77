import sharp from 'sharp';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../src/errors.js';
import { changed } from './changed.js';
import { MODEL, openRig, picture, type Rig } from './open-rig.js';

let rig: Rig;
const at = (path: string) => `/v1/collections/default${path}`;
const explain = (itemId: string, body: object, app = rig.app) =>
  request(app)
    .post(at(`/items/${itemId}/explain`))
    .send(body);
const base64 = async (seed: number) => (await picture(seed)).toString('base64');
const sum = (rows: number[][]) => rows.flat().reduce((a, b) => a + b, 0);
const right = { x: 0.5, y: 0, width: 0.5, height: 1 };

beforeAll(async () => {
  rig = await openRig();
  for (const seed of [1, 2, 3])
    await request(rig.app)
      .put(at(`/items/p${seed}`))
      .send({ image: await base64(seed) });
  await request(rig.app).put(at('/items/bare')).send({ attributes: {} });
});
afterAll(() => rig.close());

describe('where an example and an item are alike', () => {
  it('is said in numbers and in pictures, for an item, a picture, an address and a file', async () => {
    const byItem = await explain('p2', { example: { itemId: 'p1' }, size: 96 });
    const byPicture = await explain('p2', { example: { image: await base64(1) }, size: 96 });
    const byAddress = await explain('p2', { example: { imageUrl: 'https://pictures.example/a.png' }, size: 96 });
    const byFile = await request(rig.app)
      .post(at('/items/p2/explain'))
      .field('size', '96')
      .attach('image', await picture(1), 'x.png');

    for (const { status, body } of [byItem, byPicture, byAddress, byFile]) {
      expect([status, body.modelId]).toEqual([200, MODEL]);
      for (const { shares, places, image } of [body.query, body.hit]) {
        expect(sum(shares)).toBeCloseTo(body.similarity, 4);
        expect(Math.max(...places.flat())).toBeLessThanOrEqual(1.000001);
        const { format, width, height } = await sharp(Buffer.from(image, 'base64')).metadata();
        expect([format, width, height]).toEqual(['png', 96, 96]);
      }
    }
    const { tookMs: _, ...answer } = byItem.body;
    for (const { body } of [byPicture, byFile]) expect(body).toMatchObject(answer);
    expect(byAddress.body.similarity).not.toBe(byItem.body.similarity);
  });

  it('is all of it where both are one picture', async () => {
    const { body } = await explain('p1', { example: { itemId: 'p1' } });

    expect(body.similarity).toBeCloseTo(1, 5);
    expect(body.query).toEqual(body.hit);
  });

  it('is asked for a part of a picture, in JSON and in a form', async () => {
    const whole = await explain('p2', { example: { itemId: 'p3' } });
    const json = await explain('p2', { example: { itemId: 'p3', region: right } });
    const form = await request(rig.app)
      .post(at('/items/p2/explain'))
      .field('region', JSON.stringify(right))
      .attach('image', await picture(3), 'x.png');

    expect(json.body.query).toEqual(form.body.query);
    expect(json.body.query.image).not.toBe(whole.body.query.image);
  });

  it('is drawn as shares, and on transparency, where that is asked for', async () => {
    const [places, shares, bare] = await Promise.all(
      [{}, { show: 'shares' }, { blend: false }].map((view) => explain('p2', { example: { itemId: 'p1' }, ...view })),
    );

    expect(shares!.body.query.shares).toEqual(places!.body.query.shares);
    const images = [places, shares, bare].map((answer) => answer!.body.query.image);
    expect(new Set(images).size).toBe(3);
    expect((await sharp(Buffer.from(images[2], 'base64')).metadata()).hasAlpha).toBe(true);
  });

  it('is one PNG of both, for whoever accepts a PNG', async () => {
    const answer = await explain('p2', { example: { itemId: 'p1' }, size: 64 })
      .set('Accept', 'image/png')
      .responseType('blob');

    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'image/png']);
    const { format, width, height } = await sharp(answer.body).metadata();
    expect([format, width, height]).toEqual(['png', 140, 64]);
  });

  it('goes by the whitening of the index', async () => {
    const live = await rig.deps.live.get('default');
    const asked: unknown[] = [];
    const whitening = { dimension: 1, mean: new Float32Array(1), matrix: new Float32Array(1) };
    const explainMatch: Rig['deps']['explainMatch'] = (one) => {
      asked.push(one.index.whitening);
      return rig.deps.explainMatch(one);
    };
    const served = changed(live, { whitening, modelId: MODEL });
    const app = rig.again({ explainMatch, live: { ...rig.deps.live, get: async () => served } });

    expect((await explain('p2', { example: { itemId: 'p1' } }, app)).status).toBe(200);
    expect(asked).toEqual([whitening]);
  });

  it.each([
    ['an unknown item', 'nobody', { example: { itemId: 'p1' } }, 404, 'ITEM_NOT_FOUND'],
    ['an item without a picture', 'bare', { example: { itemId: 'p1' } }, 409, 'PICTURE_MISSING'],
    ['an unknown example', 'p1', { example: { itemId: 'nobody' } }, 404, 'ITEM_NOT_FOUND'],
    ['an example without a picture', 'p1', { example: { itemId: 'bare' } }, 409, 'PICTURE_MISSING'],
    ['no picture', 'p1', { example: { image: 'aGVsbG8=' } }, 400, 'PICTURE_UNREADABLE'],
    [
      'too large a picture',
      'p1',
      { example: { image: Buffer.alloc(300_001).toString('base64') } },
      413,
      'PICTURE_TOO_LARGE',
    ],
    ['a refused address', 'p1', { example: { imageUrl: 'http://10.0.0.1/' } }, 400, 'URL_REFUSED'],
    ['a vector', 'p1', { example: { vector: [1], modelId: MODEL } }, 400, 'REQUEST_INVALID'],
    ['two examples in one', 'p1', { example: { itemId: 'p2', image: 'aGVsbG8=' } }, 400, 'REQUEST_INVALID'],
    ['an empty region', 'p1', { example: { itemId: 'p2', region: { ...right, width: 0 } } }, 400, 'REQUEST_INVALID'],
    ['no example', 'p1', {}, 400, 'REQUEST_INVALID'],
    ['too large a view', 'p1', { example: { itemId: 'p2' }, size: 5_000 }, 400, 'REQUEST_INVALID'],
    ['an unknown view', 'p1', { example: { itemId: 'p2' }, show: 'all' }, 400, 'REQUEST_INVALID'],
  ])('refuses %s', async (_what, itemId, body, status, code) => {
    const answer = await explain(itemId, body);

    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('refuses a form without a file, a collection without an encoder, and a model without a map', async () => {
    const form = await request(rig.app).post(at('/items/p1/explain')).field('size', '64');
    await request(rig.app).put('/v1/collections/brought').send({ encoder: 'none' });
    const brought = await request(rig.app)
      .post('/v1/collections/brought/items/p1/explain')
      .send({ example: { itemId: 'p1' } });
    const mapless = rig.again({
      explainMatch: async ({ modelId }) => {
        throw new AppError('MODEL_WITHOUT_MAP', { modelId });
      },
    });
    const { status, body } = await explain('p1', { example: { itemId: 'p2' } }, mapless);

    expect([form.body.code, brought.body.code]).toEqual(['REQUEST_INVALID', 'REQUEST_INVALID']);
    expect([status, body.code]).toEqual([409, 'MODEL_WITHOUT_MAP']);
  });

  it('is worked out for a few at a time; more wait, and too many are shed', async () => {
    let [inside, most] = [0, 0];
    const app = rig.again({
      explainMatch: async (asked) => {
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setTimeout(resolve, 100));
        inside--;
        return rig.deps.explainMatch(asked);
      },
    });
    const answers = await Promise.all(
      Array.from({ length: 75 }, () => explain('p1', { example: { itemId: 'p2' }, size: 64 }, app)),
    );

    expect(most).toBeLessThanOrEqual(4);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 503]));
  });
});
