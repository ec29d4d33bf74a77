import type { Express } from 'express';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { noLog } from '../../src/core/log.js';
import { createPlanner } from '../../src/recommend/plan.js';
import type { Plan } from '../../src/recommend/planner.js';
import { type RememberedBehaviour, rememberBehaviour } from '../../src/recommend/remember-behaviour.js';
import { openRig, picture, type Rig } from './open-rig.js';

const ADMIN_KEY = 'an-admin-key-of-the-tests';
const at = (path: string) => `/v1/collections/default${path}`;

let rig: Rig;
let behaviour: RememberedBehaviour;
let keyless: Express;
let guarded: Express;
const plans: Plan[] = [];

/** An app whose planner remembers people, as the server's does, and tells what it handed out. */
beforeAll(async () => {
  rig = await openRig();
  const { catalogue, live, rules } = rig.deps;
  behaviour = rememberBehaviour({ events: catalogue.events, log: (catalogue as Catalogue).log, tell: noLog }); // it is a whole one
  const planner = createPlanner({ live: live.get, behaviour, rules: rules.of, now: rig.deps.now });
  const plan: typeof planner = async (...asked) => {
    const found = await planner(...asked);
    plans.push(found);
    return found;
  };
  keyless = rig.again({ plan });
  guarded = rig.again({ plan, settings: { KINDRED_ADMIN_KEY: ADMIN_KEY } });
  for (let i = 0; i < 12; i++)
    await request(keyless)
      .put(at(`/items/i${i}`))
      .send({ image: (await picture(i)).toString('base64') })
      .expect(201);
});
afterAll(async () => {
  behaviour.close();
  await rig.close();
});

const ask = async (body: object, app = keyless) => {
  const answer = await request(app)
    .post(at('/recommendations'))
    .set('Authorization', `Bearer ${ADMIN_KEY}`)
    .send({ user: 'ann', k: 3, strategy: 'user', ...body });
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 });
  const { tookMs, ...rest } = answer.body as Record<string, unknown> & { hits: Record<string, unknown>[] };
  expect(tookMs).toEqual(expect.any(Number));
  return { ...rest, text: answer.text.replace(/"tookMs":[\d.]+/, '') } as typeof rest & { text: string };
};
const did = (itemId: string, kind = 'like') =>
  request(keyless)
    .post(at('/events'))
    .send([{ userId: 'ann', itemId, kind }])
    .expect(200);
/** Whether the last two answers were made of one plan. */
const again = (): boolean => plans.at(-1)!.settled === true && plans.at(-1) === plans.at(-2);

describe('an answer to the same question', () => {
  it('is the same to the letter while nothing has changed, and another one right after an event', async () => {
    await did('i2');
    const first = await ask({});
    const second = await ask({});
    expect(again()).toBe(true);
    expect(second.text).toBe(first.text);

    await did('i9');
    const then = await ask({});
    expect(again()).toBe(false);
    expect(then.hits).not.toEqual(first.hits);
  });

  it('says what an item has become', async () => {
    await ask({});
    const { hits } = await ask({});
    const itemId = hits[0]!.itemId as string;
    const { indexId } = await rig.deps.live.get('default');
    await request(keyless)
      .patch(at(`/items/${itemId}`))
      .send({ attributes: { price: 7 } })
      .expect(200);

    expect(indexId).toBe((await rig.deps.live.get('default')).indexId);
    expect((await ask({})).hits[0]).toMatchObject({ itemId, attributes: { price: 7 } });
  });

  it('asked for in other words has a cursor of its own, where an experiment makes one question of both', async () => {
    const { catalogue, experiments } = rig.deps;
    const variants = [1, 2].map((n) => ({ name: `v${n}`, share: 0.5, request: { strategy: 'user' } }));
    await request(keyless).put(at('/experiments/same')).send({ variants }).expect(201);
    await experiments.refresh();
    const [one, other] = [await ask({}), await ask({ strategy: 'recent' })];
    const [alike, unlike] = [await ask({}), await ask({ strategy: 'recent' })];

    expect(again()).toBe(true);
    expect(other.hits).toEqual(one.hits);
    expect(other.nextCursor).not.toBe(one.nextCursor);
    expect([alike.nextCursor, unlike.nextCursor]).toEqual([one.nextCursor, other.nextCursor]);
    expect(one.experiment).toMatchObject({ name: 'same' });
    await ask({ cursor: alike.nextCursor });
    await ask({ strategy: 'recent', cursor: unlike.nextCursor });
    await catalogue.experiments.delete('default', 'same');
    await experiments.refresh();
  });

  it('signs addresses of pictures anew before they expire, and only for whom they are signed', async () => {
    const address = async (app: Express) => (await ask({}, app)).hits[0]!.imageUrl as string;
    const signed = await address(guarded);
    expect(await address(guarded)).toBe(signed);
    expect(again()).toBe(true);
    expect(signed).toContain('signature=');
    expect(await address(keyless)).not.toContain('signature=');

    rig.clock.now += 1_200_001;
    const later = await address(guarded);
    expect(again()).toBe(true);
    expect(later).not.toBe(signed);
    expect((await request(guarded).get(later)).status).toBe(200);
  });

  it('says anew what was logged', async () => {
    const first = await ask({ log: true });
    const second = await ask({ log: true });
    expect([first.logged, second.logged]).toEqual([3, 3]);
  });
});
