import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.js';
import { byteOrder, unit } from '../../../src/core/vectors.js';
import { rowProducts } from '../../../src/evaluation/row-products.js';
import type { LiveIndex } from '../../../src/indexing/live-index.js';
import { type BehaviourModel, behaviourModel } from '../../../src/recommend/behaviour/behaviour-model.js';
import { createFeatures } from '../../../src/recommend/behaviour/features.js';
import { fitSources } from '../../../src/recommend/behaviour/fit-sources.js';
import { type Blend, blended } from '../../../src/recommend/behaviour/learnt-blend.js';
import { lendToCold } from '../../../src/recommend/behaviour/lend-to-cold.js';
import { createLiveContent } from '../../../src/recommend/behaviour/live-content.js';
import { followNewcomers } from '../../../src/recommend/behaviour/newcomers.js';
import { createShortlists } from '../../../src/recommend/behaviour/shortlists.js';
import type { Ranker } from '../../../src/recommend/behaviour/source.js';
import { SOURCES, type SourceName } from '../../../src/recommend/behaviour/sources/index.js';
import { caughtUp } from '../learnt-world.js';
import { smallIndex } from '../small-world.js';
import { circleRows, historiesOf, history, scoresOf } from './small-histories.js';

const KNOWN = 40;
const NEW = 6;
const random = new Random(5);
const vectors = Array.from({ length: KNOWN + NEW }, () => unit([0, 0, 0, 0, 0].map(() => random.normal())));
const ids = vectors.map((_, i) => `i${String(i).padStart(2, '0')}`);
const itemIds = ids.slice(0, KNOWN);
const histories = historiesOf(circleRows(120, KNOWN, 8), KNOWN);
const flat = (some: readonly Float32Array[]) => ({
  dimension: 5,
  values: Float32Array.from(some.flatMap((vector) => [...vector])),
});
const embeddings = flat(vectors.slice(0, KNOWN));
const fitted = await fitSources(histories, { embeddings });
const blend: Blend = {
  learnt: true,
  weights: {
    popularity: 0.2,
    content: 0.7,
    cooccurrence: 1.1,
    transitions: 0.9,
    ease: 0.4,
    trending: 0,
    'ease-whole': 0,
  },
};

async function stored(): Promise<BehaviourModel> {
  const rankers = new Map<string, Ranker>();
  for (const [name, ranker] of fitted) {
    const parts = await ranker.parts?.();
    if (parts) rankers.set(name, SOURCES[name].load!(parts));
  }
  return behaviourModel('b', itemIds, blend, rankers);
}

async function over(index: LiveIndex) {
  const model = await stored();
  const newcomers = followNewcomers(index, model.numberOf);
  await caughtUp(newcomers, () => newcomers.all().length === index.size() - KNOWN);
  return {
    model,
    newcomers,
    lists: createShortlists(
      { model, content: createLiveContent(index, itemIds, rowProducts), products: rowProducts },
      newcomers,
    ),
  };
}

const items = ids.map((itemId, i) => ({ itemId, vector: vectors[i]! }));
const asked = (numbers: readonly number[]) => ({ ...history(numbers), seen: Uint32Array.from(numbers) });

