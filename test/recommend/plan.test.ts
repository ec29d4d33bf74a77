import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { dot, unit } from '../../src/core/vectors.js';
import type { LiveIndex } from '../../src/indexing/live-index.js';
import { STRATEGIES } from '../../src/recommend/index.js';
import { createPlanner } from '../../src/recommend/plan.js';
import type { Behaviour, Hit, Planner, PlanRequest } from '../../src/recommend/planner.js';
import { asking, at, behaviourOf, like, randomItems, smallIndex } from './small-world.js';

const planner = (index: LiveIndex, behaviour: Behaviour = behaviourOf()): Planner =>
  createPlanner({ live: async () => index, behaviour });
const ids = (hits: readonly Hit[]): string[] => hits.map(({ itemId }) => itemId);

const circle = [0, 10, 20, 30, 90, 180].map((degrees) => ({ itemId: `at-${degrees}`, vector: at(degrees) }));

describe('the planner', () => {
  it('orders ties by the bytes of their ids', async () => {
    const twins = ['b', 'é', 'a', '😀', '\uffff'].map((itemId) => ({ itemId, vector: at(10) }));
    const plan = planner(smallIndex([{ itemId: 'asked', vector: at(0) }, ...twins]));

    const { hits } = await plan('default', asking({ examples: [like('asked')] }));

    expect(ids(hits)).toEqual(['a', 'b', 'é', '\uffff', '😀']);
  });

  it('leaves out what is less similar than asked, and does not fill up with anything else', async () => {
    const plan = planner(smallIndex([...circle, { itemId: 'plain' }]));

    const { hits, more } = await plan('default', asking({ examples: [like('at-0')], minSimilarity: 0.9 }));

    expect(ids(hits)).toEqual(['at-10', 'at-20']);
    expect(more).toBe(false);
  });

  it('never shows examples, the context item or what is excluded', async () => {
    const plan = planner(smallIndex(circle));

    const { hits } = await plan('default', asking({ examples: [like('at-0')], context: 'at-10', exclude: ['at-20'] }));

    expect(ids(hits)).toEqual(['at-30', 'at-90', 'at-180']);
  });

  it('hands out what an item is, and a score only where it decides or is asked for', async () => {
    const index = smallIndex([circle[0]!, { itemId: 'near', vector: at(60), attributes: { name: 'Near' } }]);

    const search = await planner(index)('default', asking({ examples: [like('at-0')] }));
    const recommended = await planner(index)('default', asking({ examples: [like('at-0')], scored: true }));

    expect(search).toMatchObject({ indexId: 'index-1', modelId: 'model-1', strategy: 'similar', more: false });
    expect(search.hits).toEqual([
      { itemId: 'near', similarity: expect.closeTo(0.5, 6), attributes: { name: 'Near' }, hasPicture: true },
    ]);
    expect(recommended.hits[0]?.score).toBe(recommended.hits[0]?.similarity);
  });

  it('refuses a strategy it does not have, and says which there are', async () => {
    const plan = planner(smallIndex(circle));

    await expect(plan('default', asking({ strategy: 'constructor' }))).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      message:
        'There is no strategy "constructor"; there are similar, blend, user, session, popular, trending, recent.',
      issues: [{ path: 'strategy' }],
    });
  });

  it.each([
    ['user', { who: { sessionId: 'session-1' } }],
    ['session', { who: { userId: 'ann' } }],
    ['similar', { who: { userId: 'ann' } }],
  ])('refuses the strategy "%s" where the request does not say what it needs', async (strategy, changes) => {
    const plan = planner(smallIndex(circle));

    await expect(plan('default', asking({ ...changes, strategy }))).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('refuses a context item that is not there', async () => {
    const plan = planner(smallIndex(circle));

    await expect(plan('default', asking({ context: 'gone' }))).rejects.toMatchObject({ code: 'ITEM_NOT_FOUND' });
  });

  it('plans again when the release is switched in the middle', async () => {
    const index = { ...smallIndex(circle) };
    let asked = 0;
    const live = async (): Promise<LiveIndex> => index;
    const behaviour: Behaviour = {
      ...behaviourOf(),
      seenBy: async () => {
        if (asked++ === 0) Object.assign(index, { releaseId: 'release-2', indexId: 'index-2' });
        return new Set();
      },
    };

    const plan = createPlanner({ live, behaviour });
    const answer = await plan('default', asking({ examples: [like('at-0')], who: { userId: 'ann' } }));

    expect(asked).toBe(2);
    expect(answer.indexId).toBe('index-2');
  });

  it('answers from an empty collection with nothing', async () => {
    const plan = planner(smallIndex([], null));

    const answer = await plan('default', asking({ who: { userId: 'ann' }, context: undefined as never }));

    expect(answer).toMatchObject({ hits: [], more: false, modelId: null });
  });
});

