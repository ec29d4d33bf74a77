import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { noLog } from '../../src/core/log.js';
import { openExperimentBook } from '../../src/recommend/experiments/experiment-book.js';
import { openRig, type Rig } from './open-rig.js';

const HOUR = 3_600_000;
let rig: Rig;
const at = (path = '') => `/v1/collections/default/experiments${path}`;
const put = (name: string, body: object) =>
  request(rig.app)
    .put(at(`/${name}`))
    .send(body);
const recommend = async (body: object) =>
  (await request(rig.app).post('/v1/collections/default/recommendations').send(body)).body;
const halves = [
  { name: 'now', share: 0.5 },
  { name: 'new', share: 0.5, request: { strategy: 'recent' } },
];
const people = Array.from({ length: 40 }, (_, i) => `person-${i}`);

beforeAll(async () => {
  rig = await openRig();
  const writes = Array.from({ length: 30 }, (_, i) => ({ itemId: `i${i}`, attributes: { n: i } }));
  await rig.deps.catalogue.items.put('default', writes);
  const events = Array.from({ length: 9 }, (_, i) => ({ itemId: `i${i % 3}`, kind: 'click' as const, time: i }));
  await rig.deps.catalogue.events.add('default', events);
});
afterAll(() => rig.close());
beforeEach(async () => {
  for (const { name } of await rig.deps.catalogue.experiments.list('default'))
    await request(rig.app).delete(at(`/${name}`));
});

