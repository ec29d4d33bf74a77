import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.js';
import { unit } from '../../../src/core/vectors.js';
import { rowProducts } from '../../../src/evaluation/row-products.js';
import { codeEvents } from '../../../src/recommend/behaviour/histories.js';
import { SOURCES } from '../../../src/recommend/behaviour/sources/index.js';
import { learnTower } from './learn-tower.js';
import { circleRows, fitted, historiesOf, history, scoresOf } from './small-histories.js';

const ITEMS = 20;
const rows = circleRows(80, ITEMS, 8);
const histories = historiesOf(rows, ITEMS + 1); // and one that nobody touched
const random = new Random(4);
const embeddings = {
  dimension: 4,
  values: Float32Array.from(
    Array.from({ length: ITEMS + 1 }, () => [...unit([0, 0, 0, 0].map(() => random.normal()))]).flat(),
  ),
};
const SEVERAL = history([2, 9, 5]);

describe.each(Object.entries(SOURCES))('%s honours the contract of sources', (_name, source) => {
  const make = () => fitted(source, histories, { embeddings, learnTower });

  it('scores every item with a finite number, whatever stood in the array, and the same each time', async () => {
    const [once, again] = [await make(), await make()];
    const scores = scoresOf(once, SEVERAL, ITEMS + 1);

    expect(scores.every(Number.isFinite)).toBe(true);
    expect(new Set(scores).size).toBeGreaterThan(1);
    expect(scoresOf(again, SEVERAL, ITEMS + 1)).toEqual(scores);
    scoresOf(once, history([1]), ITEMS + 1);
    expect(scoresOf(once, SEVERAL, ITEMS + 1)).toEqual(scores);
  });

  it('depends on who asks, or does not, as its row says', async () => {
    const ranker = await make();
    const [one, other] = [scoresOf(ranker, SEVERAL, ITEMS + 1), scoresOf(ranker, history([14]), ITEMS + 1)];

    if (source.personal) expect(one).not.toEqual(other);
    else expect(one).toEqual(other);
  });

  it('has nothing to say of a history of nothing where it depends on who asks', async () => {
    if (source.personal) expect(new Set(scoresOf(await make(), history([]), ITEMS + 1))).toEqual(new Set([0]));
  });

  it('is pushed away by a dislike', async () => {
    if (!source.personal) return;
    const ranker = await make();
    const liked = scoresOf(ranker, history([5]), ITEMS + 1);
    const disliked = scoresOf(ranker, history([5], [-1]), ITEMS + 1);

    for (const [item, score] of liked.entries()) expect(disliked[item]).toBeCloseTo(-score, 6);
  });

  it('is the same when it is made again of its parts', async () => {
    const ranker = await make();
    const parts = await ranker.parts?.();
    expect(parts === undefined).toBe(source.load === undefined);
    if (!parts || !source.load) return;

    const again = scoresOf(source.load(parts), SEVERAL, ITEMS + 1);
    for (const [item, score] of scoresOf(ranker, SEVERAL, ITEMS + 1).entries())
      expect(again[item]).toBeCloseTo(score, 5);
  });

  it('fits where there is nothing to fit to', async () => {
    const nothing = historiesOf([], 3);
    const blank = { dimension: 2, values: new Float32Array(6) };

    expect(scoresOf(await fitted(source, nothing, { embeddings: blank, learnTower }), history([1]), 3)).toEqual([
      0, 0, 0,
    ]);
  });
});

/** The mean place of an item's successor on the circle among all others. */
async function meanPlace(name: keyof typeof SOURCES): Promise<number> {
  const ranker = await fitted(SOURCES[name], histories, { embeddings, learnTower });
  const places = Array.from({ length: ITEMS }, (_, item) => {
    const scores = scoresOf(ranker, history([item]), ITEMS + 1);
    const next = scores[(item + 1) % ITEMS]!;
    return scores.filter((score, other) => other !== item && score > next).length;
  });
  return places.reduce((sum, place) => sum + place, 0) / places.length;
}

it.each(['people-alike', 'knn-last-5', 'cooccurrence', 'transitions', 'ease', 'ease-whole', 'tower'] as const)(
  '%s finds what follows upon what',
  async (name) => {
    expect(await meanPlace(name)).toBeLessThan(3);
    expect(await meanPlace('popularity')).toBeGreaterThan(6);
  },
);

