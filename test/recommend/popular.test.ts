import { describe, expect, it } from 'vitest';
import { createPlanner } from '../../src/recommend/plan.js';
import { asking, behaviourOf, smallIndex, type Told } from './small-world.js';

const plain = Array.from({ length: 1_500 }, (_, i) => ({
  itemId: `item-${i}`,
  attributes: { odd: i % 2 === 1, rare: i >= 1_490 },
  createdAt: i,
}));
const index = smallIndex(plain, null);
const planOf = (told: readonly Told[]) => createPlanner({ live: async () => index, behaviour: behaviourOf(told) });

describe('popular items', () => {
  it('stand by the weight of all events, with the newest filling up', async () => {
    const told: Told[] = [
      ['ann', 'purchase', 'item-7'],
      ['bob', 'view', 'item-3'],
      ['bob', 'dislike', 'item-9'],
    ];

    const { hits, strategy } = await planOf(told)('default', asking({ k: 4, explain: true }));

    expect(strategy).toBe('popular');
    expect(hits.map(({ itemId }) => itemId)).toEqual(['item-7', 'item-3', 'item-1499', 'item-1498']);
    expect(hits[0]).toMatchObject({ score: 1, explain: { strategy: 'popular', popularity: 5 } });
    expect(hits[2]?.explain).toMatchObject({ strategy: 'recent' });
    expect(hits[2]?.score).toBeLessThan(hits[1]?.score as number);
  });

  it('are looked for far down the list where a filter leaves few', async () => {
    const told = plain.map(({ itemId }, i): Told => [`person-${i}`, i < 1_490 ? 'purchase' : 'view', itemId]);

    const { hits } = await planOf(told)('default', asking({ k: 10, filter: { rare: true }, explain: true }));

    expect(hits).toHaveLength(10);
    expect(hits.every(({ explain }) => explain?.strategy === 'popular')).toBe(true);
  });

  it('give way to the newest where there are no events', async () => {
    const { hits, strategy } = await planOf([])(
      'default',
      asking({ k: 2, strategy: 'popular', filter: { odd: false } }),
    );

    expect(strategy).toBe('recent');
    expect(hits.map(({ itemId }) => itemId)).toEqual(['item-1498', 'item-1496']);
  });

  it('leave out items that are gone', async () => {
    const { hits } = await planOf([
      ['ann', 'purchase', 'gone'],
      ['ann', 'view', 'item-1'],
    ])('default', asking({ k: 1 }));

    expect(hits[0]).toMatchObject({ itemId: 'item-1', score: 0.2 });
  });
});
