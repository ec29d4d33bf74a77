import { describe, expect, it } from 'vitest';
import type { Attributes, Rule } from '../../../src/catalogue/catalogue.js';
import { noLog } from '../../../src/core/log.js';
import { createPlanner } from '../../../src/recommend/plan.js';
import type { Hit, PlanRequest } from '../../../src/recommend/planner.js';
import { openRuleBook } from '../../../src/recommend/rule-book.js';
import { asking, at, behaviourOf, like, smallIndex } from '../small-world.js';

const NOW = 1_000;
const ids = (hits: readonly Hit[]): string[] => hits.map(({ itemId }) => itemId);

/** Ever further from the first: order is by number. One item has no embedding. */
const items = [
  ...Array.from({ length: 500 }, (_, i) => ({
    itemId: `i${String(i).padStart(3, '0')}`,
    vector: at(i * 0.3),
    attributes: { house: i % 100 === 99, third: i % 3 },
  })),
  { itemId: 'plain', attributes: {} },
];
const index = smallIndex(items);
const behaviour = behaviourOf([['ann', 'like', 'i000']]);

type Told = Partial<Omit<Rule, 'filter'>> & Pick<Rule, 'action'> & { filter?: Attributes };

async function ask(told: readonly Told[], changes: Partial<PlanRequest> = {}) {
  const rules = told.map(
    (rule, i): Rule => ({
      ...{ ruleId: `rule-${i}`, name: null, collection: 'default', createdAt: 0, updatedAt: 0 },
      ...{ itemId: null, filter: null, position: null, by: null, from: null, until: null },
      ...rule,
    }),
  );
  const book = openRuleBook({
    catalogue: { rules: { all: async () => rules }, log: { watch: () => () => {} } },
    log: noLog,
  });
  const plan = createPlanner({ live: async () => index, behaviour, rules: book.of, now: () => NOW });
  return plan('default', asking({ examples: [like('i000')], k: 5, ...changes }));
}
const shown = async (told: readonly Told[], changes: Partial<PlanRequest> = {}) => ids((await ask(told, changes)).hits);

describe('a rule that hides', () => {
  it.each<[string, Told]>([
    ['an item', { action: 'hide', itemId: 'i002' }],
    ['what passes a filter', { action: 'hide', filter: { third: 2 } }],
  ])('%s holds for searches and for tastes, whatever the request says', async (_what, rule) => {
    for (const changes of [{}, { rules: false }, { examples: [], who: { userId: 'ann' } }]) {
      const hits = await shown([rule], changes);
      expect(hits).not.toContain('i002');
      expect(hits).toHaveLength(5);
    }
  });

  it('wins over a pin and a boost of the same item', async () => {
    const told: Told[] = [
      { action: 'pin', itemId: 'i300', position: 1 },
      { action: 'boost', itemId: 'i300', by: 1 },
      { action: 'hide', itemId: 'i300' },
    ];

    expect(await shown(told)).toEqual(['i001', 'i002', 'i003', 'i004', 'i005']);
  });
});

describe('a pin', () => {
  it('puts its item in its place, on whichever page that is, with the similarity it has', async () => {
    const told: Told[] = [{ action: 'pin', itemId: 'i400', position: 7 }];
    const { hits } = await ask(told, { offset: 5, explain: true });

    expect(await shown(told)).toEqual(['i001', 'i002', 'i003', 'i004', 'i005']);
    expect(ids(hits)).toEqual(['i006', 'i400', 'i007', 'i008', 'i009']);
    expect(hits[1]?.similarity).toBeCloseTo(Math.cos((400 * 0.3 * Math.PI) / 180), 5);
    expect(hits[1]?.explain?.stages).toMatchObject({
      rules: [{ ruleId: 'rule-0', action: 'pin', position: 7 }],
      arrange: { position: 7 },
    });
  });

  it('gives way to the earlier rule for the same place, and closes a list that is too short for it', async () => {
    const told: Told[] = [
      { action: 'pin', itemId: 'i400', position: 2 },
      { action: 'pin', itemId: 'i300', position: 2 },
      { action: 'pin', itemId: 'i200', position: 900 },
    ];

    expect(await shown(told)).toEqual(['i001', 'i400', 'i300', 'i002', 'i003']);
    expect((await shown(told, { filter: { third: 2 }, k: 1_000 })).at(-1)).toBe('i200');
  });

  it.each<[string, Partial<PlanRequest>, Told]>([
    ['that is gone', {}, { action: 'pin', itemId: 'gone', position: 1 }],
    ['that is excluded', { exclude: ['i400'] }, { action: 'pin', itemId: 'i400' }],
    ['that does not pass the filter', { filter: { third: 0 } }, { action: 'pin', itemId: 'i400' }],
    ['that is less similar than asked', { minSimilarity: 0.5 }, { action: 'pin', itemId: 'i400' }],
    ['that was seen', { examples: [], who: { userId: 'ann' } }, { action: 'pin', itemId: 'i000' }],
    ['when the request does without', { rules: false }, { action: 'pin', itemId: 'i400' }],
  ])('does nothing for an item %s', async (_what, changes, rule) => {
    expect(await shown([rule], changes)).toEqual(await shown([], changes));
  });

  it('shows an item that no strategy knows of, in searches too', async () => {
    const { hits } = await ask([{ action: 'pin', itemId: 'plain', position: 1 }]);

    expect(hits[0]).toMatchObject({ itemId: 'plain', score: 0 });
    expect(hits[0]).not.toHaveProperty('similarity');
  });

  it('counts for groups and caps from the first place on', async () => {
    const told: Told[] = [{ action: 'pin', itemId: 'i401', position: 2 }];

    expect(await shown(told, { groupBy: 'third' })).toEqual(['i001', 'i401', 'i003']);
  });
});