describe('experiments', () => {
  it('are made, changed, read, listed and deleted', async () => {
    const made = await put('tea', { variants: halves });
    const again = await put('tea', { variants: halves, success: { kinds: ['purchase'], windowHours: 1.5 } });
    const list = await request(rig.app).get(at());

    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      ...{ name: 'tea', active: true, until: null },
      success: { kinds: ['click', 'like', 'cart', 'purchase'], windowHours: 24 },
      variants: [{ name: 'now', share: 0.5, request: {} }, halves[1]],
    });
    expect(again.status).toBe(200);
    expect(again.body.from).toBe(made.body.from);
    expect(again.body.success).toEqual({ kinds: ['purchase'], windowHours: 1.5 });
    expect((await request(rig.app).get(at('/tea'))).body).toEqual(again.body);
    expect(list.body.experiments).toEqual([again.body]);
    expect((await request(rig.app).delete(at('/tea'))).status).toBe(204);
    for (const path of ['/tea', '/tea/results'])
      expect((await request(rig.app).get(at(path))).body.code).toBe('EXPERIMENT_NOT_FOUND');
    expect((await request(rig.app).delete(at('/tea'))).body.code).toBe('EXPERIMENT_NOT_FOUND');
  });

  it.each([
    [{}],
    [{ variants: [] }],
    [{ variants: [{ name: 'a', share: 0.5 }] }],
    [
      {
        variants: [
          { name: 'a', share: 0.7 },
          { name: 'b', share: 0.4 },
        ],
      },
    ],
    [
      {
        variants: [
          { name: 'a', share: 1.5 },
          { name: 'b', share: -0.5 },
        ],
      },
    ],
    [
      {
        variants: [
          { name: 'a', share: 0.5 },
          { name: 'a', share: 0.5 },
        ],
      },
    ],
    [{ variants: [{ name: 'a b', share: 1 }] }],
    [{ variants: [{ name: 'a', share: 1, request: { strategy: 'magic' } }] }],
    [{ variants: [{ name: 'a', share: 1, request: { strategy: 'similar' } }] }],
    [{ variants: [{ name: 'a', share: 1, request: { user: 'ann' } }] }],
    [{ variants: [{ name: 'a', share: 1, request: { explore: { share: 0.9 } } }] }],
    [{ variants: [{ name: 'a', share: 1 }], from: '2030-01-02', until: '2030-01-01' }],
    [{ variants: [{ name: 'a', share: 1 }], until: 'tomorrow' }],
    [{ variants: [{ name: 'a', share: 1 }], success: { kinds: ['impression'] } }],
    [{ variants: [{ name: 'a', share: 1 }], success: { kinds: [] } }],
    [{ variants: [{ name: 'a', share: 1 }], success: { windowHours: 0 } }],
  ])('are not made of %j', async (body) => {
    expect((await put('wrong', body)).body).toMatchObject({ status: 400, code: 'REQUEST_INVALID' });
  });

  it('are one at a time, and of collections that are there', async () => {
    const [first, second] = ['2030-01-01', '2030-02-01'];
    await put('a', { variants: halves, from: first, until: second });
    const beside = await put('b', { variants: halves, from: '2030-01-15' });

    expect(beside.body).toMatchObject({ status: 409, code: 'EXPERIMENT_OVERLAP' });
    expect((await put('b', { variants: halves, from: second })).status).toBe(201);
    expect((await put('a', { variants: halves, from: first })).body.code).toBe('EXPERIMENT_OVERLAP');
    const gone = request(rig.app).put('/v1/collections/gone/experiments/a').send({ variants: halves });
    expect((await gone).body.code).toBe('COLLECTION_NOT_FOUND');
    expect((await request(rig.app).get('/v1/collections/gone/experiments')).body.code).toBe('COLLECTION_NOT_FOUND');
  });

  it('answer each person as their variant says, always the same, and nobody else', async () => {
    await put('tea', { variants: halves });
    const answers = await Promise.all(people.map((user) => recommend({ user, k: 3 })));
    const again = await Promise.all(people.map((user) => recommend({ user, k: 3, strategy: 'popular' })));

    const variants = answers.map(({ experiment }) => experiment.variant);
    expect(new Set(variants)).toEqual(new Set(['now', 'new']));
    for (const [i, { strategy, experiment }] of answers.entries())
      expect([experiment.name, strategy]).toEqual(['tea', variants[i] === 'new' ? 'recent' : 'popular']);
    expect(again.map(({ experiment }) => experiment.variant)).toEqual(variants);
    expect(again.map(({ strategy }) => strategy)).toEqual(answers.map(({ strategy }) => strategy));
    expect(await recommend({ k: 3 })).not.toHaveProperty('experiment');
    expect((await recommend({ session: 'visit' })).experiment.name).toBe('tea');
  });

  it('leave out requests that one of their strategies can not answer', async () => {
    await put('tea', { variants: [halves[0], { name: 'named', share: 0.5, request: { strategy: 'user' } }] });

    for (const session of people) expect(await recommend({ session })).not.toHaveProperty('experiment');
    expect(await recommend({ user: 'ann' })).toHaveProperty('experiment');
  });

  it("keep to the request's own filter beside that of the variant", async () => {
    const request = { strategy: 'recent', filter: { n: { gte: 10 } } };
    await put('tea', { variants: [{ name: 'all', share: 1, request }] });
    const { hits, experiment } = await recommend({ user: 'ann', k: 30, filter: { n: { lt: 12 } } });

    expect(experiment.variant).toBe('all');
    expect(hits.map(({ itemId }: { itemId: string }) => itemId).toSorted()).toEqual(['i10', 'i11']);
  });

  it('begin and end, and pages go on where one ends between them', async () => {
    const end = rig.clock.now + 1_000;
    await put('tea', { variants: [{ name: 'all', share: 1, request: { strategy: 'recent' } }], until: end });
    const first = await recommend({ user: 'ann', k: 3 });
    rig.clock.now = end;
    const second = await recommend({ user: 'ann', k: 3, cursor: first.nextCursor });

    expect(first.experiment).toEqual({ name: 'tea', variant: 'all' });
    expect(second.hits).toHaveLength(3);
    expect(second).not.toHaveProperty('experiment');
    expect((await request(rig.app).get(at('/tea'))).body.active).toBe(false);
  });

  it('tell what came of what was shown, by person, in time', async () => {
    await put('tea', {
      variants: [halves[0], { ...halves[1], request: { strategy: 'recent', explore: { share: 0.2 } } }],
    });
    const groups = new Map<string, string[]>();
    for (const user of Array.from({ length: 90 }, (_, i) => `taster-${i}`)) {
      const { experiment, hits } = await recommend({ user, k: 5, log: true });
      groups.set(experiment.variant, [...(groups.get(experiment.variant) ?? []), user]);
      // Half of the new ones click on what they see, at once; the others too late, before, or on something else.
      const even = groups.get(experiment.variant)!.length % 2 === 0;
      const base = { userId: user, itemId: hits[1].itemId, kind: 'click' as const };
      const { now } = rig.clock;
      await rig.deps.catalogue.events.add('default', [
        ...(experiment.variant === 'new' && even ? [{ ...base, time: now + HOUR }] : []),
        { ...base, time: now + 24 * HOUR + 1 },
        { ...base, time: now - 1 },
        { ...base, itemId: 'i29999', time: now + 1 },
        { ...base, kind: 'view' as const, time: now + 1 },
      ]);
    }
    const { body, status } = await request(rig.app).get(at('/tea/results'));
    const [now, fresh] = body.variants;
    const count = (name: string) => groups.get(name)?.length ?? 0;

    expect(status).toBe(200);
    expect(now).toMatchObject({ name: 'now', people: count('now'), impressions: 5 * count('now'), successes: 0 });
    expect(now.difference).toBeNull();
    expect(fresh).toMatchObject({ name: 'new', people: count('new'), successes: Math.floor(count('new') / 2) });
    expect(fresh.rate.value).toBeCloseTo(fresh.successes / fresh.impressions, 12);
    expect(fresh.difference.low).toBeGreaterThan(0);
    expect(fresh.says).toContain('better than the first variant');
    expect(body.warnings).toEqual([]);
  });

  it('leave out whoever was shown two variants, and say so', async () => {
    await put('coffee', { variants: halves });
    const shown = (userId: string, variant: string) => ({
      ...{ userId, itemId: 'i1', kind: 'impression', experiment: 'coffee', variant },
    });
    const events = [shown('ann', 'now'), shown('bob', 'now'), shown('bob', 'new')];
    await request(rig.app).post('/v1/collections/default/events').send(events);
    const { body } = await request(rig.app).get(at('/coffee/results'));

    expect(body.variants.map(({ people: count }: { people: number }) => count)).toEqual([1, 0]);
    expect(body.variants[1]).toMatchObject({ rate: null, says: 'Nothing was shown yet.' });
    expect(body.warnings).toEqual([expect.stringContaining('1 people were shown more than one variant')]);
  });

  it('reach another process within a second', async () => {
    const { now } = rig.clock;
    const book = openExperimentBook({ catalogue: rig.deps.catalogue as Catalogue, now: () => now, log: noLog });
    const ask = { who: { userId: 'ann' }, examples: [] };
    expect(await book.partOf('default', ask)).toBeNull();
    await rig.deps.catalogue.experiments.put('default', {
      ...{ name: 'far', from: 0, until: null, success: { kinds: ['click'], windowMs: 1 } },
      variants: [{ name: 'all', share: 1, request: {} }],
    });

    const begin = performance.now();
    while ((await book.partOf('default', ask)) === null && performance.now() - begin < 1_000)
      await new Promise((resolve) => setTimeout(resolve, 10));
    book.close();
    expect(await book.partOf('default', ask)).toMatchObject({ experiment: 'far', variant: { name: 'all' } });
  });
});