describe('a shortlist', () => {
  it('is in the order in which the offline blend puts what is known, and lends to what is new', async () => {
    const offline = blended(blend, createFeatures(fitted, histories));
    const wider: Ranker = {
      score(of, into) {
        const known = new Float32Array(KNOWN);
        offline.score(of, known);
        // Untouched items stand at the mean, so that the mean of all is that of the known ones.
        into.fill(known.reduce((sum, score) => sum + score, 0) / KNOWN);
        into.set(known);
      },
    };
    const touched = ids.map((_, i) => (i < KNOWN ? 1 : 0));
    const twin = lendToCold(wider, touched, flat(vectors));
    const { lists } = await over(smallIndex(items, 5));

    for (const numbers of [[2, 9, 5], [31], [7, 8, 9, 10, 30, 1, 2]]) {
      const expected = scoresOf(twin, history(numbers), KNOWN + NEW);
      const { places, whole } = await lists.best({}, asked(numbers), 10);

      expect(whole).toBe(true);
      const order = [...ids.keys()].sort((a, b) => expected[b]! - expected[a]! || byteOrder(ids[a]!, ids[b]!));
      expect([...places].map(({ itemId }) => itemId)).toEqual(order.map((i) => ids[i]));
      const [most, least] = [Math.max(...expected), Math.min(...expected)];
      for (const { itemId, score } of places)
        expect(score).toBeCloseTo((expected[ids.indexOf(itemId)]! - least) / (most - least), 4);
    }
  });

  it('is what is popular where nothing is known of what somebody touched', async () => {
    const model = await stored();
    const silent = { ...model, features: model.features.filter(({ name }) => name === 'cooccurrence') };
    const index = smallIndex(items.slice(0, KNOWN), 5);
    const newcomers = followNewcomers(index, model.numberOf);
    const lists = createShortlists(
      { model: silent, content: createLiveContent(index, itemIds, rowProducts), products: rowProducts },
      newcomers,
    );
    const popular = scoresOf(fitted.get('popularity' as SourceName)!, history([]), KNOWN);

    const [first] = (await lists.best({}, asked([]), 1)).places;

    expect(popular[ids.indexOf(first!.itemId)]).toBe(Math.max(...popular));
    expect(await lists.why(asked([]), first!.itemId)).toMatchObject({
      sources: [{ source: 'popularity', weight: 1 }],
    });
  });

  it('is handed out again to whoever asks with the same events, until an item comes', async () => {
    const live = [...items];
    let revision = 1;
    const index = {
      get revision() {
        return revision;
      },
    };
    const now = () => smallIndex(live, 5);
    const moving: LiveIndex = {
      ...now(),
      item: (itemId) => held().item(itemId),
      items: () => held().items(),
      vector: (itemId) => held().vector(itemId),
      nearest: (...query) => held().nearest(...query),
      get revision() {
        return index.revision;
      },
      get version() {
        return index.revision;
      },
    };
    let current = now();
    function held() {
      return current;
    }
    const { lists, newcomers } = await over(moving);
    const key = {};

    const first = await lists.best(key, asked([3]), 5);
    expect(await lists.best(key, asked([3]), 5)).toBe(first);
    expect(await lists.best({}, asked([4]), 5)).not.toEqual(first);

    live.push({ itemId: 'fresh', vector: vectors[4]! });
    current = now();
    revision = 2;
    await caughtUp(newcomers, () => newcomers.of('fresh') !== undefined);
    const second = await lists.best(key, asked([3]), 5);
    expect([...second.places].map(({ itemId }) => itemId)).toContain('fresh');
    live.pop();
    current = now();
    revision = 3;
    await caughtUp(newcomers, () => newcomers.of('fresh') === undefined);
    expect(newcomers.of('fresh')).toBeUndefined();
  });

  it('takes in a vector that comes after its item', async () => {
    const fresh = { itemId: 'fresh', vector: vectors[4]! };
    const without = (itemId: string) => ({ itemId });
    const late = smallIndex([...items.map((item, i) => (i === 3 ? without(item.itemId) : item)), without('fresh')], 5);
    const whole = smallIndex([...items, fresh], 5);
    let now = late;
    const index: LiveIndex = {
      ...late,
      vector: (itemId) => now.vector(itemId),
      nearest: (...query) => now.nearest(...query),
      get version() {
        return now === late ? 1 : 2;
      },
    };
    const { lists, newcomers } = await over(index);
    const before = await lists.best({}, asked([3]), 5);

    now = whole;
    await newcomers.catchUp();
    const after = await lists.best({}, asked([3]), 5);

    expect(newcomers.of('fresh')?.lenders[0]).toMatchObject({ number: 4, cosine: expect.closeTo(1, 5) });
    const twin = await (await over(whole)).lists.best({}, asked([3]), 5);
    // Newcomers that were likened before stay with what they were likened to.
    const known = ({ places }: typeof after) =>
      [...places].map(({ itemId }) => itemId).filter((itemId) => itemIds.includes(itemId));
    expect(known(after)).toEqual(known(twin));
    expect(known(before)).not.toEqual(known(twin));
  });

  it('says shares that add up, in the order of the scores', async () => {
    const { lists } = await over(smallIndex(items, 5));
    const { places } = await lists.best({}, asked([2, 9, 5]), 5);

    const sums: number[] = [];
    for (const { itemId } of [...places].slice(0, 12)) {
      const { sum, sources } = (await lists.why(asked([2, 9, 5]), itemId)) as {
        sum: number;
        sources: { weight: number; z: number; share: number }[];
      };
      expect(sources).toHaveLength(5);
      for (const { weight, z, share } of sources) expect(share).toBeCloseTo(weight * z, 10);
      sums.push(sum);
    }
    for (let i = 1; i < sums.length; i++) expect(sums[i]!).toBeLessThan(sums[i - 1]! + 1e-5);
  });
});
