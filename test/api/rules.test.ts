import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { noLog } from '../../src/core/log.js';
import { openRuleBook } from '../../src/recommend/rule-book.js';
import { openRig, picture, type Rig } from './open-rig.js';

let rig: Rig;
const items = '/v1/collections/default';
const at = (path = '') => `/v1/admin/collections/default/rules${path}`;
const put = (ruleId: string, body: object) =>
  request(rig.app)
    .put(at(`/${ruleId}`))
    .send(body);
const ids = (body: { hits: { itemId: string }[] }) => body.hits.map((hit) => hit.itemId);
/** The same question on every way to ask it. */
async function everyWay(): Promise<string[][]> {
  const examples = [{ itemId: 'p5' }];
  const search = await request(rig.app).post(`${items}/search`).send({ examples, k: 4 });
  const similar = await request(rig.app).get(`${items}/items/p5/similar?k=4`);
  const batch = await request(rig.app)
    .post(`${items}/search:batch`)
    .send({ searches: [{ examples, k: 4 }] });
  const recommended = await request(rig.app).post(`${items}/recommendations`).send({ examples, k: 4 });
  return [ids(search.body), ids(similar.body), ids(batch.body.results[0]), ids(recommended.body)];
}

beforeAll(async () => {
  rig = await openRig();
  for (let seed = 0; seed < 12; seed++)
    await request(rig.app)
      .put(`${items}/items/p${seed}`)
      .send({ image: (await picture(seed)).toString('base64'), attributes: { seed } });
});
afterAll(() => rig.close());

