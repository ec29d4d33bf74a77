import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scope } from '../../src/catalogue/catalogue.js';
import { openRig, picture, type Rig } from './open-rig.js';

const ADMIN_KEY = 'an-admin-key-of-the-tests';
const at = (path: string) => `/v1/collections/default${path}`;
const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });

describe('without a key', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await openRig();
  });
  afterAll(() => rig.close());

  it.each([
    ['a host that is not loopback', { Host: 'evil.example' }],
    ['a host that only begins like loopback', { Host: '127.0.0.1.evil.example' }],
    ['a foreign origin', { Host: '127.0.0.1:8080', Origin: 'https://evil.example' }],
    ['another port of this machine', { Host: '127.0.0.1:8080', Origin: 'http://127.0.0.1:3000' }],
    ['the origin of a sandbox', { Host: '127.0.0.1:8080', Origin: 'null' }],
    ['a picture or script of another page', { Host: '127.0.0.1:8080', 'Sec-Fetch-Site': 'cross-site' }],
    ['a page of a neighbouring port', { Host: 'localhost:8080', 'Sec-Fetch-Site': 'same-site' }],
    ['a proxy that nobody trusts', { Host: '127.0.0.1:8080', 'X-Forwarded-For': '203.0.113.9' }],
  ])('a request with %s is refused', async (_what, headers) => {
    const answer = await request(rig.app).get('/v1/collections').set(headers);

    expect([answer.status, answer.body.code]).toEqual([403, 'FORBIDDEN']);
  });

  it('a form of another page writes nothing', async () => {
    const answer = await request(rig.app)
      .post('/v1/admin/collections/default/reindex')
      .set({ Host: '127.0.0.1:8080', Origin: 'https://evil.example' })
      .type('form')
      .send('a=1');

    expect(answer.body.code).toBe('FORBIDDEN');
    expect((await request(rig.app).get('/v1/admin/jobs')).body.jobs).toEqual([]);
  });

  it.each([
    ['the loopback name', { Host: 'localhost:8080' }],
    ['the loopback address', { Host: '127.0.0.1:8080' }],
    ['its IPv6 form', { Host: '[::1]:8080' }],
    ['the own page', { Host: 'localhost:8080', Origin: 'http://localhost:8080', 'Sec-Fetch-Site': 'same-origin' }],
  ])('%s may do everything', async (_what, headers) => {
    expect((await request(rig.app).get('/v1/admin/jobs').set(headers)).status).toBe(200);
  });

  it('a link from another page may open the page, and probes come from anywhere', async () => {
    const link = { Host: '127.0.0.1:8080', 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' };

    expect((await request(rig.app).get('/').set(link)).status).toBe(200);
    expect((await request(rig.app).get('/healthz').set('Host', 'kindred.internal')).status).toBe(200);
  });

  it('a trusted proxy on this machine may pass requests on, but only those that came to a loopback host', async () => {
    const app = rig.again({ settings: { KINDRED_TRUST_PROXY: 'loopback' } });
    const through = (host: string, client: string) =>
      request(app).get('/v1/collections').set({ 'X-Forwarded-Host': host, 'X-Forwarded-For': client });

    expect((await through('localhost', '127.0.0.1')).status).toBe(200);
    expect((await through('shop.example', '127.0.0.1')).status).toBe(403);
    expect((await through('localhost', '203.0.113.9')).status).toBe(403);
  });

  it('addresses of pictures need no signature', async () => {
    await request(rig.app)
      .put(at('/items/a'))
      .attach('image', await picture(1), 'x.png');

    expect((await request(rig.app).get(at('/items/a'))).body.imageUrl).toBe(at('/items/a/image'));
  });
});

