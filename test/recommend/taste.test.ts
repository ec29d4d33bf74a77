import { describe, expect, it } from 'vitest';
import type { StoredEvent } from '../../src/catalogue/catalogue.js';
import type { LiveIndex } from '../../src/indexing/live-index.js';
import { createPlanner, KIND_WEIGHTS } from '../../src/recommend/plan.js';
import type { Hit, PlanRequest } from '../../src/recommend/planner.js';
import { HALF_LIFE, opinions } from '../../src/recommend/taste.js';
import { asking, at, behaviourOf, smallIndex, type Told } from './small-world.js';

const spread = [0, 5, 10, 80, 85, 90, 180, 185].map((degrees) => ({ itemId: `at-${degrees}`, vector: at(degrees) }));
const index = smallIndex([...spread, { itemId: 'plain', createdAt: 9 }]);
const recommend = (told: readonly Told[], changes: Partial<PlanRequest>) =>
  createPlanner({ live: async () => index, behaviour: behaviourOf(told) })('default', asking(changes));
const ann = { who: { userId: 'ann' } };

describe('a person', () => {
  it('is shown what is like the things they touched, and then everything else', async () => {
    const { hits, strategy } = await recommend([['ann', 'click', 'at-0']], ann);

    expect(strategy).toBe('user');
    expect(hits.map(({ itemId }) => itemId)).toEqual([
      ...['at-5', 'at-10', 'at-80', 'at-85', 'at-90', 'at-185', 'at-180'],
      'plain',
    ]);
  });

  it('moves with their newest event at once', async () => {
    const before: Told[] = [['ann', 'click', 'at-0']];
    const after: Told[] = [...before, ['ann', 'purchase', 'at-90']];

    expect((await recommend(before, ann)).hits[0]?.itemId).toBe('at-5');
    expect((await recommend(after, ann)).hits[0]?.itemId).toBe('at-85');
  });

  it('is answered again without a search while nothing has changed, and anew once an item has', async () => {
    const told = [['ann', 'like', 'at-0']] as const;
    const events = await behaviourOf(told).of('default', { userId: 'ann' }, 200);
    const behaviour = { ...behaviourOf(told), of: async () => events };
    let [version, searched] = [1, 0];
    const world = smallIndex([0, 10, 20, 30].map((degrees) => ({ itemId: `at-${degrees}`, vector: at(degrees) })));
    const moving: LiveIndex = {
      ...world,
      nearest: (...asked) => {
        searched++;
        return world.nearest(...asked);
      },
      get version() {
        return version;
      },
    };
    const plan = createPlanner({ live: async () => moving, behaviour });
    const ask = async (changes: Partial<PlanRequest> = {}) => {
      const { hits } = await plan('default', asking({ ...ann, k: 2, ...changes }));
      return hits.map(({ itemId }) => itemId);
    };

    expect(await ask()).toEqual(['at-10', 'at-20']);
    expect(await ask()).toEqual(['at-10', 'at-20']);
    expect(await ask({ exclude: ['at-10'], k: 1 })).toEqual(['at-20']);
    expect(searched).toBe(1);
    expect(await ask({ k: 3 })).toEqual(['at-10', 'at-20', 'at-30']);
    version++;
    await ask();
    expect(searched).toBe(3);
  });

  it('is not led by what they were merely shown', async () => {
    const told: Told[] = [
      ['ann', 'click', 'at-0'],
      ...Array.from({ length: 50 }, (): Told => ['ann', 'impression', 'at-185']),
    ];

    expect((await recommend(told, ann)).hits[0]?.itemId).toBe('at-5');
  });

  it('is led away from what they dislike', async () => {
    const told: Told[] = [
      ['ann', 'dislike', 'at-10'],
      ['ann', 'like', 'at-85'],
    ];
    const without: Told[] = [['ann', 'like', 'at-85']];

    const away = (await recommend(told, ann)).hits.find(({ itemId }) => itemId === 'at-5');
    const neutral = (await recommend(without, ann)).hits.find(({ itemId }) => itemId === 'at-5');

    expect(away?.similarity).toBeLessThan(neutral?.similarity as number);
  });

  it('who has only disliked things is shown what is popular with others', async () => {
    const told: Told[] = [
      ['ann', 'dislike', 'at-0'],
      ['bob', 'purchase', 'at-180'],
    ];

    expect(await recommend(told, ann)).toMatchObject({
      strategy: 'popular',
      hits: [{ itemId: 'at-180' }, ...Array(7).fill({})],
    });
  });

  it('who is unknown is shown what is like the item they look at', async () => {
    expect(await recommend([], { ...ann, context: 'at-90', k: 1 })).toMatchObject({
      strategy: 'similar',
      hits: [{ itemId: 'at-85' }],
    });
  });

  it('who is unknown is shown what is popular, and where there are no events what is new', async () => {
    expect(await recommend([['bob', 'view', 'at-10']], { ...ann, k: 1 })).toMatchObject({
      strategy: 'popular',
      hits: [{ itemId: 'at-10', score: 1 }],
    });
    expect(await recommend([], { ...ann, k: 1 })).toMatchObject({ strategy: 'recent', hits: [{ itemId: 'plain' }] });
  });

  it('is told which event brought a hit', async () => {
    const { hits } = await recommend(
      [
        ['ann', 'view', 'at-90'],
        ['ann', 'purchase', 'at-0'],
      ],
      { ...ann, explain: true, k: 1 },
    );

    expect(hits[0]?.explain).toMatchObject({
      strategy: 'user',
      because: [{ itemId: 'at-0', event: 'purchase', share: expect.closeTo(hits[0]?.similarity as number, 6) }],
      taste: { items: ['at-0'], share: expect.closeTo(5 / (5 + 0.5 ** (1 / HALF_LIFE)), 2) },
    });
  });

  it('has events on items that are gone, and they do no harm', async () => {
    const told: Told[] = [
      ['ann', 'purchase', 'gone'],
      ['ann', 'view', 'at-90'],
    ];

    expect((await recommend(told, ann)).hits[0]?.itemId).toBe('at-85');
  });
});