describe('rules', () => {
  it('are made, changed, read, listed and deleted', async () => {
    const made = await put('sale', { action: 'boost', filter: { seed: { gt: 9 } }, name: 'Sale', until: '2030-01-01' });
    const again = await put('sale', { action: 'pin', itemId: 'p1' });
    await put('a', { action: 'hide', itemId: 'p2' });
    const list = await request(rig.app).get(at());

    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ ruleId: 'sale', by: 0.2, name: 'Sale', until: '2030-01-01T00:00:00.000Z' });
    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({ action: 'pin', position: 1, by: null, filter: null });
    expect((await request(rig.app).get(at('/sale'))).body).toEqual(again.body);
    expect(list.body.rules.map((rule: { ruleId: string }) => rule.ruleId)).toEqual(['a', 'sale']);
    for (const ruleId of ['a', 'sale']) expect((await request(rig.app).delete(at(`/${ruleId}`))).status).toBe(204);
    expect((await request(rig.app).delete(at('/a'))).body.code).toBe('RULE_NOT_FOUND');
    expect((await request(rig.app).get(at('/a'))).body.code).toBe('RULE_NOT_FOUND');
    expect((await request(rig.app).get('/v1/admin/collections/none/rules')).body.code).toBe('COLLECTION_NOT_FOUND');
  });

  it.each([
    [{ action: 'promote', itemId: 'a' }],
    [{ action: 'hide' }],
    [{ action: 'hide', itemId: 'a', filter: {} }],
    [{ action: 'hide', itemId: 'a', by: 1 }],
    [{ action: 'hide', filter: { a: { near: 1 } } }],
    [{ action: 'pin', filter: { a: 1 } }],
    [{ action: 'pin', itemId: 'a', position: 0 }],
    [{ action: 'boost', itemId: 'a', position: 1 }],
    [{ action: 'boost', itemId: 'a', by: 0 }],
    [{ action: 'boost', itemId: 'a', from: '2025-01-02', until: '2025-01-01' }],
    [{ action: 'boost', itemId: 'a', from: 'tomorrow' }],
  ])('are not made with %j', async (body) => {
    expect((await put('wrong', body)).body.code).toBe('REQUEST_INVALID');
  });

  it('hold on every way to ask from the answer on, and no longer once they are gone', async () => {
    const [before] = await everyWay();
    const [first, second] = before as [string, string];
    await put('hidden', { action: 'hide', itemId: first });
    await put('pinned', { action: 'pin', itemId: 'p11', position: 2 });
    await put('gone', { action: 'pin', itemId: 'nobody' });
    const under = await everyWay();
    await request(rig.app).delete(at('/gone'));
    await request(rig.app).delete(at('/hidden'));
    await request(rig.app).delete(at('/pinned'));

    for (const hits of under) {
      expect(hits.slice(0, 2)).toEqual([second, 'p11']);
      expect(hits).not.toContain(first);
    }
    for (const hits of await everyWay()) expect(hits).toEqual(before);
  });

  it('end when their time is over, and a request can do without all but what is hidden', async () => {
    const examples = [{ itemId: 'p5' }];
    const ask = async (wishes: object) =>
      ids(
        (
          await request(rig.app)
            .post(`${items}/search`)
            .send({ examples, k: 3, ...wishes })
        ).body,
      );
    const before = await ask({});
    await put('pinned', { action: 'pin', itemId: 'p11', until: rig.clock.now + 1_000 });

    expect((await ask({}))[0]).toBe('p11');
    expect(await ask({ rules: false })).toEqual(before);
    rig.clock.now += 1_000;
    expect(await ask({})).toEqual(before);
    await request(rig.app).delete(at('/pinned'));
  });

  it('reach another process within a second', async () => {
    // The rig hands the API no log; its catalogue has one all the same.
    const catalogue = rig.deps.catalogue as Catalogue;
    const book = openRuleBook({ catalogue, log: noLog });
    expect(await book.of('default')).toEqual([]);
    await catalogue.rules.put('default', {
      ...{ ruleId: 'far', name: null, action: 'hide', itemId: 'p1', filter: null },
      ...{ position: null, by: null, from: null, until: null },
    });

    const begin = performance.now();
    while ((await book.of('default')).length === 0 && performance.now() - begin < 1_000)
      await new Promise((resolve) => setTimeout(resolve, 10));
    book.close();
    expect(await book.of('default')).toMatchObject([{ ruleId: 'far' }]);
    await request(rig.app).delete(at('/far'));
  });

  it('that contradict one another, or concern what is gone, have one outcome each and never fail a request', async () => {
    const recommend = async (more: object = {}) =>
      request(rig.app)
        .post(`${items}/recommendations`)
        .send({ examples: [{ itemId: 'p5' }], k: 4, ...more });
    const before = ids((await recommend()).body);
    const told: [string, object][] = [
      ['a-pin', { action: 'pin', itemId: 'p11', position: 1 }],
      ['b-same-item', { action: 'pin', itemId: 'p11', position: 3 }],
      ['c-same-place', { action: 'pin', itemId: 'p10', position: 1 }],
      ['d-gone', { action: 'pin', itemId: 'never-there', position: 1 }],
      ['e-hidden', { action: 'pin', itemId: before[0], position: 1 }],
      ['f-hides', { action: 'hide', itemId: before[0] }],
      ['g-boosts', { action: 'boost', filter: { seed: { gte: 0 } }, by: 0.3 }],
      ['h-buries', { action: 'bury', filter: { seed: { gte: 0 } }, by: 0.3 }],
      ['i-wrong-type', { action: 'boost', filter: { seed: { gt: 'nine' } }, by: 1 }],
      ['j-no-such-field', { action: 'hide', filter: { 'size.of.nothing': 'large' } }],
    ];
    for (const [ruleId, body] of told) expect([ruleId, (await put(ruleId, body)).status]).toEqual([ruleId, 201]);

    const { status, body } = await recommend();
    expect(status).toBe(200);
    expect(ids(body)).toEqual(['p11', 'p10', before[1], before[2]]);

    await put('k-all', { action: 'hide', filter: {} });
    const nothing = await recommend();
    expect(nothing.status).toBe(200);
    expect(nothing.body).toMatchObject({ hits: [], noMatch: { code: expect.any(String) } });
    for (const [ruleId] of [...told, ['k-all']]) await request(rig.app).delete(at(`/${ruleId}`));
    expect(ids((await recommend()).body)).toEqual(before);
  });
});
