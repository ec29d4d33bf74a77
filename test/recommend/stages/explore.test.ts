import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.js';
import type { Placed } from '../../../src/recommend/stages/arrange.js';
import { type Exploring, explore } from '../../../src/recommend/stages/explore.js';
import { capLimit } from '../../../src/recommend/stages/quota.js';

const hit = (itemId: string): Placed => ({
  ...{ itemId, score: 1, given: 1, strategy: 'popular', step: 0, rank: 1, applied: [], folded: [] },
  because: async () => ({}),
});
const arranged = Array.from({ length: 12 }, (_, i) => hit(`h${i + 1}`));
const pool = (chances: readonly number[]) => chances.map((chance, i) => ({ hit: hit(`e${i + 1}`), chance }));
const exploring = (changes: Partial<Exploring> = {}): Exploring => ({
  explore: { share: 0.4, by: 'epsilon', places: 6 },
  pool: pool([0.5, 0.3, 0.2]),
  pinned: new Set(),
  random: new Random(1),
  limits: [],
  attributesOf: () => ({}),
  copies: () => false,
  ...changes,
});

describe('exploring', () => {
  it('says for every place and item the probability that drawing again and again counts', () => {
    const rounds = 200_000;
    const random = new Random(5);
    const counts = new Map<string, number>();
    const pinned = new Set([4]);
    for (let i = 0; i < rounds; i++)
      for (const [place, { itemId }] of explore(arranged, exploring({ random, pinned })).shown.slice(0, 6).entries())
        counts.set(`${itemId} at ${place + 1}`, (counts.get(`${itemId} at ${place + 1}`) ?? 0) + 1);
    const { chanceOf } = explore(arranged, exploring({ pinned }));

    for (let place = 1; place <= 6; place++) {
      let total = 0;
      for (const { itemId } of [...arranged, ...exploring().pool.map((one) => one.hit)]) {
        const chance = chanceOf(itemId, place) as number;
        const counted = (counts.get(`${itemId} at ${place}`) ?? 0) / rounds;
        // Five standard errors: 108 comparisons of a seeded stream.
        expect(Math.abs(counted - chance), `${itemId} at ${place}`).toBeLessThan(
          5 * Math.sqrt((chance * (1 - chance)) / rounds) + 1e-9,
        );
        total += chance;
      }
      expect(total).toBeCloseTo(1, 12);
    }
  });

  it('hands each hit the probability of its own place', () => {
    for (let seed = 0; seed < 50; seed++) {
      const { shown, chanceOf } = explore(arranged, exploring({ random: new Random(seed) }));

      for (const [i, { itemId, propensity }] of shown.slice(0, 6).entries())
        expect(propensity).toBe(chanceOf(itemId, i + 1));
      for (const { propensity } of shown.slice(6)) expect(propensity).toBeUndefined();
      expect(chanceOf('h7', 7)).toBeUndefined();
    }
  });

  it('leaves the first place and pins alone, and shows everybody who lost a place below', () => {
    for (let seed = 0; seed < 50; seed++) {
      const random = new Random(seed);
      const { shown } = explore(arranged, exploring({ random, pinned: new Set([3]) }));
      const ids = shown.map(({ itemId }) => itemId);

      expect([ids[0], ids[2]]).toEqual(['h1', 'h3']);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { itemId } of arranged) expect(ids).toContain(itemId);
    }
  });

  it('shows below no copy of what was tried out, and no more than limits allow', () => {
    const attributesOf = (itemId: string) => ({ brand: itemId === 'e1' || itemId === 'h9' ? 'one' : itemId });
    const certain = exploring({
      explore: { share: 0.5, by: 'epsilon', places: 6 },
      pool: pool([1]),
      limits: [capLimit({ field: 'brand', most: 1 })],
      attributesOf,
      copies: (a, b) => a === 'e1' && b === 'h10',
    });
    const ids = explore(arranged, certain).shown.map(({ itemId }) => itemId);

    expect(ids).toContain('e1');
    expect(ids).not.toContain('h9');
    expect(ids).not.toContain('h10');
    expect(ids).toContain('h11');
  });

  it.each([
    ['a share of 0', { explore: { share: 0, by: 'epsilon' as const, places: 6 } }],
    ['nothing to try out', { pool: [] }],
  ])('with %s leaves everything as it is, for certain', (_name, changes) => {
    const { shown } = explore(arranged, exploring(changes));

    expect(shown.map(({ itemId }) => itemId)).toEqual(arranged.map(({ itemId }) => itemId));
    expect(shown.slice(0, 6).every(({ propensity }) => propensity === 1)).toBe(true);
  });
});
