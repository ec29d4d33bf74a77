import { expect, it } from 'vitest';
import { ExactStore } from '../../src/store/exact-store.js';
import { nearestByTheBook, seededVectors, vectorStoreContract } from '../contracts/vector-store.contract.js';

vectorStoreContract('ExactStore', (dimension) => new ExactStore(dimension));

it('gives back the memory of what was removed', () => {
  const store = new ExactStore(4);
  const vectors = seededVectors(3000, 4, 2);
  vectors.forEach((vector, i) => {
    store.upsertNow(`i${i}`, vector);
  });
  for (let i = 0; i < 2900; i++) store.removeNow(`i${i}`);
  const left = new Map(vectors.slice(2900).map((vector, i) => [`i${i + 2900}`, vector] as const));
  for (const query of vectors.slice(0, 20))
    expect(store.nearestNow(query, 5).map(({ itemId }) => itemId)).toEqual(
      nearestByTheBook(left, query, 5).map(({ itemId }) => itemId),
    );
});
