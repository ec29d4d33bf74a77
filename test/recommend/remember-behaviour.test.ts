import { describe, expect, it } from 'vitest';
import { forgetPeople } from '../../src/app/forget-people.js';
import { noLog } from '../../src/core/log.js';
import { rememberBehaviour } from '../../src/recommend/remember-behaviour.js';
import { catalogueHome } from '../catalogue/catalogue-home.js';
import { behaviourOf, type Told } from './small-world.js';

const ann = { userId: 'ann' };

/** Behaviour over a list that a test changes, and how often it was read. `counts.version` stands for commits. */
function counting(told: Told[]) {
  const read = { of: 0, seenBy: 0, mark: 0 };
  const counts: { version: number | undefined; removals: number } = { version: undefined, removals: 0 };
  const events = {
    of: (...question: Parameters<ReturnType<typeof behaviourOf>['of']>) => {
      read.of++;
      return behaviourOf(told).of(...question);
    },
    seenBy: (...question: Parameters<ReturnType<typeof behaviourOf>['seenBy']>) => {
      read.seenBy++;
      return behaviourOf(told).seenBy(...question);
    },
    popular: behaviourOf(told).popular,
    evidence: behaviourOf(told).evidence,
    mark: async (_collection: string, who: { userId: string } | { sessionId: string }) => {
      read.mark++;
      const name = 'userId' in who ? who.userId : who.sessionId;
      return String(told.filter(([by]) => by === name).length);
    },
    removals: async () => String(counts.removals),
  };
  const watchers: (() => void)[] = [];
  const log = {
    watch: (changed: () => void) => {
      watchers.push(changed);
      return () => {};
    },
    version: () => counts.version,
  };
  const commit = () => {
    for (const changed of watchers) changed();
  };
  return { ports: { events, log, tell: noLog }, events, read, counts, commit };
}

