import { describe, expect, it } from 'vitest';
import { codeEvents } from '../../src/recommend/behaviour/histories.js';
import { createPlanner } from '../../src/recommend/plan.js';
import type { PlanRequest } from '../../src/recommend/planner.js';
import { learntPlanner } from './learnt-world.js';
import { asking, behaviourOf, smallIndex, type Told } from './small-world.js';

const DAY = 86_400_000;
const events = (itemId: string, count: number, dayOf: (i: number) => number) =>
  Array.from({ length: count }, (_, i) => ({ person: `${itemId}-${i}`, itemId, kind: 'view', time: DAY * dayOf(i) }));
/** A hundred days: one with steady interest, two that rise in the last week, one that is over. */
const coded = codeEvents(
  [
    ...events('evergreen', 200, (i) => i / 2),
    ...events('rising', 12, () => 98),
    ...events('stirring', 6, () => 97),
    ...events('over', 80, () => 10),
  ],
  { weights: { view: 1 } },
);
const index = smallIndex(
  [...coded.itemIds, 'untouched'].map((itemId, createdAt) => ({
    itemId,
    createdAt,
    attributes: { odd: createdAt % 2 === 1 },
  })),
  null,
);
const told: Told[] = [
  ['bob', 'view', 'over'],
  ['ann', 'view', 'rising'],
];
const trending = async (changes: Partial<PlanRequest> = {}) =>
  (await learntPlanner(index, coded, behaviourOf(told)))('default', asking({ strategy: 'trending', ...changes }));

describe('what is trending', () => {
  it('is what has more interest of late than it always had, then what is popular, then what is new', async () => {
    const { hits, strategy, basis } = await trending({ explain: true });

    expect({ strategy, basis }).toEqual({ strategy: 'trending', basis: 'everybody' });
    expect(hits.map(({ itemId }) => itemId)).toEqual(['rising', 'stirring', 'over', 'untouched', 'evergreen']);
    expect(hits.map(({ explain }) => explain?.strategy)).toEqual([
      'trending',
      'trending',
      'popular',
      'recent',
      'recent',
    ]);
    expect(hits[0]).toMatchObject({ score: 1, explain: { burst: expect.toSatisfy((burst: number) => burst > 3) } });
    expect(hits[1]?.score).toBeGreaterThan(0);
  });

  it('leaves out what was seen, filtered away or excluded', async () => {
    expect((await trending({ who: { userId: 'ann' }, k: 1 })).hits[0]?.itemId).toBe('stirring');
    expect((await trending({ exclude: ['rising'], k: 1 })).hits[0]?.itemId).toBe('stirring');
    const odd = await trending({ filter: { odd: true } });
    expect(odd.hits.every(({ attributes }) => attributes.odd === true)).toBe(true);
  });

  it('is what is popular where the release has learnt nothing', async () => {
    const plan = createPlanner({ live: async () => index, behaviour: behaviourOf(told) });

    expect(await plan('default', asking({ strategy: 'trending' }))).toMatchObject({ strategy: 'popular' });
  });
});
