import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bySimilarity, TopHits } from '../../src/store/top-hits.js';

it('keeps what sorting everything and cutting would keep', () => {
  const hit = fc.record({
    itemId: fc.string({ maxLength: 3 }),
    similarity: fc.constantFrom(-1, -0.5, 0, 0.25, 0.5, 1),
  });
  fc.assert(
    fc.property(fc.uniqueArray(hit, { selector: ({ itemId }) => itemId, maxLength: 50 }), fc.nat(12), (hits, k) => {
      const best = new TopHits(k);
      for (const { itemId, similarity } of hits) best.offer(itemId, similarity);
      expect(best.take()).toEqual([...hits].sort(bySimilarity).slice(0, k));
    }),
    { seed: 4 },
  );
});