describe('with keys', () => {
  let rig: Rig;
  let app: Rig['app'];
  beforeAll(async () => {
    rig = await openRig();
    app = rig.again({ settings: { KINDRED_ADMIN_KEY: ADMIN_KEY } });
    await request(app)
      .put(at('/items/a'))
      .set(bearer(ADMIN_KEY))
      .attach('image', await picture(1), 'x.png');
    await request(app)
      .put(at('/items/b'))
      .set(bearer(ADMIN_KEY))
      .attach('image', await picture(2), 'x.png');
  });
  afterAll(() => rig.close());
  const keyOf = async (scopes: Scope[], more: { collections?: string[]; ratePerSecond?: number } = {}) => {
    const { collections = null, ratePerSecond = null } = more;
    return rig.deps.catalogue.keys.create({ name: 'test', scopes, collections, ratePerSecond });
  };

  it.each(['/healthz', '/readyz', '/', '/docs', '/docs/swagger-ui.css', '/openapi.yaml'])(
    '%s needs none',
    async (path) => {
      expect((await request(app).get(path)).status).toBe(200);
    },
  );

  it.each([undefined, 'Bearer wrong', 'Basic YTpi', 'Bearer', `Bearer ${ADMIN_KEY}x`, 'Bearer a b'])(
    'nobody comes in with "%s"',
    async (authorization) => {
      const asked = request(app).get('/v1/collections');
      const answer = await (authorization === undefined ? asked : asked.set('Authorization', authorization));

      expect([answer.status, answer.body.code]).toEqual([401, 'UNAUTHENTICATED']);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    },
  );

  it.each<[Scope, string[]]>([
    ['search', ['search']],
    ['write', ['write']],
    ['admin', ['admin']],
  ])('a key with scope %s may do just that', async (scope, allowed) => {
    const { secret } = await keyOf([scope]);
    const tries: [string, request.Test][] = [
      ['search', request(app).get(at('/items/a/similar'))],
      ['write', request(app).put(at('/items/w')).send({ attributes: {} })],
      ['admin', request(app).get('/v1/admin/jobs')],
    ];
    for (const [needs, asked] of tries) {
      const { status } = await asked.set(bearer(secret));
      expect(status === 403, `${scope} asks for ${needs}: ${status}`).toBe(!allowed.includes(needs));
    }
    expect((await request(app).get('/metrics').set(bearer(secret))).status).toBe(200);
  });

  it('a key of one collection sees no other', async () => {
    await request(app).put('/v1/collections/other').set(bearer(ADMIN_KEY)).send({});
    const { secret } = await keyOf(['search', 'admin'], { collections: ['other'] });
    const list = await request(app).get('/v1/collections').set(bearer(secret));
    const job = await request(app).post('/v1/admin/collections/default/reindex').set(bearer(ADMIN_KEY));

    expect(list.body.collections.map((one: { name: string }) => one.name)).toEqual(['other']);
    expect((await request(app).get(at('/items/a')).set(bearer(secret))).body.code).toBe('FORBIDDEN');
    expect(
      (
        await request(app)
          .get(job.headers.location as string)
          .set(bearer(secret))
      ).body.code,
    ).toBe('JOB_NOT_FOUND');
    expect((await request(app).get('/v1/admin/jobs').set(bearer(secret))).body.jobs).toEqual([]);
  });

  it('a revoked key is refused within seconds', async () => {
    const { key, secret } = await keyOf(['search']);
    const ask = () => request(app).get('/v1/collections').set(bearer(secret));
    expect((await ask()).status).toBe(200);

    await rig.deps.catalogue.keys.revoke(key.keyId);
    rig.clock.now += 2_001;
    expect((await ask()).status).toBe(401);
  });

  it('the first key closes the server to those without one', async () => {
    const keyless = rig.app;
    await keyOf(['search']);
    rig.clock.now += 2_001;

    expect((await request(keyless).get('/v1/collections')).status).toBe(401);
  });

  it('a key has a rate, the admin key has none', async () => {
    const { secret } = await keyOf(['search'], { ratePerSecond: 2 });
    const ask = (key: string) => request(app).get('/v1/collections').set(bearer(key));
    const statuses = [await ask(secret), await ask(secret), await ask(secret)].map(({ status }) => status);

    expect(statuses).toEqual([200, 200, 429]);
    const limited = await ask(secret);
    expect(limited.body.code).toBe('RATE_LIMITED');
    expect(limited.headers['retry-after']).toBe('1');
    rig.clock.now += 600;
    expect((await ask(secret)).status).toBe(200);
    for (let i = 0; i < 5; i++) expect((await ask(ADMIN_KEY)).status).toBe(200);
  });

  it('public reads are open to everybody, writes are not, and an address has fifty a second', async () => {
    const open = rig.again({ settings: { KINDRED_ADMIN_KEY: ADMIN_KEY, KINDRED_PUBLIC_READ: true } });

    expect((await request(open).get(at('/items/a/similar'))).status).toBe(200);
    expect((await request(open).put(at('/items/x')).send({ attributes: {} })).status).toBe(401);
    expect((await request(open).get('/v1/admin/jobs')).status).toBe(401);
    const many = await Promise.all(Array.from({ length: 60 }, () => request(open).get(at('/items/a'))));
    expect(many.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(10);
    expect((await request(open).get(at('/items/a/image?size=64'))).status).toBe(200);
  });

  it('the address of a picture carries a signature that holds for a while, for that picture only', async () => {
    const { body } = await request(app).get(at('/items/a/similar')).set(bearer(ADMIN_KEY));
    const { imageUrl } = body.hits[0];

    expect(imageUrl).toMatch(/^\/v1\/collections\/default\/items\/b\/image\?size=256&expires=\d+&signature=[\w-]{22}$/);
    expect((await request(app).get(imageUrl)).status).toBe(200);
    expect((await request(app).get(imageUrl.replace('items/b', 'items/a'))).status).toBe(401);
    expect((await request(app).get(imageUrl.replace(/expires=\d/, 'expires=9'))).status).toBe(401);
    rig.clock.now += 1_200_001;
    expect((await request(app).get(imageUrl)).status).toBe(401);
  });
});

describe('pages of other origins', () => {
  it('may call where the setting names them, and only those', async () => {
    const rig = await openRig();
    const app = rig.again({ settings: { KINDRED_CORS_ORIGINS: 'https://shop.example, https://two.example' } });
    const preflight = (origin: string) =>
      request(app).options(at('/search')).set({ Origin: origin, 'Access-Control-Request-Method': 'POST' });
    const known = await preflight('https://shop.example');
    const called = await request(app).get('/v1/collections').set('Origin', 'https://shop.example');

    expect(known.status).toBe(204);
    expect(known.headers['access-control-allow-origin']).toBe('https://shop.example');
    expect(known.headers['access-control-allow-headers']).toContain('Authorization');
    expect(called.headers['access-control-allow-origin']).toBe('https://shop.example');
    expect((await preflight('https://evil.example')).headers['access-control-allow-origin']).toBeUndefined();
    await rig.close();
  });
});
