import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../src/recommend/evidence-by-hour.js';
import { FEW_SHOWN } from '../../src/recommend/exploration-pool.js';
import { createPlanner } from '../../src/recommend/plan.js';
import type { Hit, PlanRequest } from '../../src/recommend/planner.js';
import { asking, at, behaviourOf, like, smallIndex, type Told } from './small-world.js';

const items = Array.from({ length: 60 }, (_, i) => ({
  itemId: `i${String(i).padStart(2, '0')}`,
  vector: at(i),
  attributes: { brand: `b${i % 7}`, old: i < 30 },
  createdAt: i,
}));
/** The first twenty are popular, each less than the one before. */
const told: Told[] = items
  .slice(0, 20)
  .flatMap(({ itemId }, i) => Array.from({ length: 20 - i }, (): Told => ['crowd', 'click', itemId]));
const clock = { now: 5 * HOUR_MS };
const world = (more: readonly Told[] = []) =>
  createPlanner({
    live: async () => smallIndex(items),
    behaviour: behaviourOf([...told, ...more]),
    now: () => clock.now,
  });
const half = { share: 0.5, by: 'epsilon' as const, places: 10 };
const ask = (changes: Partial<PlanRequest>, plan = world()) =>
  plan('default', asking({ chances: true, strategy: 'popular', who: { userId: 'ann' }, explore: half, ...changes }));
const ids = (hits: readonly Hit[]): string[] => hits.map(({ itemId }) => itemId);
const explored = (hits: readonly Hit[]) => ids(hits.filter((hit) => hit.explored));
/** All that is tried out with many seeds. */
async function everTried(changes: Partial<PlanRequest>, plan = world()): Promise<Set<string>> {
  const found = new Set<string>();
  for (let seed = 0; seed < 60; seed++)
    for (const itemId of explored((await ask({ ...changes, seed: String(seed) }, plan)).hits)) found.add(itemId);
  return found;
}

describe('a request that explores', () => {
  it('gives equal answers to one person in the same hour, others to another, and later', async () => {
    const first = ids((await ask({})).hits);
    clock.now += HOUR_MS - 1;
    const same = ids((await ask({})).hits);
    const other = ids((await ask({ who: { userId: 'bob' } })).hits);
    clock.now += 1;
    const later = ids((await ask({})).hits);

    expect(same).toEqual(first);
    expect(other).not.toEqual(first);
    expect(later).not.toEqual(first);
  });

  it('goes on with page 2 where page 1 ended, and shows nothing twice', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const whole = await ask({ k: 60, seed: String(seed) });
      const pages: Hit[] = [];
      for (let offset = 0; ; offset += 4) {
        const page = await ask({ k: 4, offset, seed: String(seed) });
        pages.push(...page.hits);
        if (!page.more) break;
      }

      expect(ids(pages)).toEqual(ids(whole.hits));
      expect(new Set(ids(pages)).size).toBe(60);
    }
  });

  it('tries out what may be shown and was shown little, and nothing else', async () => {
    const shownOften: Told[] = Array.from({ length: FEW_SHOWN }, () => ['crowd', 'impression', 'i59']);
    const tried = await everTried(
      { exclude: ['i58'], filter: { old: false } },
      world([...shownOften, ['ann', 'view', 'i57']]),
    );

    for (const itemId of ['i59', 'i58', 'i57', 'i00', 'i29']) expect(tried).not.toContain(itemId);
    expect(tried.size).toBeGreaterThan(10);
    for (const itemId of tried) expect(items.find((item) => item.itemId === itemId)?.attributes.old).toBe(false);
  });

  it('tries out nothing where hits must be close enough, and breaks no cap', async () => {
    const examples = [like('i00')];
    const close = await ask({ strategy: 'similar', examples, minSimilarity: 0.9 });
    expect(explored(close.hits)).toEqual([]);

    for (let seed = 0; seed < 30; seed++) {
      const { hits } = await ask({ caps: [{ field: 'brand', most: 2 }], k: 14, seed: String(seed) });
      const counts = new Map<unknown, number>();
      for (const { attributes } of hits) counts.set(attributes.brand, (counts.get(attributes.brand) ?? 0) + 1);
      expect(Math.max(...counts.values())).toBeLessThanOrEqual(2);
    }
  });

  it('prefers by Thompson what is chosen when it is shown', async () => {
    const known = (itemId: string, clicks: number): Told[] => [
      ...Array.from({ length: 40 }, (): Told => ['crowd', 'impression', itemId]),
      ...Array.from({ length: clicks }, (): Told => ['crowd', 'click', itemId]),
    ];
    const filter = { or: [{ old: true }, { brand: 'b0' }] };
    const plan = world([...known('i56', 0), ...known('i49', 0), ...known('i42', 0), ...known('i35', 6)]);
    const { chanceOf } = await ask({ filter, explore: { ...half, by: 'thompson' }, exclude: [] }, plan);

    expect(chanceOf?.('i35', 2)).toBeGreaterThan(10 * (chanceOf?.('i49', 2) as number));
  });

  it('is refused where nothing says whose draw it is', async () => {
    const plan = world();

    await expect(plan('default', asking({ explore: half }))).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      issues: [{ path: 'explore' }],
    });
    expect(explored((await plan('default', asking({ explore: half, seed: 'a', k: 30 }))).hits).length).toBeGreaterThan(
      0,
    );
  });

  it('says in the explanation what was known', async () => {
    const { hits } = await ask({ explain: true, seed: '3' });
    const hit = hits.find((each) => each.explored);

    expect(hit?.explain).toMatchObject({ strategy: 'explore', shown: 0, chosen: expect.any(Number) });
  });
});