/** The cosine of two unit vectors of the plane, by their degrees. */
const cosine = (a: number, b: number): number => Math.cos(((a - b) * Math.PI) / 180);

/** What the explanation of a hit says of the taste that brought it. */
const tasteOf = ({ explain = {} }: Hit) =>
  explain.taste as { readonly items: readonly string[]; readonly share: number };

describe('somebody of two tastes', () => {
  // A crowd all round, denser half-way between the tastes: it is what their mean would find.
  const around = Array.from({ length: 36 }, (_, i) => 10 * i + 3);
  const between = [43, 44, 45, 46, 47, 48];
  const degrees = [...new Set([...around, ...between, 0, 1, 2, 90, 91, 92])];
  const crowd = smallIndex(degrees.map((each) => ({ itemId: String(each), vector: at(each) })));
  const plan = (told: readonly Told[], changes: Partial<PlanRequest> = {}) =>
    createPlanner({ live: async () => crowd, behaviour: behaviourOf(told) })('default', asking({ ...ann, ...changes }));
  const both: Told[] = [
    ['ann', 'click', '0'],
    ['ann', 'click', '90'],
  ];

  it('is shown things of each, and nothing of what lies between them, where their mean points', async () => {
    const { hits } = await plan(both, { k: 4 });
    const shown = hits.map(({ itemId }) => Number(itemId));
    const byMean = degrees
      .filter((each) => each !== 0 && each !== 90)
      .sort((a, b) => cosine(b, 45) - cosine(a, 45))
      .slice(0, 4);

    expect(byMean.every((each) => between.includes(each))).toBe(true);
    expect([...shown].sort((a, b) => a - b)).toEqual([1, 2, 91, 92]);
  });

  it('has places by what each weighs, in every beginning of the answer', async () => {
    const told: Told[] = [
      ['ann', 'view', '90'],
      ['ann', 'click', '2'],
      ['ann', 'click', '0'],
    ];
    const { hits } = await plan(told, { k: 10, explain: true });
    const tastes = hits.map((hit) => tasteOf(hit).items[0]);

    expect(tastes.filter((first) => first === '0')).toHaveLength(8); // 4 of 5 of the weight
    expect(tastes.slice(0, 5).filter((first) => first === '0')).toHaveLength(4);
  });

  it('is told which taste brought a hit, and how similar it is to that', async () => {
    const { hits } = await plan(both, { k: 4, explain: true });

    for (const { itemId, similarity, score, explain } of hits) {
      const own = Number(itemId) < 45 ? '0' : '90';
      expect(explain).toMatchObject({ taste: { items: [own] }, because: [{ itemId: own, event: 'click' }] });
      expect(similarity).toBeCloseTo(cosine(Number(itemId), Number(own)), 6);
      expect(score).toBeLessThanOrEqual(similarity as number);
    }
    const shares = hits.map((hit) => tasteOf(hit).share);
    expect(shares[0]! + shares[1]!).toBeCloseTo(1, 6);
  });

  it('is pushed away from a dislike in both', async () => {
    const away = await plan([...both, ['ann', 'dislike', '3']], { k: 4, explain: true });

    expect(away.hits.map(({ itemId }) => itemId)).toContain('353');
    for (const { explain } of away.hits)
      expect(explain?.because).toContainEqual(expect.objectContaining({ itemId: '3', event: 'dislike' }));
  });

  it('has pages that continue one another', async () => {
    const whole = (await plan(both, { k: 40 })).hits.map(({ itemId }) => itemId);
    const pages = await Promise.all([0, 8, 16, 24, 32].map((offset) => plan(both, { k: 8, offset })));

    expect(pages.flatMap(({ hits }) => hits.map(({ itemId }) => itemId))).toEqual(whole);
    expect(new Set(whole).size).toBe(40);
  });

  it('is asked about once for as long as the events and the index are the same', async () => {
    let [read, searched] = [0, 0];
    const counted = {
      ...crowd,
      version: 1,
      vector: (itemId: string) => {
        read++;
        return crowd.vector(itemId);
      },
      nearest: (...asked: Parameters<typeof crowd.nearest>) => {
        searched++;
        return crowd.nearest(...asked);
      },
    };
    const events = await behaviourOf(both).of('default', { userId: 'ann' }, 200);
    const behaviour = { ...behaviourOf(both), of: async () => events };
    const ask = (changes: Partial<PlanRequest> = {}) =>
      createPlanner({ live: async () => counted, behaviour })('default', asking({ ...ann, k: 4, ...changes }));
    const first = await ask();
    const before = [read, searched];

    expect((await ask()).hits).toEqual(first.hits);
    expect((await ask({ k: 3 })).hits).toEqual(first.hits.slice(0, 3));
    expect([read, searched]).toEqual(before);
    await ask({ context: '183' });
    expect(searched).toBe(before[1]! + 2);
    counted.version = 2;
    await ask();
    expect(read).toBeGreaterThan(before[0]! + 1);
    expect(searched).toBe(before[1]! + 4);
  });
});