describe('by hand', () => {
  const three = historiesOf(
    [
      [0, 1],
      [0, 1],
      [0, 2],
    ],
    4,
  );

  it('popularity adds up what events weigh', async () => {
    expect(scoresOf(await fitted(SOURCES.popularity, three), history([]), 4)).toEqual([3, 2, 1, 0]);
  });

  it('cooccurrence is the shrunk cosine', async () => {
    const scores = scoresOf(await fitted(SOURCES.cooccurrence, three), history([0]), 4);

    expect(scores[1]).toBeCloseTo((2 / Math.sqrt(3 * 2)) * (2 / 3), 6);
    expect(scores[2]).toBeCloseTo((1 / Math.sqrt(3 * 1)) * (1 / 2), 6);
  });

  it('cooccurrence has older items count less, and the last five of knn count alike', async () => {
    const apart = historiesOf(
      [
        [0, 2],
        [1, 3],
      ],
      4,
    );
    const older = scoresOf(await fitted(SOURCES.cooccurrence, apart), history([0, 1]), 4);
    const alike = scoresOf(await fitted(SOURCES['knn-last-5'], apart), history([0, 1]), 4);

    expect(older[2]! / older[3]!).toBeCloseTo(0.8, 6);
    expect(alike[2]).toBe(alike[3]);
    expect(scoresOf(await fitted(SOURCES['knn-last-5'], apart), history([0, 1, 1, 1, 1, 1]), 4)[2]).toBe(0);
  });

  it('transitions go one way, and further steps count less', async () => {
    const ranker = await fitted(SOURCES.transitions, historiesOf([[0, 1, 2]], 3));

    expect(scoresOf(ranker, history([0]), 3)).toEqual([0, 1, 0.5]);
    expect(scoresOf(ranker, history([2]), 3)).toEqual([0, 0, 0]);
  });

  it('trending sets what is new against what always was, beside the newest event', async () => {
    const day = 86_400_000;
    const event = (itemId: string, time: number, i: number) => ({
      person: `${itemId}${i}`,
      itemId,
      kind: 'view',
      time,
    });
    const old = Array.from({ length: 50 }, (_, i) => event('evergreen', i * day, i));
    const fresh = Array.from({ length: 5 }, (_, i) => event('fresh', 49 * day, i));
    const once = Array.from({ length: 20 }, (_, i) => event('once', day, i));
    const { log } = codeEvents([...old, ...fresh, ...once], { weights: { view: 1 } });
    const [evergreen, rising, gone] = scoresOf(await fitted(SOURCES.trending, log), history([]), 3);

    expect(rising).toBeGreaterThan(evergreen!);
    expect(rising).toBeGreaterThan(1);
    expect(gone).toBeLessThan(0);
  });

  it('people-alike has the people most like somebody say what else they touched', async () => {
    const ranker = await fitted(SOURCES['people-alike'], three);
    const [common, rare] = [Math.log(4 / 3), Math.log(4)];
    const likeness = (rare * rare) / Math.hypot(common * 0.98, rare) / 3; // one in common: 1 / (1 + 2)
    const scores = scoresOf(ranker, history([2]), 4);

    expect(scores[0]).toBeCloseTo(likeness ** 2, 6);
    expect(scores[1]).toBe(0);
    const some = Math.log(4 / 2);
    const each = ((some * some) / Math.hypot(common * 0.98, some) / 3) ** 2;
    expect(scoresOf(ranker, history([1]), 4)[0]).toBeCloseTo(2 * each, 6);
  });

  it('content keeps several tastes apart, and is not there without embeddings', async () => {
    const half = Math.SQRT1_2;
    const values = Float32Array.from([1, 0, 0, 1, 0.96, 0.28, half, half]); // two tastes, one near the first, one between
    const ranker = await fitted(SOURCES.content, historiesOf([], 4), { embeddings: { dimension: 2, values } });
    const scores = scoresOf(ranker, history([1, 0]), 4);

    expect(scores[2]).toBeGreaterThan(scores[3]!);
    await expect(fitted(SOURCES.content, three)).rejects.toThrow();
  });
});

describe('what looks alike', () => {
  it('is scored the same whether rows are multiplied one by one or all at once, ahead of being asked', async () => {
    const make = (more: object) => fitted(SOURCES.content, histories, { embeddings, ...more });
    const [slow, quick] = [await make({}), await make({ products: rowProducts })];

    for (const asked of [SEVERAL, history([4, 5], [1, -2])]) {
      await quick.prepare?.(asked);
      const [expected, scores] = [slow, quick].map((ranker) => scoresOf(ranker, asked, ITEMS + 1)) as [
        number[],
        number[],
      ];
      for (let i = 0; i <= ITEMS; i++) expect(scores[i]).toBeCloseTo(expected[i]!, 5);
      expect(new Set(expected).size).toBeGreaterThan(5);
    }
  });
});
