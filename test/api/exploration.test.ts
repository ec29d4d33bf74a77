import request from 'supertest';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Catalogue, StoredEvent } from '../../src/catalogue/catalogue.js';
import { noLog } from '../../src/core/log.js';
import { openExploreDefaults } from '../../src/recommend/explore-defaults.js';
import { openRig, type Rig } from './open-rig.js';

let rig: Rig;
const at = (path: string) => `/v1/collections/default${path}`;
const recommend = (body: object) => request(rig.app).post(at('/recommendations')).send(body);
const impressionsOf = async (userId: string): Promise<readonly StoredEvent[]> =>
  rig.deps.catalogue.events.of('default', { userId }, 1_000, ['impression']);

beforeAll(async () => {
  rig = await openRig();
  const writes = Array.from({ length: 60 }, (_, i) => ({ itemId: `i${i}`, attributes: { old: i < 40 } }));
  await rig.deps.catalogue.items.put('default', writes);
  const events = Array.from({ length: 20 }, (_, i) => ({ itemId: `i${i}`, kind: 'click' as const, time: i }));
  await rig.deps.catalogue.events.add('default', events);
});
afterAll(() => rig.close());

describe('impressions', () => {
  it('are kept with their probabilities before the answer is given, and say what they were an answer to', async () => {
    const body = { user: 'ann', explore: { share: 0.5 }, log: true, k: 12, filter: { old: true }, strategy: 'popular' };
    const { body: answer, headers } = await recommend(body);
    const kept = [...(await impressionsOf('ann'))].sort((a, b) => a.shown!.position! - b.shown!.position!);

    expect(answer.logged).toBe(12);
    expect(kept.map(({ itemId }) => itemId)).toEqual(answer.hits.map((hit: { itemId: string }) => hit.itemId));
    expect(kept.map(({ shown }) => shown?.propensity)).toEqual(
      answer.hits.map((hit: { propensity?: number }) => hit.propensity),
    );
    expect(kept.map(({ shown }) => shown?.position)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
    expect(new Set(kept.map(({ shown }) => shown?.requestId))).toEqual(new Set([headers['x-request-id']]));
    expect(kept[0]?.shown?.request).toMatchObject({ filter: { old: true }, explore: { share: 0.5, by: 'epsilon' } });
    expect(kept[0]?.shown?.request).not.toHaveProperty('user');
    expect(answer.hits.some((hit: { explored?: true }) => hit.explored)).toBe(true);
    // Below the ten places that are explored nothing is known.
    expect(kept.slice(0, 10).every(({ shown }) => shown!.propensity! > 0)).toBe(true);
    expect(kept.slice(10).every(({ shown }) => shown?.propensity === undefined)).toBe(true);
  });

  it('are certain where nothing is tried out, and go on with the places of the next page', async () => {
    const first = await recommend({ user: 'bob', log: true, k: 3 });
    await recommend({ user: 'bob', log: true, k: 3, cursor: first.body.nextCursor });
    const kept = (await impressionsOf('bob')).map(({ shown }) => [shown?.position, shown?.propensity]);

    expect(kept.toSorted()).toEqual([1, 2, 3, 4, 5, 6].map((place) => [place, 1]));
    expect(first.body.hits[0]).not.toHaveProperty('propensity');
  });

  it('hide nothing, and do not push what somebody did out of what is known of them', async () => {
    await rig.deps.catalogue.events.add('default', [{ userId: 'cid', itemId: 'i50', kind: 'like', time: 1 }]);
    const before = await recommend({ user: 'cid', k: 5 });
    for (let i = 0; i < 25; i++) await recommend({ user: 'cid', log: true, k: 10 });
    const after = await recommend({ user: 'cid', k: 5 });

    expect(await impressionsOf('cid')).toHaveLength(250);
    expect(after.body.hits).toEqual(before.body.hits);
  });

  it('may be sent by whoever showed the hits, and are told to whoever asks for a person, and forgotten with them', async () => {
    const shown = { propensity: 0.25, position: 3, requestId: 'r-1', experiment: 'x', variant: 'b' };
    const sent = { userId: 'dan', itemId: 'i1', kind: 'impression', time: 5, ...shown };
    expect((await request(rig.app).post(at('/events')).send(sent)).body).toMatchObject({ accepted: 1 });
    const { body } = await request(rig.app).get(at('/users/dan/events'));

    expect(body.events).toEqual([expect.objectContaining({ userId: 'dan', kind: 'impression', ...shown })]);
    await rig.deps.catalogue.events.forget('default', 'dan');
    while ((await rig.deps.catalogue.events.dropUser('default', 'dan')) > 0);
    expect((await request(rig.app).get(at('/users/dan/events'))).body.events).toEqual([]);
    expect(
      await rig.deps.catalogue.events.outcomes(
        'default',
        { name: 'x', from: 0, success: { kinds: ['click'], windowMs: 1 } },
        { after: 0, limit: 9 },
      ),
    ).toEqual([]);
  });

  it.each([
    [{ propensity: 0 }],
    [{ propensity: 1.01 }],
    [{ propensity: -0.5 }],
    [{ propensity: 'often' }],
    [{ position: 0 }],
    [{ position: 1.5 }],
    [{ experiment: 'x' }],
    [{ variant: 'a' }],
    [{ experiment: 'a b', variant: 'a' }],
    [{ kind: 'click', propensity: 0.5 }],
    [{ kind: 'view', requestId: 'r' }],
    [{ request: {} }],
  ])('are refused with %j', async (wrong) => {
    const event = { itemId: 'i1', kind: 'impression', ...wrong };

    expect((await request(rig.app).post(at('/events')).send(event)).body.code).toBe('REQUEST_INVALID');
  });

  it('need a key that may write', async () => {
    const { secret } = await rig.deps.catalogue.keys.create({
      ...{ name: 'reader', scopes: ['search'], collections: null, ratePerSecond: null },
    });
    const ask = (log: boolean) =>
      request(rig.again({ settings: { KINDRED_ADMIN_KEY: 'an-admin-key-of-the-tests' } }))
        .post(at('/recommendations'))
        .set('Authorization', `Bearer ${secret}`)
        .send({ user: 'eve', log });

    expect((await ask(false)).status).toBe(200);
    expect((await ask(true)).body.code).toBe('FORBIDDEN');
    expect(await impressionsOf('eve')).toEqual([]);
  });
});

describe('exploring', () => {
  it.each([
    [{ explore: { share: 0.6 }, user: 'a' }],
    [{ explore: { share: -0.1 }, user: 'a' }],
    [{ explore: {}, user: 'a' }],
    [{ explore: { share: 0.1, by: 'greedy' }, user: 'a' }],
    [{ explore: { share: 0.1, places: 1 }, user: 'a' }],
    [{ explore: { share: 0.1, places: 101 }, user: 'a' }],
    [{ explore: { share: 0.1 } }],
    [{ seed: '' }],
    [{ log: 'yes' }],
  ])('is refused with %j', async (body) => {
    expect((await recommend(body)).body).toMatchObject({ status: 400, code: 'REQUEST_INVALID' });
  });

  it('is no part of a search', async () => {
    const answer = await request(rig.app)
      .post(at('/search'))
      .send({ examples: [{ itemId: 'i1' }], explore: { share: 0.1 } });

    expect(answer.body.code).toBe('REQUEST_INVALID');
  });

  it('works in a collection of three items, and in an empty one', async () => {
    for (const [name, count] of [
      ['three', 3],
      ['none', 0],
    ] as const) {
      await rig.deps.catalogue.collections.put(name, { encoder: 'none' });
      const writes = Array.from({ length: count }, (_, i) => ({ itemId: `x${i}` }));
      if (count > 0) await rig.deps.catalogue.items.put(name, writes);
      const { body, status } = await request(rig.app)
        .post(`/v1/collections/${name}/recommendations`)
        .send({ user: 'a', explore: { share: 0.5, by: 'thompson' }, log: true });

      expect(status).toBe(200);
      expect(body.logged).toBe(count);
      expect(body.hits.map((hit: { propensity: number }) => hit.propensity)).toEqual(Array(count).fill(1));
    }
  });
});

describe("a collection's own exploring", () => {
  const settle = (explore: object | null) => request(rig.app).put('/v1/collections/default').send({ explore });
  const propensities = ({ body }: { body: { hits: { propensity?: number }[] } }) =>
    body.hits.map(({ propensity }) => propensity);
  afterEach(() => settle(null));

  it('holds where a request does not say, and is shown with the collection', async () => {
    const asked = { user: 'dot', k: 12 };
    const without = await recommend(asked);
    const set = await settle({ share: 0.3 });
    const preset = await recommend(asked);
    const said = await recommend({ ...asked, explore: { share: 0.3 } });

    expect(set.body.explore).toEqual({ share: 0.3, by: 'epsilon', places: 10 });
    expect((await request(rig.app).get('/v1/collections/default')).body.explore).toEqual(set.body.explore);
    expect(propensities(without)).toEqual(Array.from({ length: 12 }));
    expect(preset.body.hits).toEqual(said.body.hits);
    expect(
      propensities(preset)
        .slice(1, 10)
        .every((chance) => chance! < 1),
    ).toBe(true);
  });

  it('gives way to what a request says, and to a variant of an experiment', async () => {
    await settle({ share: 0.5 });
    const none = await recommend({ user: 'eve', explore: null });
    const other = await recommend({ user: 'eve', explore: { share: 0.1, places: 3 } });
    const experiment = '/v1/collections/default/experiments/off';
    await request(rig.app)
      .put(experiment)
      .send({ variants: [{ name: 'off', share: 1, request: { explore: null } }] });
    const varied = await recommend({ user: 'eve' });
    await request(rig.app).delete(experiment);

    expect(propensities(none)).toEqual(Array.from({ length: 10 }));
    expect(propensities(other).slice(3)).toEqual(Array.from({ length: 7 }));
    expect(propensities(other)[1]).toBeLessThan(1);
    expect(varied.body.experiment.variant).toBe('off');
    expect(propensities(varied)).toEqual(Array.from({ length: 10 }));
  });

  it('is kept with impressions as what was asked for, and pages go on', async () => {
    await settle({ share: 0.5, places: 4 });
    const first = await recommend({ session: 'fay', k: 4, log: true });
    const second = await recommend({ session: 'fay', k: 4, log: true, cursor: first.body.nextCursor });
    const kept = await rig.deps.catalogue.events.of('default', { sessionId: 'fay' }, 100, ['impression']);

    expect(second.status).toBe(200);
    expect(kept.flatMap(({ shown }) => shown?.request ?? [])).toEqual(
      Array.from({ length: 2 }, () => expect.objectContaining({ explore: { share: 0.5, by: 'epsilon', places: 4 } })),
    );
    const known = kept.filter(({ shown }) => shown!.position! <= 4).map(({ shown }) => shown!.propensity!);
    expect(known.every((chance) => chance > 0 && chance <= 1)).toBe(true);
    expect(known.some((chance) => chance < 1)).toBe(true);
  });

  it('leaves a request alone that names nobody, unless it brings a seed', async () => {
    await settle({ share: 0.5 });
    const nobody = await recommend({ strategy: 'popular' });
    const seeded = await recommend({ strategy: 'popular', seed: 'a' });

    expect([nobody.status, seeded.status]).toEqual([200, 200]);
    expect(propensities(nobody)).toEqual(Array.from({ length: 10 }));
    expect(propensities(seeded)[1]).toBeLessThan(1);
  });

  it.each([
    [{ share: 0.6 }],
    [{ share: -1 }],
    [{}],
    [{ share: 0.1, by: 'dice' }],
    [{ share: 0.1, places: 1 }],
    ['much'],
  ])('is not %j', async (explore) => {
    const { status, body } = await request(rig.app).put('/v1/collections/default').send({ explore });

    expect([status, body.code]).toEqual([400, 'REQUEST_INVALID']);
  });

  it('reaches another process within a second', async () => {
    const other = openExploreDefaults({ catalogue: rig.deps.catalogue as Catalogue, log: noLog });
    expect(await other.of('default')).toBeNull();
    await settle({ share: 0.2 });

    await expect.poll(() => other.of('default'), { timeout: 1_000 }).toMatchObject({ share: 0.2 });
    other.close();
  });
});
