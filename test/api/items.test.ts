import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRig, picture, type Rig } from './open-rig.js';

let rig: Rig;
const at = (path: string) => `/v1/collections/default${path}`;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

describe('an item', () => {
  it('is new with 201 and a Location, and replaced with 200', async () => {
    const first = await request(rig.app)
      .put(at('/items/a%2Fb%20c'))
      .send({ attributes: { colour: 'red' }, image: (await picture(1)).toString('base64') });
    const second = await request(rig.app)
      .put(at('/items/a%2Fb%20c'))
      .send({ attributes: { colour: 'blue' } });
    const found = await request(rig.app).get(at('/items/a%2Fb%20c'));

    expect(first.status).toBe(201);
    expect(first.headers.location).toBe('/v1/collections/default/items/a%2Fb%20c');
    expect(first.body).toMatchObject({
      itemId: 'a/b c',
      attributes: { colour: 'red' },
      picture: { mime: 'image/png' },
    });
    expect(second.status).toBe(200);
    expect(found.body.attributes).toEqual({ colour: 'blue' });
    expect(found.body.picture).toEqual(first.body.picture);
    expect(found.body.createdAt).toBe('2023-11-14T22:13:20.000Z');
  });

  it('takes its picture from a form, and from an address', async () => {
    const form = await request(rig.app)
      .put(at('/items/form'))
      .field('attributes', '{"from":"form"}')
      .attach('image', await picture(2), 'x.png');
    const address = await request(rig.app)
      .put(at('/items/address'))
      .send({ imageUrl: 'https://pictures.example/1.png' });

    expect(form.body).toMatchObject({ attributes: { from: 'form' }, picture: { width: 24, height: 24 } });
    expect(address.body.picture.mime).toBe('image/png');
  });

  it('is patched as RFC 7396 says: null removes a field', async () => {
    await request(rig.app)
      .put(at('/items/patched'))
      .send({ attributes: { a: 1, b: { c: 2, d: 3 } } });
    const patched = await request(rig.app)
      .patch(at('/items/patched'))
      .send({ attributes: { a: null, b: { d: 4 }, e: [1] } });

    expect(patched.body.attributes).toEqual({ b: { c: 2, d: 4 }, e: [1] });
  });

  it('is gone once it is deleted, and can be deleted once', async () => {
    await request(rig.app).put(at('/items/gone')).send({ attributes: {} });

    expect((await request(rig.app).delete(at('/items/gone'))).status).toBe(204);
    expect((await request(rig.app).get(at('/items/gone'))).body.code).toBe('ITEM_NOT_FOUND');
    expect((await request(rig.app).delete(at('/items/gone'))).body.code).toBe('ITEM_NOT_FOUND');
  });

  it('shows its picture and thumbnails of it, each named by an ETag', async () => {
    const bytes = await picture(3);
    await request(rig.app).put(at('/items/shown')).attach('image', bytes, 'x.png');
    const whole = await request(rig.app).get(at('/items/shown/image')).buffer(true);
    const small = await request(rig.app).get(at('/items/shown/image?size=64'));
    const again = await request(rig.app)
      .get(at('/items/shown/image?size=64'))
      .set('If-None-Match', small.headers.etag as string);

    expect(whole.headers['content-type']).toBe('image/png');
    expect(whole.body).toEqual(bytes);
    expect(whole.headers['content-security-policy']).toContain('sandbox');
    expect(small.headers['content-type']).toBe('image/webp');
    expect(small.headers.etag).not.toBe(whole.headers.etag);
    expect(again.status).toBe(304);
  });

  it.each([
    ['no field at all', {}, 'REQUEST_INVALID'],
    ['an unknown field', { attributes: {}, colour: 'red' }, 'REQUEST_INVALID'],
    ['two pictures', { image: 'AAAA', imageUrl: 'https://pictures.example/1' }, 'REQUEST_INVALID'],
    ['text for base64', { image: '%%%%' }, 'PICTURE_UNREADABLE'],
    ['bytes that are no picture', { image: Buffer.from('hello').toString('base64') }, 'PICTURE_UNREADABLE'],
    ['a vector where pictures are embedded', { vector: [1, 2] }, 'VECTORS_NOT_TAKEN'],
    ['an address that is refused', { imageUrl: 'http://127.0.0.1/' }, 'URL_REFUSED'],
    ['attributes that are no object', { attributes: [1] }, 'REQUEST_INVALID'],
    ['attributes beyond the bound', { attributes: { a: 'x'.repeat(70_000) } }, 'REQUEST_INVALID'],
  ])('is refused with %s', async (_what, body, code) => {
    const answer = await request(rig.app).put(at('/items/refused')).send(body);

    expect(answer.body).toMatchObject({ code, status: answer.status });
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });

  it('with a picture beyond the bound is refused with 413', async () => {
    const answer = await request(rig.app).put(at('/items/large')).attach('image', Buffer.alloc(300_001), 'x.png');

    expect([answer.status, answer.body.code]).toEqual([413, 'PICTURE_TOO_LARGE']);
  });

  it.each([`/items/${'x'.repeat(257)}`, '/items/a%00b', '/items/a%0Ab'])('is not called %s', async (path) => {
    expect((await request(rig.app).put(at(path)).send({ attributes: {} })).body.code).toBe('REQUEST_INVALID');
  });

  it('may be called anything of 256 characters, however they are written', async () => {
    const itemId = '🍎'.repeat(256);
    const answer = await request(rig.app)
      .put(at(`/items/${encodeURIComponent(itemId)}`))
      .send({ attributes: {} });

    expect(answer.status).toBe(201);
    expect(answer.body.itemId).toBe(itemId);
  });
});