describe('remembered behaviour', () => {
  it('is read once, and again as soon as something came or went', async () => {
    const told: Told[] = [['ann', 'click', 'a']];
    const { ports, read } = counting(told);
    const remembered = rememberBehaviour(ports);

    const first = await remembered.of('c', ann, 10);
    expect(await remembered.of('c', ann, 10)).toBe(first);
    expect([...(await remembered.seenBy('c', ann))]).toEqual(['a']);
    expect(read).toEqual({ of: 1, seenBy: 1, mark: 3 });

    told.push(['ann', 'click', 'b']);
    expect((await remembered.of('c', ann, 10)).map(({ itemId }) => itemId)).toEqual(['b', 'a']);
    expect([...(await remembered.seenBy('c', ann))]).toEqual(['a', 'b']);

    told.splice(0); // forgotten
    expect(await remembered.of('c', ann, 10)).toEqual([]);
    expect(await remembered.seenBy('c', ann)).toEqual(new Set());
  });

  it('keeps users, sessions and collections apart, and another limit', async () => {
    const { ports } = counting([
      ['x', 'click', 'a'],
      ['x', 'click', 'b'],
    ]);
    const remembered = rememberBehaviour(ports);

    expect(await remembered.of('c', { userId: 'x' }, 10)).toHaveLength(2);
    expect(await remembered.of('c', { userId: 'x' }, 1)).toHaveLength(1);
    expect(await remembered.of('c', { sessionId: 'x' }, 10)).toEqual([]);
  });

  it('forgets who asked longest ago', async () => {
    const { ports, read } = counting([]);
    const remembered = rememberBehaviour({ ...ports, mostPeople: 2 });

    for (const userId of ['a', 'b', 'a', 'c', 'a']) await remembered.of('c', { userId }, 10);
    expect(read.of).toBe(3);
    await remembered.of('c', { userId: 'b' }, 10);
    expect(read.of).toBe(4);
  });

  it('asks again where reading failed', async () => {
    const { ports, events } = counting([['ann', 'click', 'a']]);
    let broken = true;
    const of: typeof events.of = (...question) => (broken ? Promise.reject(new Error('away')) : events.of(...question));
    const remembered = rememberBehaviour({ ...ports, events: { ...events, of } });

    await expect(remembered.of('c', ann, 10)).rejects.toThrow('away');
    broken = false;
    expect(await remembered.of('c', ann, 10)).toHaveLength(1);
  });

  it('does not ask for the mark again until somebody has written something', async () => {
    const told: Told[] = [['ann', 'click', 'a']];
    const { ports, read, counts } = counting(told);
    counts.version = 1;
    const remembered = rememberBehaviour(ports);

    for (let i = 0; i < 3; i++) await remembered.of('c', ann, 10);
    expect(read).toMatchObject({ of: 1, mark: 1 });
    counts.version = 2;
    const first = await remembered.of('c', ann, 10);
    expect(read).toMatchObject({ of: 1, mark: 2 });
    told.push(['ann', 'click', 'b']);
    counts.version = 3;
    expect(await remembered.of('c', ann, 10)).toHaveLength(2);
    expect(first).toHaveLength(1);
  });

  it('holds a bounded number of events and items, of the last who asked', async () => {
    const told = ['a', 'b', 'c', 'd'].flatMap((who) =>
      Array.from({ length: 10 }, (_, i) => [who, 'click', `i${i}`] as const),
    );
    const remembered = rememberBehaviour({ ...counting(told).ports, mostHeld: 45 });

    for (const userId of ['a', 'b', 'c', 'd']) {
      await remembered.of('c', { userId }, 10);
      await remembered.seenBy('c', { userId });
    }

    expect(remembered.people()).toBe(2);
    expect(await remembered.of('c', { userId: 'a' }, 10)).toHaveLength(10);
  });

  it('drops everybody once events were taken away, and what was being read then', async () => {
    const { ports, events, counts, commit } = counting([
      ['ann', 'click', 'a'],
      ['bob', 'click', 'a'],
    ]);
    let letMarkGo = () => {};
    const waiting = new Promise<void>((go) => {
      letMarkGo = go;
    });
    const mark: typeof events.mark = async (collection, who) => {
      const found = await events.mark(collection, who);
      if ('userId' in who && who.userId === 'bob') await waiting;
      return found;
    };
    const remembered = rememberBehaviour({ ...ports, events: { ...events, mark } });
    await new Promise((go) => setTimeout(go, 300)); // the first look
    await remembered.of('c', ann, 10);
    const bob = remembered.of('c', { userId: 'bob' }, 10);

    commit();
    await new Promise((go) => setTimeout(go, 300));
    expect(remembered.people()).toBe(1);

    counts.removals++;
    commit();
    await expect.poll(() => remembered.people()).toBe(0);
    letMarkGo();
    expect(await bob).toHaveLength(1);
    expect(remembered.people()).toBe(0);
    await remembered.of('c', ann, 10);
    expect(remembered.people()).toBe(1);
    remembered.close();
  });
});

describe('somebody who is forgotten by one process', () => {
  it('is remembered by no other, though nobody asks for them again', async () => {
    const home = await catalogueHome();
    const [here, there] = [await home.open(), await home.open()];
    await here.events.add('default', [{ userId: 'ann', itemId: 'a', kind: 'like', time: 1 }]);
    const remembered = rememberBehaviour({ events: there.events, log: there.log, tell: noLog });
    await new Promise((go) => setTimeout(go, 300));
    expect(await remembered.of('default', ann, 10)).toHaveLength(1);
    await here.events.add('default', [{ userId: 'bob', itemId: 'a', kind: 'like', time: 1 }]);
    await new Promise((go) => setTimeout(go, 500));
    expect(remembered.people()).toBe(1);

    await here.events.forget('default', 'ann');
    await forgetPeople(here.events, { collection: 'default', holdsClaim: async () => {}, progress: () => {} });

    await expect.poll(() => remembered.people(), { timeout: 3_000 }).toBe(0);
    expect(await remembered.of('default', ann, 10)).toEqual([]);
    remembered.close();
    await Promise.all([here.close(), there.close()]);
    await home.remove();
  });
});