describe('a session', () => {
  it('is answered like a person, by what it has seen so far', async () => {
    const told: Told[] = [
      ['session-1', 'view', 'at-90'],
      ['ann', 'purchase', 'at-0'],
    ];

    expect(await recommend(told, { who: { sessionId: 'session-1' }, k: 2 })).toMatchObject({
      strategy: 'session',
      hits: [{ itemId: 'at-85' }, { itemId: 'at-80' }],
    });
  });
});

describe('what somebody thinks of items', () => {
  const events = (...told: [StoredEvent['kind'], string][]): StoredEvent[] =>
    told.map(([kind, itemId]) => ({ kind, itemId, time: 0, receivedAt: 0 })).reverse();

  it('weighs a purchase above the cart, a like, a click and a view', () => {
    const weight = (kind: StoredEvent['kind']) => opinions(events([kind, 'x']), KIND_WEIGHTS)[0]?.weight ?? 0;
    const order = (['purchase', 'cart', 'like', 'click', 'view', 'impression', 'dislike'] as const).map(weight);

    expect(order).toEqual([...order].sort((a, b) => b - a));
    expect(order.at(-1)).toBeLessThan(0);
  });

  it('halves after as many other items as it says, whatever the dates are', () => {
    const told = Array.from({ length: HALF_LIFE + 1 }, (_, i): [StoredEvent['kind'], string] => ['view', `item-${i}`]);
    const [newest, ...older] = opinions(events(...told), KIND_WEIGHTS);

    expect(newest?.weight).toBe(1);
    expect(older.at(-1)?.weight).toBeCloseTo(0.5, 12);
  });

  it('counts an item once, by its strongest event', () => {
    const held = opinions(events(['view', 'a'], ['purchase', 'a'], ['view', 'a'], ['view', 'b']), KIND_WEIGHTS);

    expect(held.map(({ itemId, kind }) => [itemId, kind])).toEqual([
      ['b', 'view'],
      ['a', 'purchase'],
    ]);
  });

  it('believes the last word on like and dislike', () => {
    expect(opinions(events(['like', 'a'], ['dislike', 'a'], ['view', 'a']), KIND_WEIGHTS)[0]?.kind).toBe('dislike');
    expect(opinions(events(['dislike', 'a'], ['like', 'a']), KIND_WEIGHTS)[0]?.kind).toBe('like');
  });
});
