import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.js';
import { createPlanner } from '../../../src/recommend/plan.js';
import type { Hit, PlanRequest } from '../../../src/recommend/planner.js';
import { asking, at, behaviourOf, like, smallIndex } from '../small-world.js';

const ids = (hits: readonly Hit[]): string[] => hits.map(({ itemId }) => itemId);
const brands = (hits: readonly Hit[]): unknown[] => hits.map(({ attributes }) => attributes.brand);

/** Ever further from the first, so that order is by number; the nearest three hundred are all of one brand. */
const items = Array.from({ length: 400 }, (_, i) => ({
  itemId: `i${String(i).padStart(3, '0')}`,
  vector: at(i * 0.4),
  attributes: {
    ...(i === 350 ? {} : { brand: i < 300 ? 'big' : `small-${i % 4}` }),
    tags: i % 2 === 0 ? ['even', 'all'] : ['all'],
    deep: { at: i % 3 },
  },
}));
const plan = createPlanner({ live: async () => smallIndex(items), behaviour: behaviourOf() });
const ask = (changes: Partial<PlanRequest>) => plan('default', asking({ examples: [like('i000')], ...changes }));

/** All pages of a request, one after another. */
async function paged(changes: Partial<PlanRequest>, k: number): Promise<Hit[]> {
  const pages: Hit[] = [];
  for (let offset = 0; ; offset += k) {
    const page = await ask({ ...changes, k, offset });
    pages.push(...page.hits);
    if (!page.more) return pages;
  }
}

describe('groups', () => {
  it('show the best of each and are full while there are groups left, however far away', async () => {
    const { hits, more } = await ask({ groupBy: 'brand', k: 5 });

    expect(ids(hits)).toEqual(['i001', 'i300', 'i301', 'i302', 'i303']);
    expect(more).toBe(true);
    expect(hits[0]).not.toHaveProperty('score');
  });

  it('leave items without the attribute to stand alone, and end when there are no more', async () => {
    const { hits, more } = await ask({ groupBy: 'brand', k: 50 });

    expect(ids(hits)).toEqual(['i001', 'i300', 'i301', 'i302', 'i303', 'i350']);
    expect(more).toBe(false);
  });

  it('follow dotted paths, and take a list as a whole', async () => {
    expect(ids((await ask({ groupBy: 'deep.at' })).hits)).toEqual(['i001', 'i002', 'i003']);
    expect(ids((await ask({ groupBy: 'tags' })).hits)).toEqual(['i001', 'i002']);
  });

  it('are named in the explanation', async () => {
    const { hits } = await ask({ groupBy: 'brand', k: 2, offset: 1, explain: true });

    expect(hits[0]?.explain?.stages).toMatchObject({
      candidates: { strategy: 'similar', rank: 300 },
      arrange: { position: 2, group: '"small-0"' },
    });
  });
});

describe('caps', () => {
  it('let at most so many hits share a value, on all pages together', async () => {
    const { hits } = await ask({ caps: [{ field: 'brand', most: 2 }], k: 7 });

    expect(brands(hits)).toEqual(['big', 'big', 'small-0', 'small-1', 'small-2', 'small-3', 'small-0']);
    expect(ids(await paged({ caps: [{ field: 'brand', most: 2 }] }, 3)).slice(0, 7)).toEqual(ids(hits));
  });

  it('hold together, and count each element of a list', async () => {
    const { hits } = await ask({
      caps: [
        { field: 'tags', most: 9 },
        { field: 'brand', most: 8 },
      ],
      k: 20,
    });

    expect(hits).toHaveLength(9);
    expect(brands(hits)).toEqual([...new Array(8).fill('big'), 'small-0']);
  });

  it('bound nothing where there is no such attribute', async () => {
    expect(ids((await ask({ caps: [{ field: 'nothing', most: 1 }] })).hits)).toEqual(ids((await ask({})).hits));
  });
});

describe('pages of arranged hits', () => {
  const random = new Random(5);
  it.each<[string, Partial<PlanRequest>]>([
    ['groups', { groupBy: 'deep.at' }],
    ['caps', { caps: [{ field: 'brand', most: 30 }] }],
    ['caps in groups', { groupBy: 'brand', caps: [{ field: 'tags', most: 4 }] }],
  ])('continue one another: %s', async (_what, changes) => {
    const whole = await ask({ ...changes, k: 1_000 });

    for (const k of [1, 3, 10 + random.int(20)]) expect(ids(await paged(changes, k))).toEqual(ids(whole.hits));
    expect(new Set(ids(whole.hits)).size).toBe(whole.hits.length);
  });
});