describe('boosts and buries', () => {
  it('lift what is far down by what they say, and hits then have a score', async () => {
    const { hits } = await ask([{ action: 'boost', filter: { house: true }, by: 0.4 }], { explain: true });

    expect(ids(hits)).toEqual(['i099', 'i001', 'i002', 'i003', 'i004']);
    expect(hits[0]?.score).toBeCloseTo((hits[0]?.similarity as number) + 0.4, 6);
    expect(hits[0]?.explain?.stages).toMatchObject({ rules: [{ action: 'boost', by: 0.4 }] });
  });

  it('lift one item from beyond what would have been looked at', async () => {
    expect((await shown([{ action: 'boost', itemId: 'i450', by: 2 }]))[0]).toBe('i450');
  });

  it('keep what only a fallback knows of, below those that answer', async () => {
    const hits = await shown([{ action: 'boost', itemId: 'plain', by: 0.1 }], {
      ...{ examples: [], who: { userId: 'ann' }, k: 1_000 },
    });

    expect(hits).toHaveLength(500);
    expect(hits.at(-1)).toBe('plain');
  });

  it('lower what they concern, and add up', async () => {
    const bury: Told = { action: 'bury', filter: { third: 1 }, by: 0.5 };

    expect(await shown([bury])).toEqual(['i002', 'i003', 'i005', 'i006', 'i008']);
    expect(await shown([bury, { action: 'boost', itemId: 'i001', by: 0.5 }])).toEqual([
      'i001',
      'i002',
      'i003',
      'i005',
      'i006',
    ]);
  });
});

describe('a rule for a time', () => {
  it.each<[string, Partial<Told>, boolean]>([
    ['that has begun', { from: NOW }, true],
    ['that has not begun', { from: NOW + 1 }, false],
    ['that has not ended', { until: NOW + 1 }, true],
    ['that has ended', { until: NOW }, false],
  ])('%s', async (_what, times, holds) => {
    for (const action of ['hide', 'pin', 'boost', 'bury'] as const) {
      const rule: Told = { action, itemId: action === 'pin' ? 'i400' : 'i002', by: 0.3, ...times };
      expect((await shown([rule])).join() !== (await shown([])).join()).toBe(holds);
    }
  });
});

describe('pages under rules', () => {
  const told: Told[] = [
    { action: 'boost', filter: { third: 1 }, by: 0.3 },
    { action: 'boost', filter: { house: true }, by: 0.9 },
    { action: 'bury', filter: { third: 2 }, by: 0.6 },
    { action: 'pin', itemId: 'i222', position: 17 },
    { action: 'pin', itemId: 'plain', position: 2_000 },
    { action: 'hide', filter: { third: 0, house: true } },
  ];
  it.each<[string, Partial<PlanRequest>]>([
    ['a search', {}],
    ['a diverse one', { diversity: 0.4 }],
    ['one with caps', { caps: [{ field: 'third', most: 40 }] }],
    ['a taste', { examples: [], who: { userId: 'ann' } }],
  ])('continue one another in %s', async (_what, changes) => {
    const whole = await ask(told, { ...changes, k: 1_000 });
    const pages: string[] = [];
    for (let offset = 0; ; offset += 45) {
      const page = await ask(told, { ...changes, k: 45, offset });
      pages.push(...ids(page.hits));
      if (!page.more) break;
    }

    expect(pages).toEqual(ids(whole.hits));
    expect(new Set(pages).size).toBe(pages.length);
    expect(pages[16]).toBe('i222');
    expect(pages.at(-1)).toBe('plain');
  });
});
