import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.js';
import { dot, unit } from '../../../src/core/vectors.js';
import { createPlanner } from '../../../src/recommend/plan.js';
import type { Hit, PlanRequest } from '../../../src/recommend/planner.js';
import { unexplained } from '../../../src/recommend/stages/unexplained.js';
import { asking, behaviourOf, like, randomItems, smallIndex } from '../small-world.js';

/** The determinant, by expansion along the first row. */
function determinant(rows: readonly (readonly number[])[]): number {
  if (rows.length === 0) return 1;
  const [first, ...rest] = rows as [readonly number[], ...(readonly number[])[]];
  return first.reduce((sum, value, column) => {
    const minor = rest.map((row) => row.filter((_, i) => i !== column));
    return sum + (column % 2 === 0 ? 1 : -1) * value * determinant(minor);
  }, 0);
}
/** Likenesses of vectors with the ridge: 1 to itself, 0.99 of the cosine to others. */
const matrix = (vectors: readonly Float32Array[]) =>
  vectors.map((a, i) => vectors.map((b, j) => (i === j ? 1 : 0.99 * dot(a, b))));

const vectorsOf = (count: number, dimension: number, seed: number) => {
  const random = new Random(seed);
  return Array.from({ length: count }, () => unit(Array.from({ length: dimension }, () => random.normal())));
};

describe('the share that those above do not explain', () => {
  it.each([
    [0, 4],
    [1, 4],
    [5, 4],
    [6, 8],
  ])('agrees with determinants: %d above in %d dimensions', (count, dimension) => {
    const [above, candidates] = [vectorsOf(count, dimension, 1), vectorsOf(4, dimension, 2)];
    const shares = unexplained(
      above.map((a, i) => above.slice(0, i).map((b) => dot(a, b))),
      candidates.map((a) => above.map((b) => dot(a, b))),
    );

    for (const [i, share] of shares.entries()) {
      const wanted = determinant(matrix([...above, candidates[i]!])) / determinant(matrix(above));
      expect(share).toBeCloseTo(Math.max(wanted, 0.01), 8);
    }
  });

  it('is 1 for what is like none of them, and the ridge at least for one that is there already', () => {
    expect(unexplained([[]], [[0]])).toEqual([1]);
    expect(unexplained([[]], [[1]])[0]).toBeCloseTo(1 - 0.99 ** 2, 12);
    expect(unexplained([[], [1], [1, 1]], [[1, 1, 1]])[0]).toBeGreaterThanOrEqual(0.01);
  });

  it('stays finite for likenesses that no vectors could have', () => {
    const [share] = unexplained([[], [-0.9], [0.9, 0.9]], [[0.9, -0.9, 0.9]]);

    expect(share).toBe(0.01);
  });
});

describe('diversity in the determinantal form', () => {
  const index = smallIndex(randomItems(400, 8, new Random(4)), 8);
  const plan = createPlanner({ live: async () => index, behaviour: behaviourOf() });
  const ask = (changes: Partial<PlanRequest>) =>
    plan('default', asking({ examples: [like('i00001')], diversityBy: 'determinantal', ...changes }));
  const ids = (hits: readonly Hit[]): string[] => hits.map(({ itemId }) => itemId);
  const vectors = async (hits: readonly Hit[]) =>
    (await Promise.all(hits.map(({ itemId }) => index.vector(itemId)))) as Float32Array[];

  it('of 0 changes nothing at all', async () => {
    expect(await ask({ diversity: 0 })).toEqual(await ask({}));
  });

  it.each([0.05, 0.3, 1])('of %d shows what maximises score and determinant, place by place', async (diversity) => {
    const near = (await ask({ k: 200 + 6 })).hits;
    const placed = new Map((await vectors(near)).map((vector, i) => [near[i]!, vector]));
    const shown: Hit[] = [];
    while (shown.length < 6) {
      const view = near.filter((hit) => !shown.includes(hit)).slice(0, 200);
      const volume = (hits: readonly Hit[]) => determinant(matrix(hits.map((hit) => placed.get(hit)!)));
      const before = volume(shown);
      const worth = (hit: Hit) =>
        (1 - diversity) * hit.similarity! + diversity * Math.log(volume([...shown, hit]) / before);
      const worths = view.map(worth);
      shown.push(view[worths.indexOf(Math.max(...worths))]!);
    }

    expect(ids((await ask({ diversity, k: 6 })).hits)).toEqual(ids(shown));
  });

  it('shows ever larger determinants as it is turned up, of other items than the nearest', async () => {
    const lists = await Promise.all(
      [0, 0.05, 0.2, 0.6].map(async (diversity) => (await ask({ diversity, k: 7 })).hits),
    );
    const volumes = await Promise.all(lists.map(async (hits) => determinant(matrix(await vectors(hits)))));

    expect(volumes).toEqual([...volumes].sort((a, b) => a - b));
    expect(volumes[3]).toBeGreaterThan(10 * volumes[0]!);
    expect(ids(lists[1]!).filter((itemId) => !ids(lists[0]!).includes(itemId)).length).toBeGreaterThan(0);
  });

  it('is another one than marginal relevance', async () => {
    const marginal = await ask({ diversity: 0.3, diversityBy: 'marginal' });

    expect(ids((await ask({ diversity: 0.3 })).hits)).not.toEqual(ids(marginal.hits));
    expect(marginal.hits).toEqual((await plan('default', asking({ examples: [like('i00001')], diversity: 0.3 }))).hits);
  });

  it('keeps pages continuous, beyond as many hits as are looked back on', async () => {
    const whole = ids((await ask({ diversity: 0.3, k: 130 })).hits);
    const pages: string[] = [];
    for (let offset = 0; offset < 130; offset += 26)
      pages.push(...ids((await ask({ diversity: 0.3, k: 26, offset })).hits));

    expect(pages).toEqual(whole);
    expect(new Set(pages).size).toBe(130);
  });
});