describe('an answer to somebody', () => {
  const events = behaviourOf([['ann', 'like', 'at-0']]);
  const answering = async () => {
    const mine = await events.of('default', { userId: 'ann' }, 200);
    let looked = 0;
    const world = smallIndex([...circle, { itemId: 'plain' }]);
    const item = (itemId: string) => {
      looked++;
      return world.item(itemId);
    };
    const index = { ...world, item };
    const plan = createPlanner({ live: async () => index, behaviour: { ...events, of: async () => mine } });
    const ask = (more: Partial<PlanRequest> = {}) => plan('default', asking({ who: { userId: 'ann' }, k: 2, ...more }));
    return { ask, index, looks: () => looked };
  };

  it('is the same again, without a look, until the index changes or the question is another', async () => {
    const { ask, index, looks } = await answering();
    const first = await ask();
    const before = looks();

    expect(await ask()).toEqual(first);
    expect(looks()).toBe(before);
    expect(ids((await ask({ exclude: ['at-10'] })).hits)).toEqual(['at-20', 'at-30']);
    await ask();
    const then = looks();
    Object.assign(index, { version: 2 });
    expect(await ask()).toEqual(first);
    expect(looks()).toBeGreaterThan(then);
  });

  it('is worked out anew where others have a part in it', async () => {
    const { ask, looks } = await answering();
    await ask({ k: 6 });
    const before = looks();
    await ask({ k: 6 });
    expect(looks()).toBeGreaterThan(before);
  });
});

describe('pages', () => {
  const random = new Random(3);
  const items = [
    ...randomItems(120, 8, random),
    ...Array.from({ length: 30 }, (_, i) => ({ itemId: `plain-${i}`, createdAt: 500 + (i % 7) })),
  ];
  const index = smallIndex(items, 8);
  const told = Array.from({ length: 60 }, (_, i) => [i % 3 ? 'ann' : 'bob', 'click', `i0000${i % 10}`] as const);
  const plan = planner(index, behaviourOf([...told, ['bob', 'purchase', 'plain-3'], ['session-1', 'view', 'i00040']]));

  it.each<[string, Partial<PlanRequest>]>([
    ['similar', { examples: [like('i00007'), like('i00009', -0.5)] }],
    ['user', { who: { userId: 'ann' } }],
    ['session', { who: { sessionId: 'session-1' } }],
    ['popular', {}],
    ['recent', { strategy: 'recent' }],
  ])('of the strategy "%s" continue one another exactly, and end with everything shown', async (strategy, changes) => {
    const whole = await plan('default', asking({ ...changes, k: 1_000 }));
    const pages: Hit[] = [];
    for (let offset = 0; ; offset += 7) {
      const page = await plan('default', asking({ ...changes, k: 7, offset }));
      pages.push(...page.hits);
      expect(page.strategy).toBe(strategy);
      if (!page.more) break;
    }

    expect(ids(pages)).toEqual(ids(whole.hits));
    expect(new Set(ids(pages)).size).toBe(pages.length);
    for (let i = 1; i < pages.length; i++)
      expect(pages[i]!.score ?? pages[i]!.similarity).toBeLessThanOrEqual(
        (pages[i - 1]!.score ?? pages[i - 1]!.similarity)!,
      );
  });
});

describe('an answer', () => {
  const random = new Random(8);
  const items = [...randomItems(200, 8, random), { itemId: 'plain-1', attributes: { colour: 'red' } }];
  const index = smallIndex(items, 8);
  const seen = items.slice(0, 150).map(({ itemId }) => ['ann', 'view', itemId] as const);
  const plan = planner(index, behaviourOf([...seen, ['bob', 'dislike', 'i00160'], ['bob', 'like', 'i00001']]));

  it.each(Object.keys(STRATEGIES))(
    'by "%s" never shows what was seen, and is full while anything is left',
    async (strategy) => {
      const changes: Partial<PlanRequest> =
        strategy === 'session' ? { who: { sessionId: 'session-9' } } : { who: { userId: 'ann' }, context: 'i00000' };
      const { hits } = await plan('default', asking({ ...changes, strategy, k: 200 }));

      const shown = new Set(ids(hits));
      if (strategy === 'session') expect(shown.size).toBe(200);
      else for (const [, , itemId] of seen) expect(shown.has(itemId)).toBe(false);
      // A search by example has no place for an item without an embedding; everything else shows it.
      if (strategy !== 'session') expect(shown.size).toBe(strategy === 'similar' ? 50 : 51);
    },
  );

  it('shows what was seen where the request allows it', async () => {
    const { hits } = await plan('default', asking({ who: { userId: 'ann' }, includeSeen: true, k: 500 }));

    expect(hits).toHaveLength(201);
  });

  it('keeps to the filter, and is still full', async () => {
    const red = items.slice(150).filter(({ attributes }) => attributes?.colour === 'red');

    const { hits } = await plan(
      'default',
      asking({ who: { userId: 'ann' }, k: red.length, filter: { colour: 'red' } }),
    );

    expect(ids(hits).sort()).toEqual(red.map(({ itemId }) => itemId).sort());
  });
});

describe('a person with 200 events in a catalogue of 20,000', () => {
  let plan: Planner;
  beforeAll(() => {
    const random = new Random(21);
    const items = randomItems(20_000, 32, random);
    const vectors = items.map(({ vector }) => unit(vector as Float32Array));
    const index: LiveIndex = {
      ...smallIndex(items, 32),
      // Stands in for the graph: whatever is asked, close to as quick.
      nearest: async (query, k) =>
        vectors.slice(0, k).map((vector, i) => ({ itemId: items[i]!.itemId, similarity: dot(query, vector) })),
    };
    const told = Array.from({ length: 200 }, () => ['ann', 'click', items[random.int(20_000)]!.itemId] as const);
    plan = planner(index, behaviourOf(told));
  });

  it.each(['user', 'popular', 'recent'])('is answered by "%s"', async (strategy) => {
    for (let i = 0; i < 50; i++) await plan('default', asking({ who: { userId: 'ann' }, strategy, k: 20 }));
  });
});