describe('the list of items', () => {
  it('goes on where a page ended, filtered or not, and says nothing twice', async () => {
    await request(rig.app).put('/v1/collections/list').send({ encoder: 'none' });
    for (let i = 0; i < 7; i++)
      await request(rig.app)
        .put(`/v1/collections/list/items/i${i}`)
        .send({ attributes: { odd: i % 2 === 1 } });

    const walk = async (query: string): Promise<string[]> => {
      const ids: string[] = [];
      let cursor: string | undefined;
      do {
        const more: string = cursor === undefined ? '' : `&cursor=${cursor}`;
        const { body } = await request(rig.app).get(`/v1/collections/list/items?limit=2${query}${more}`);
        ids.push(...body.items.map((item: { itemId: string }) => item.itemId));
        cursor = body.nextCursor;
      } while (cursor !== undefined);
      return ids;
    };

    expect(await walk('')).toEqual(['i0', 'i1', 'i2', 'i3', 'i4', 'i5', 'i6']);
    expect(await walk(`&filter=${encodeURIComponent('{"odd":true}')}`)).toEqual(['i1', 'i3', 'i5']);
  });

  it('takes a cursor only with the request that gave it out', async () => {
    const { body } = await request(rig.app).get('/v1/collections/list/items?limit=2');
    const other = await request(rig.app).get(`/v1/collections/default/items?limit=2&cursor=${body.nextCursor}`);

    expect(other.body.code).toBe('CURSOR_INVALID');
  });
});

describe('a batch of items', () => {
  const send = (body: string | Buffer) =>
    request(rig.app)
      .post(at('/items:batch'))
      .set('Content-Type', 'application/x-ndjson')
      .send(body as string)
      .buffer(true)
      .parse((response, done) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => done(null, Buffer.concat(chunks).toString()));
      });
  const results = (answer: { body: unknown }): Record<string, unknown>[] =>
    String(answer.body)
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it('answers one line a line, in order, and a bad one stops nothing', async () => {
    const image = (await picture(5)).toString('base64');
    const lines = [
      JSON.stringify({ itemId: 'b1', image, attributes: { n: 1 } }),
      'not json',
      '',
      JSON.stringify({ itemId: 'b2', attributes: { n: 2 } }),
      JSON.stringify({ itemId: 'b1', image, attributes: { n: 1 } }),
      JSON.stringify({ itemId: 'b3', image: 'aGVsbG8=' }),
      JSON.stringify({ itemId: 'b4', attributes: {}, facets: [] }),
    ];
    const answer = await send(lines.join('\n'));

    expect(results(answer).map(({ line, itemId, status, code }) => [line, itemId, status, code])).toEqual([
      [1, 'b1', 'stored', undefined],
      [2, undefined, 'failed', 'REQUEST_INVALID'],
      [4, 'b2', 'stored', undefined],
      [5, 'b1', 'unchanged', undefined],
      [6, 'b3', 'failed', 'PICTURE_UNREADABLE'],
      [7, 'b4', 'failed', 'REQUEST_INVALID'],
    ]);
    expect((await request(rig.app).get(at('/items/b1'))).body.attributes).toEqual({ n: 1 });
  });

  it('of thousands of lines keeps their order', async () => {
    const lines = Array.from({ length: 3_000 }, (_, i) => JSON.stringify({ itemId: `m${i}`, attributes: { i } }));
    const found = results(await send(`${lines.join('\n')}\n`));

    expect(found).toHaveLength(3_000);
    expect(found.every((one, i) => one.line === i + 1 && one.itemId === `m${i}` && one.status === 'stored')).toBe(true);
  });

  it('passes over a line that is too long without holding it', async () => {
    const long = JSON.stringify({ itemId: 'long', image: 'A'.repeat(2_000_000) });
    const found = results(await send(`${long}\n${JSON.stringify({ itemId: 'short', attributes: {} })}\n`));

    expect(found.map(({ status, code }) => [status, code])).toEqual([
      ['failed', 'BODY_TOO_LARGE'],
      ['stored', undefined],
    ]);
  });

  it('of a collection that is not there is refused before anything is read', async () => {
    const answer = await request(rig.app)
      .post('/v1/collections/nowhere/items:batch')
      .set('Content-Type', 'application/x-ndjson')
      .send('{}');

    expect(answer.body.code).toBe('COLLECTION_NOT_FOUND');
  });
});