describe('what another way would have been worth', () => {
  const estimate = (body: object, collection = 'default') =>
    request(rig.app).post(`/v1/admin/collections/${collection}/estimate`).send(body);

  it('is asked for as a job, the same one while an equal wish is queued', async () => {
    const first = await estimate({ request: { strategy: 'popular' } });
    const equal = await estimate({ request: { strategy: 'popular' }, clip: 10 });
    const other = await estimate({ request: { strategy: 'popular' }, success: { kinds: ['purchase'] } });
    const job = await rig.deps.catalogue.jobs.get(first.body.jobId);

    expect(first.status).toBe(202);
    expect(first.headers.location).toBe(`/v1/admin/jobs/${first.body.jobId}`);
    expect(job).toMatchObject({
      kind: 'estimate',
      input: {
        request: { strategy: 'popular' },
        success: { kinds: ['click', 'like', 'cart', 'purchase'], windowHours: 24 },
        clip: 10,
      },
    });
    expect(equal.body.jobId).toBe(first.body.jobId);
    expect(other.body.jobId).not.toBe(first.body.jobId);
  });

  it.each([
    [{}],
    [{ request: { strategy: 'magic' } }],
    [{ request: { strategy: 'similar' } }],
    [{ request: { user: 'ann' } }],
    [{ request: {}, clip: 0 }],
    [{ request: {}, clip: 1e9 }],
    [{ request: {}, success: { kinds: ['impression'] } }],
    [{ request: {}, success: { kinds: [] } }],
    [{ request: {}, success: { windowHours: 0 } }],
    [{ request: {}, success: { windowHours: 1e6 } }],
    [{ request: {}, since: '2026-01-01' }],
  ])('is not asked for with %j', async (body) => {
    const { status, body: problem } = await estimate(body);

    expect([status, problem.code]).toEqual([400, 'REQUEST_INVALID']);
  });

  it('is not asked of a collection that is not there, nor without the scope admin', async () => {
    const guarded = rig.again({ settings: { KINDRED_ADMIN_KEY: 'secret-of-the-admin', KINDRED_PUBLIC_READ: true } });
    const path = '/v1/admin/collections/default/estimate';

    expect((await estimate({ request: {} }, 'nowhere')).body.code).toBe('COLLECTION_NOT_FOUND');
    expect((await request(guarded).post(path).send({ request: {} })).status).toBe(401);
    const admin = { Authorization: 'Bearer secret-of-the-admin' };
    expect((await request(guarded).post(path).set(admin).send({ request: {} })).status).toBe(202);
  });
});
