import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.js';
import { dot } from '../../../src/core/vectors.js';
import { createPlanner } from '../../../src/recommend/plan.js';
import type { Hit, PlanRequest } from '../../../src/recommend/planner.js';
import { asking, behaviourOf, like, randomItems, smallIndex } from '../small-world.js';

const ids = (hits: readonly Hit[]): string[] => hits.map(({ itemId }) => itemId);
const random = new Random(11);
const index = smallIndex(randomItems(600, 6, random), 6);
const told = Array.from({ length: 80 }, (_, i) => ['bob', 'click', `i00${100 + (i % 37)}`] as const);
const plan = createPlanner({ live: async () => index, behaviour: behaviourOf([...told, ['ann', 'like', 'i00007']]) });
const ask = (changes: Partial<PlanRequest>) => plan('default', asking({ examples: [like('i00001')], ...changes }));

/** How alike a hit is to the most alike of those above it, over a list. */
async function sameness(hits: readonly Hit[]): Promise<number> {
  const vectors = await Promise.all(hits.map(({ itemId }) => index.vector(itemId)));
  const most = vectors
    .slice(1)
    .map((below, i) => Math.max(...vectors.slice(0, i + 1).map((above) => dot(above!, below!))));
  return most.reduce((sum, alike) => sum + alike, 0) / most.length;
}

/** Maximal marginal relevance of the 200 nearest, typed out; for the first page, where no more come into view. */
async function byTheBook(diversity: number, k: number): Promise<string[]> {
  const near = (await ask({ k: 200 + k })).hits;
  const vectors = new Map(await Promise.all(near.map(async (hit) => [hit, await index.vector(hit.itemId)] as const)));
  const shown: Hit[] = [];
  while (shown.length < k) {
    const view = near.filter((hit) => !shown.includes(hit)).slice(0, 200);
    const worth = (hit: Hit) => {
      const most = Math.max(...shown.map((above) => dot(vectors.get(hit)!, vectors.get(above)!)));
      return (1 - diversity) * hit.similarity! - diversity * (shown.length === 0 ? 0 : most);
    };
    shown.push(view.reduce((best, hit) => (worth(hit) > worth(best) ? hit : best)));
  }
  return ids(shown);
}

describe('diversity', () => {
  it('of 0 changes nothing at all', async () => {
    expect(await ask({ diversity: 0 })).toEqual(await ask({}));
  });

  it.each([0.2, 0.5, 1])('of %d agrees with the paper', async (diversity) => {
    expect(ids((await ask({ diversity, k: 12 })).hits)).toEqual(await byTheBook(diversity, 12));
  });

  it('shows ever less alike hits as it is turned up, and others than the nearest', async () => {
    const lists = await Promise.all([0, 0.3, 0.6, 0.9].map(async (diversity) => (await ask({ diversity })).hits));
    const samenesses = await Promise.all(lists.map(sameness));

    expect(samenesses).toEqual([...samenesses].sort((a, b) => b - a));
    expect(samenesses[3]).toBeLessThan(samenesses[0]! - 0.3);
    expect(ids(lists[1]!).filter((itemId) => !ids(lists[0]!).includes(itemId)).length).toBeGreaterThan(0);
  });

  it('says what a hit was compared with', async () => {
    const { hits } = await ask({ diversity: 0.5, k: 4, explain: true });
    const stages = hits[3]?.explain?.stages as { arrange: { nearest: { itemId: string; likeness: number } } };
    const { nearest } = stages.arrange;
    const [a, b] = await Promise.all([index.vector(hits[3]!.itemId), index.vector(nearest.itemId)]);

    expect(ids(hits.slice(0, 3))).toContain(nearest.itemId);
    expect(nearest.likeness).toBeCloseTo(dot(a!, b!), 6);
  });

  it.each<[string, Partial<PlanRequest>]>([
    ['a search', {}],
    ['a search in groups', { groupBy: 'price' }],
    ['a search with caps and a filter', { caps: [{ field: 'price', most: 2 }], filter: { colour: 'red' } }],
    ['a taste', { examples: [], who: { userId: 'ann' } }],
    ['what is popular, and then recent', { examples: [] }],
  ])('keeps the pages of %s continuous', async (_what, changes) => {
    const whole = await ask({ ...changes, diversity: 0.6, k: 700 });
    const pages: Hit[] = [];
    for (let offset = 0; ; offset += 60) {
      const page = await ask({ ...changes, diversity: 0.6, k: 60, offset });
      pages.push(...page.hits);
      if (!page.more) break;
    }

    expect(ids(pages)).toEqual(ids(whole.hits));
    expect(new Set(ids(pages)).size).toBe(pages.length);
  });

  it('goes by attributes where items have no embeddings', async () => {
    const attributes = [...'aaaabbc'].map((brand) => ({ brand, tags: [brand] }));
    const bare = smallIndex(
      attributes.map((each, i) => ({ itemId: `n${i}`, attributes: each, createdAt: -i })),
      null,
    );
    const recent = createPlanner({ live: async () => bare, behaviour: behaviourOf() });

    const { hits } = await recent('default', asking({ strategy: 'recent', diversity: 0.8, k: 3 }));

    expect(ids(hits)).toEqual(['n0', 'n4', 'n6']);
  });
});
