import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { cosine } from '../../src/core/vectors.js';
import { createPlanner } from '../../src/recommend/plan.js';
import type { Example, PlanRequest } from '../../src/recommend/planner.js';
import { asking, at, behaviourOf, like, randomItems, smallIndex } from './small-world.js';

const circle = [0, 20, 40, 90, 180, 270].map((degrees) => ({ itemId: `at-${degrees}`, vector: at(degrees) }));
const index = smallIndex([...circle, { itemId: 'plain', attributes: { name: 'no picture' } }]);
const plan = createPlanner({ live: async () => index, behaviour: behaviourOf() });
const ask = async (examples: readonly Example[], changes: Partial<PlanRequest> = {}) =>
  (await plan('default', asking({ examples, ...changes }))).hits;
const pointing = (degrees: number, weight = 1): Example => ({
  kind: 'vector',
  vector: Float32Array.from(at(degrees)),
  weight,
});

describe('similar items', () => {
  it('stand by their cosine to a single example', async () => {
    const hits = await ask([like('at-0')]);

    expect(hits.map(({ itemId }) => itemId)).toEqual(['at-20', 'at-40', 'at-90', 'at-270', 'at-180']);
    expect(hits[1]?.similarity).toBeCloseTo(Math.cos((40 * Math.PI) / 180), 6);
  });

  it('lie between several examples, nearer to the one that weighs more', async () => {
    expect((await ask([pointing(0), pointing(90)]))[0]?.itemId).toBe('at-40');
    expect((await ask([pointing(0, 3), pointing(90)]))[0]?.itemId).toBe('at-20');
  });

  it('are pushed away from negative examples', async () => {
    const hits = await ask([pointing(45), pointing(90, -1)]);

    expect(hits[0]?.itemId).toBe('at-20');
  });

  it('stay near the positive example however many negatives there are', async () => {
    const hits = await ask([pointing(20), ...Array.from({ length: 9 }, () => pointing(60, -1))]);

    expect(hits[0]?.similarity).toBeGreaterThan(0.9);
    expect(hits[0]?.itemId).toBe('at-0');
  });

  it('are the opposite where only negatives are given', async () => {
    const hits = await ask([like('at-0', -1)]);

    expect(hits[0]?.itemId).toBe('at-180');
    expect(hits[0]?.similarity).toBeCloseTo(1, 6);
  });

  it('take vectors of any length, since only the direction counts', async () => {
    const long: Example = { kind: 'vector', vector: Float32Array.from(at(20), (x) => x * 1e6), weight: 1 };

    expect(await ask([long])).toEqual(await ask([pointing(20)]));
  });

  it.each<[string, string, Example[]]>([
    ['examples that cancel out', 'REQUEST_INVALID', [pointing(0), pointing(180)]],
    ['an example and its copy of weight −1 where both weigh nothing', 'REQUEST_INVALID', [pointing(0, 0)]],
    ['an item that is not there', 'ITEM_NOT_FOUND', [like('gone')]],
    ['an item without a picture or vector', 'ITEM_NOT_EMBEDDED', [like('plain')]],
    ['a vector of another length', 'VECTOR_INVALID', [{ kind: 'vector', vector: Float32Array.of(1, 0, 0), weight: 1 }]],
    ['a vector with a hole', 'VECTOR_INVALID', [{ kind: 'vector', vector: Float32Array.of(1, Number.NaN), weight: 1 }]],
    ['a vector of zeros', 'VECTOR_INVALID', [{ kind: 'vector', vector: Float32Array.of(0, 0), weight: 1 }]],
  ])('are refused for %s', async (_title, code, examples) => {
    await expect(ask(examples)).rejects.toMatchObject({ code });
  });

  it('are explained by shares that add up to the similarity', async () => {
    const random = new Random(2);
    const world = smallIndex(randomItems(50, 6, random), 6);
    const explain = createPlanner({ live: async () => world, behaviour: behaviourOf() });

    const { hits } = await explain(
      'default',
      asking({ examples: [like('i00001'), like('i00002', 0.5), like('i00003', -1)], explain: true }),
    );

    for (const { similarity, explain: why, itemId } of hits) {
      const because = why?.because as { itemId: string; share: number; similarity: number }[];
      expect(because.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(similarity as number, 5);
      const first = because[0]!;
      const pair = await Promise.all([world.vector(first.itemId), world.vector(itemId)]);
      expect(first.similarity).toBeCloseTo(cosine(pair[0]!, pair[1]!), 5);
    }
  });

  it('follow the context item alone, and give way to what is new where it has no picture', async () => {
    const beside = await plan('default', asking({ context: 'at-90' }));
    const without = await plan('default', asking({ context: 'plain' }));

    expect(beside).toMatchObject({ strategy: 'similar', hits: [{ itemId: 'at-40' }, {}, {}, {}, {}] });
    expect(without.strategy).toBe('recent');
    expect(without.hits).toHaveLength(6);
  });
});
