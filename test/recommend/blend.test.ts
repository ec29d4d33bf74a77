import { describe, expect, it } from 'vitest';
import { codeEvents } from '../../src/recommend/behaviour/histories.js';
import type { PlanRequest } from '../../src/recommend/planner.js';
import { learntPlanner } from './learnt-world.js';
import { asking, at, behaviourOf, smallIndex, type Told } from './small-world.js';

const COUNT = 12;
/** Everybody goes round a circle of items, and each looks unlike the next: after i comes i + 1. */
const ids = Array.from({ length: COUNT }, (_, i) => `i${i}`);
const looks = (i: number): number[] => at(5 * ((i * 7) % COUNT));
const walks = ids.flatMap((_, p) =>
  [0, 1, 2].map((step) => ({ person: `p${p}`, step, itemId: ids[(p + step) % COUNT]! })),
);
const { log, itemIds } = codeEvents(
  [...walks, { person: 'fan', step: 0, itemId: 'i9' }].map(({ step, ...rest }) => ({
    ...rest,
    kind: 'view',
    time: step,
  })),
  { weights: { view: 1 } },
);
const known = ids.map((itemId, i) => ({ itemId, vector: looks(i) }));

/** Two that nobody has touched: one looks like i5, the other has no picture. */
const untouched = [
  { itemId: 'new', vector: looks(5), createdAt: 9 },
  { itemId: 'plain', createdAt: 8 },
];
const plan = async (told: readonly Told[], changes: Partial<PlanRequest>) =>
  (await learntPlanner(smallIndex([...known, ...untouched]), { log, itemIds }, behaviourOf(told)))(
    'default',
    asking({ scored: true, ...changes }),
  );
const placeOf = (hits: readonly { readonly itemId: string }[], itemId: string): number =>
  hits.findIndex((hit) => hit.itemId === itemId);
const visit = { who: { sessionId: 'session-1' } };
const ann = { who: { userId: 'ann' } };

describe('a person without a history', () => {
  const others: Told[] = [
    ['bob', 'purchase', 'i9'],
    ['bob', 'view', 'i2'],
  ];

  it('is shown what is popular, and then what is new, and the answer says that it is for everybody', async () => {
    const { hits, strategy, basis } = await plan(others, ann);

    expect({ strategy, basis }).toEqual({ strategy: 'popular', basis: 'everybody' });
    expect(hits.map(({ itemId }) => itemId).slice(0, 4)).toEqual(['i9', 'i2', 'new', 'plain']);
  });

  it('is shown what goes with the item they look at, where there is one', async () => {
    const { hits, strategy } = await plan(others, { ...ann, context: 'i3' });

    expect(strategy).toBe('blend');
    expect(hits[0]?.itemId).toBe('i4');
  });
});

describe('a session with one click', () => {
  it('is answered by what people did after the same, not by what is popular or looks like it', async () => {
    const told: Told[] = [['session-1', 'click', 'i3']];
    const { hits, strategy, basis } = await plan(told, visit);

    expect({ strategy, basis }).toEqual({ strategy: 'blend', basis: 'person' });
    expect(hits[0]?.itemId).toBe('i4');
    expect(placeOf(hits, 'i9')).toBeGreaterThan(3); // what is popular
    expect(placeOf(hits, 'i10')).toBeGreaterThan(3); // what looks like it, and is none of its neighbours
  });

  it('is answered anew by the second', async () => {
    const { hits } = await plan(
      [
        ['session-1', 'click', 'i3'],
        ['session-1', 'click', 'i9'],
      ],
      visit,
    );

    expect(hits[0]?.itemId).toBe('i10');
  });

  it('on an item that nobody else touched is answered by what looks like that', async () => {
    const { hits, strategy } = await plan([['session-1', 'click', 'new']], visit);

    expect(strategy).toBe('blend');
    expect(hits.slice(0, 3).map(({ itemId }) => itemId)).toContain('i6'); // what follows i5, which it looks like
  });

  it('on an item without events or picture is answered as if there were none', async () => {
    const told: Told[] = [
      ['session-1', 'click', 'plain'],
      ['bob', 'view', 'i2'],
    ];
    const { hits, strategy, basis } = await plan(told, visit);

    expect({ strategy, basis }).toEqual({ strategy: 'popular', basis: 'everybody' });
    expect(hits[0]?.itemId).toBe('i2');
  });
});

describe('an item that nobody has touched', () => {
  it('is shown where what it looks like stands, and says so', async () => {
    const { hits } = await plan([['session-1', 'click', 'i4']], { ...visit, k: 20, explain: true });
    const [own, twin] = [placeOf(hits, 'new'), placeOf(hits, 'i5')];

    expect(twin).toBe(0);
    expect(own).toBeGreaterThan(twin);
    expect(own).toBeLessThan(5);
    expect(hits[own]?.explain).toMatchObject({
      strategy: 'blend',
      likened: expect.arrayContaining([{ itemId: 'i5', similarity: expect.closeTo(1, 6) }]),
    });
  });

  it('and has no picture comes after all that there is a reason for', async () => {
    const { hits } = await plan([['session-1', 'click', 'i4']], { ...visit, k: 20, explain: true });

    expect(hits).toHaveLength(COUNT - 1 + 2);
    expect(hits.at(-1)).toMatchObject({ itemId: 'plain', explain: { strategy: 'recent' } });
  });
});
