import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { byteOrder } from '../../src/core/vectors.js';
import { createPlanner } from '../../src/recommend/plan.js';
import { asking, behaviourOf, smallIndex } from './small-world.js';

describe('recent items', () => {
  it('are the newest of many, as sorting all of them would find them', async () => {
    const random = new Random(4);
    const items = Array.from({ length: 3_000 }, (_, i) => ({ itemId: `item-${i}`, createdAt: random.int(200) }));
    const plan = createPlanner({ live: async () => smallIndex(items, null), behaviour: behaviourOf() });

    const { hits, more } = await plan('default', asking({ strategy: 'recent', k: 40, offset: 5, exclude: ['item-8'] }));

    const sorted = items
      .filter(({ itemId }) => itemId !== 'item-8')
      .sort((a, b) => b.createdAt - a.createdAt || byteOrder(a.itemId, b.itemId));
    expect(hits.map(({ itemId }) => itemId)).toEqual(sorted.slice(5, 45).map(({ itemId }) => itemId));
    expect(more).toBe(true);
  });
});
