import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Catalogue, EventKind, NewEvent } from '../../src/catalogue/catalogue.js';
import { SQLITE_FILE } from '../../src/catalogue/open-catalogue.js';
import { Random } from '../../src/core/random.js';
import { type CatalogueHome, catalogueHome } from './catalogue-home.js';
import { entriesAmiss, SMALL_RUNS } from './small-runs.js';

const KINDS: readonly EventKind[] = ['view', 'click', 'purchase', 'impression'];
const STEPS = 120;

/** What is kept, as a plain list in order of arrival, and every question answered by going through it. */
function plainList() {
  let rows: NewEvent[] = [];
  let forgetting: string | undefined;
  const newestFirst = (is: (event: NewEvent) => boolean) =>
    rows
      .map((event, place) => ({ event, place }))
      .filter(({ event }) => is(event))
      .sort((a, b) => b.event.time - a.event.time || b.place - a.place)
      .map(({ event }) => event);
  return {
    add(events: readonly NewEvent[]) {
      for (const event of events) if (!rows.some(({ eventId }) => eventId === event.eventId)) rows.push(event);
    },
    forget: (userId: string) => {
      forgetting = userId;
      rows = rows.filter((event) => event.userId !== forgetting);
    },
    retain: (time: number) => {
      rows = rows.filter((event) => event.time >= time);
    },
    clear: () => {
      rows = [];
    },
    of: newestFirst,
    followed: (windowMs: number) =>
      rows
        .filter(({ shown, userId, sessionId }) => shown?.experiment === 'x' && (userId ?? sessionId) !== undefined)
        .map((impression) =>
          rows.some(
            ({ userId, sessionId, itemId, kind, time }) =>
              (impression.userId === undefined ? sessionId === impression.sessionId : userId === impression.userId) &&
              itemId === impression.itemId &&
              kind === 'click' &&
              time >= impression.time &&
              time <= impression.time + windowMs,
          ),
        ),
  };
}

describe('people in runs', { timeout: 120_000 }, () => {
  let home: CatalogueHome;
  afterEach(async () => home.remove());

  it.each([1, 2, 3, 4])('answer as a plain list does, whatever two writers do to it (%d)', async (seed) => {
    home = await catalogueHome(undefined, SMALL_RUNS);
    const both = [await home.open(), await home.open()];
    const random = new Random(seed);
    const either = (): Catalogue => both[random.int(2)]!;
    const name = 'c';
    await both[0]!.collections.put(name, { encoder: 'none' });
    const list = plainList();
    let made = 0;
    const event = (): NewEvent => {
      const kind = KINDS[random.int(KINDS.length)]!;
      return {
        itemId: `i${random.int(6)}`,
        kind,
        // Late ones, early ones, and many at the same moment.
        time: random.int(40) * 10,
        eventId: `e${random.int(10) === 0 ? random.int(made + 1) : ++made}`,
        ...(random.int(5) > 0 ? { userId: `u${random.int(6)}` } : {}),
        ...(random.int(3) > 0 ? { sessionId: `u${random.int(4)}` } : {}),
        ...(kind === 'impression' ? { shown: { experiment: 'x', variant: 'a' } } : {}),
      };
    };

    for (let step = 0; step < STEPS; step++) {
      const what = random.int(20);
      if (what === 0) {
        const userId = `u${random.int(6)}`;
        await either().events.forget(name, userId);
        while ((await either().events.dropUser(name, userId)) > 0);
        list.forget(userId);
      } else if (what === 1) {
        const time = random.int(12) * 10;
        const places = await either().events.before(name, time, { after: 0, limit: 1_000 });
        await either().events.remove(name, places);
        list.retain(time);
      } else if (what === 2 && random.int(4) === 0) {
        await either().collections.delete(name);
        await either().collections.put(name, { encoder: 'none' });
        list.clear();
      } else {
        const events = Array.from({ length: 1 + random.int(what > 10 ? 2 : 30) }, event);
        await either().events.add(name, events);
        list.add(events);
      }

      const { events } = either();
      const bare = (each: NewEvent & { receivedAt?: number }) => ({ ...each, receivedAt: undefined });
      for (const [who, is] of [
        [{ userId: 'u1' }, (each: NewEvent) => each.userId === 'u1'],
        [{ sessionId: 'u1' }, (each: NewEvent) => each.sessionId === 'u1'],
      ] as const) {
        const theirs = list.of(is);
        expect((await events.of(name, who, 7)).map(bare)).toEqual(theirs.slice(0, 7).map(bare));
        const clicks = theirs.filter(({ kind }) => kind === 'click' || kind === 'view').slice(0, 3);
        expect((await events.of(name, who, 3, ['click', 'view'])).map(bare)).toEqual(clicks.map(bare));
        const seen = theirs.filter(({ kind }) => kind !== 'impression').map(({ itemId }) => itemId);
        expect(await events.seenBy(name, who)).toEqual(new Set(seen));
        expect(await events.mark(name, who)).toMatch(new RegExp(`^${theirs.length} `));
      }
    }

    const { events } = either();
    const history: NewEvent[] = [];
    for (let after: string | undefined, more = true; more; ) {
      const page = await events.history(name, 'u2', { after, limit: 3 });
      history.push(...page.rows);
      after = page.next;
      more = after !== undefined;
    }
    const theirs = list.of(({ userId }) => userId === 'u2').toReversed();
    expect(history.map(({ eventId }) => eventId)).toEqual(theirs.map(({ eventId }) => eventId));
    const experiment = { name: 'x', from: 0, success: { kinds: ['click'], windowMs: 50 } } as const;
    const outcomes = await events.outcomes(name, experiment, { after: 0, limit: 10_000 });
    expect(outcomes.map(({ success }) => success)).toEqual(list.followed(50));
    expect(history.length + outcomes.length).toBeGreaterThan(0);
    expect(entriesAmiss(join(home.dataFolder, SQLITE_FILE))).toEqual([]);
  });
});
