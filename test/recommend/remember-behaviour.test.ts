import { describe, expect, it } from 'vitest';
import { rememberBehaviour } from '../../src/recommend/remember-behaviour.js';
import { behaviourOf, type Told } from './small-world.js';

const ann = { userId: 'ann' };

/** Behaviour over a list that a test changes, and how often it was read. */
function counting(told: Told[]) {
  const read = { of: 0, seenBy: 0 };
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
      const name = 'userId' in who ? who.userId : who.sessionId;
      return String(told.filter(([by]) => by === name).length);
    },
  };
  return { events, read };
}

describe('remembered behaviour', () => {
  it('is read once, and again as soon as something came or went', async () => {
    const told: Told[] = [['ann', 'click', 'a']];
    const { events, read } = counting(told);
    const remembered = rememberBehaviour(events);

    const first = await remembered.of('c', ann, 10);
    expect(await remembered.of('c', ann, 10)).toBe(first);
    expect([...(await remembered.seenBy('c', ann))]).toEqual(['a']);
    expect(read).toEqual({ of: 1, seenBy: 1 });

    told.push(['ann', 'click', 'b']);
    expect((await remembered.of('c', ann, 10)).map(({ itemId }) => itemId)).toEqual(['b', 'a']);
    expect([...(await remembered.seenBy('c', ann))]).toEqual(['a', 'b']);

    told.splice(0); // forgotten
    expect(await remembered.of('c', ann, 10)).toEqual([]);
    expect(await remembered.seenBy('c', ann)).toEqual(new Set());
  });

  it('keeps users, sessions and collections apart, and another limit', async () => {
    const { events } = counting([
      ['x', 'click', 'a'],
      ['x', 'click', 'b'],
    ]);
    const remembered = rememberBehaviour(events);

    expect(await remembered.of('c', { userId: 'x' }, 10)).toHaveLength(2);
    expect(await remembered.of('c', { userId: 'x' }, 1)).toHaveLength(1);
    expect(await remembered.of('c', { sessionId: 'x' }, 10)).toEqual([]);
  });

  it('forgets who asked longest ago', async () => {
    const { events, read } = counting([]);
    const remembered = rememberBehaviour(events, 2);

    for (const userId of ['a', 'b', 'a', 'c', 'a']) await remembered.of('c', { userId }, 10);
    expect(read.of).toBe(3);
    await remembered.of('c', { userId: 'b' }, 10);
    expect(read.of).toBe(4);
  });

  it('asks again where reading failed', async () => {
    const { events } = counting([['ann', 'click', 'a']]);
    let broken = true;
    const remembered = rememberBehaviour({
      ...events,
      of: (...question) => (broken ? Promise.reject(new Error('away')) : events.of(...question)),
    });

    await expect(remembered.of('c', ann, 10)).rejects.toThrow('away');
    broken = false;
    expect(await remembered.of('c', ann, 10)).toHaveLength(1);
  });
});
