import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { EVENT_KINDS, type NewEvent } from '../../../src/catalogue/catalogue.js';
import { openCatalogue } from '../../../src/catalogue/open-catalogue.js';
import { Random } from '../../../src/core/random.js';
import { loggedAnswers } from '../../../src/recommend/experiments/logged-answers.js';
import { replayBehaviour } from '../../../src/recommend/experiments/replay-behaviour.js';
import { KIND_WEIGHTS } from '../../../src/recommend/plan.js';

const folder = mkdtempSync(join(tmpdir(), 'kindred-replay-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('says of every moment what the catalogue said then', async () => {
  const catalogue = await openCatalogue({ dataFolder: folder, now: () => 1, ids: randomUUID });
  const random = new Random(6);
  const events = Array.from(
    { length: 200 },
    (_, time): NewEvent => ({
      ...{ itemId: `i${random.int(12)}`, kind: EVENT_KINDS[random.int(EVENT_KINDS.length)]!, time },
      ...(random.chance(0.8) ? { userId: `u${random.int(3)}` } : {}),
      ...(random.chance(0.5) ? { sessionId: `s${random.int(3)}` } : {}),
    }),
  );
  const mixed = [...new Random(1).permutation(events.length)].map((i) => ({ ...events[i]!, receivedAt: 1 }));
  const { behaviour, goTo } = replayBehaviour(mixed);
  const people = [{ userId: 'u1' }, { sessionId: 's2' }, { userId: 'nobody' }];
  const told = async ({ of, seenBy, popular, evidence }: typeof behaviour) => [
    ...(await Promise.all(people.map(async (who) => (await of('default', who, 7)).map(({ time }) => time)))),
    ...(await Promise.all(
      people.map(async (who) => (await of('default', who, 4, ['click', 'like'])).map(({ time }) => time)),
    )),
    ...(await Promise.all(people.map(async (who) => [...(await seenBy('default', who))].toSorted()))),
    await popular('default', KIND_WEIGHTS, 5),
    [...(await evidence('default', ['click', 'cart']))].toSorted(),
  ];
  for (let start = 0; start <= 200; start += 40) {
    goTo(start);
    expect(await told(behaviour)).toEqual(await told(catalogue.events));
    if (start < 200) await catalogue.events.add('default', events.slice(start, start + 40));
  }
  await catalogue.close();
});

it('finds the answers of a log, with what came of them and what they were asked for', () => {
  const shown = (position: number, more: object = {}) => ({ propensity: 0.5, position, requestId: 'r', ...more });
  const impression = (itemId: string, changes: object) => ({
    ...{ itemId, kind: 'impression' as const, time: 100, receivedAt: 1, userId: 'ann', ...changes },
  });
  const answers = loggedAnswers(
    [
      impression('b', { time: 200, shown: shown(1) }),
      impression('a', { shown: shown(1, { request: { context: 'x' } }) }),
      impression('b', { shown: shown(2) }),
      impression('c', { shown: { position: 3, requestId: 'r' } }), // at odds that nobody knows
      impression('d', { shown: shown(4), userId: undefined }), // nobody's
      impression('a', { shown: shown(1), userId: undefined, sessionId: 's' }),
      ...[105, 111].map((time) => ({ itemId: 'a', kind: 'click' as const, time, receivedAt: 1, userId: 'ann' })),
      { itemId: 'b', kind: 'click' as const, time: 211, receivedAt: 1, userId: 'ann' },
    ],
    { kinds: ['click'], windowMs: 10 },
  );

  const hit = (itemId: string, position: number, success: boolean) => ({ itemId, position, propensity: 0.5, success });
  expect(answers).toEqual([
    { who: { userId: 'ann' }, time: 100, request: { context: 'x' }, hits: [hit('a', 1, true), hit('b', 2, false)] },
    { who: { sessionId: 's' }, time: 100, request: {}, hits: [hit('a', 1, false)] },
    { who: { userId: 'ann' }, time: 200, request: {}, hits: [hit('b', 1, false)] },
  ]);
});
