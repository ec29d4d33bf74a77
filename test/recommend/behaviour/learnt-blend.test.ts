import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.js';
import { createFeatures } from '../../../src/recommend/behaviour/features.js';
import { fitSources } from '../../../src/recommend/behaviour/fit-sources.js';
import type { Histories } from '../../../src/recommend/behaviour/histories.js';
import { holdOutLast, holdOutRandom } from '../../../src/recommend/behaviour/hold-out.js';
import { blended, learnBlend } from '../../../src/recommend/behaviour/learnt-blend.js';
import { lendToCold } from '../../../src/recommend/behaviour/lend-to-cold.js';
import { plainSum } from '../../../src/recommend/behaviour/plain-sum.js';
import { standardise } from '../../../src/recommend/behaviour/standardise.js';
import { circleRows, historiesOf, history, scoresOf } from './small-histories.js';

const holdOuts = [(log: Histories) => holdOutLast(log)];

describe('standardising', () => {
  it('gives mean 0 and deviation 1 over what is not skipped', () => {
    const scores = Float32Array.of(1, 100, 2, 3);
    standardise(scores, [1]);

    expect(scores[1]).toBe(0);
    expect(scores[0]! + scores[2]! + scores[3]!).toBeCloseTo(0, 6);
    expect((scores[0]! ** 2 + scores[2]! ** 2 + scores[3]! ** 2) / 3).toBeCloseTo(1, 5);
  });

  it('gives a source that knows nothing no say', () => {
    const scores = Float32Array.of(0.1, 0.1, 0.1);
    standardise(scores, []);
    expect([...scores]).toEqual([0, 0, 0]);
  });
});

describe('the plain sum', () => {
  const items = 20;
  const histories = historiesOf(circleRows(80, items, 8), items);

  it('adds three standardised sources', async () => {
    const fitted = await fitSources(histories, {});
    const asked = history([3, 4]);
    const expected = new Float32Array(items);
    for (const name of ['cooccurrence', 'transitions', 'ease'] as const) {
      const scores = Float32Array.from(scoresOf(fitted.get(name)!, asked, items));
      standardise(scores, [3, 4]);
      for (let i = 0; i < items; i++) expected[i]! += scores[i]!;
    }

    const scores = scoresOf(plainSum(fitted, items), asked, items);
    for (let i = 0; i < items; i++) expect(scores[i]).toBeCloseTo(expected[i]!, 5);
  });

  it('shows what is popular to those of whom nothing is known, as a blend does', async () => {
    const fitted = await fitSources(histories, {});
    const popular = scoresOf(fitted.get('popularity')!, history([]), items);
    const order = (scores: readonly number[]) =>
      [...scores.keys()].toSorted((a, b) => scores[b]! - scores[a]! || a - b);
    const blend = { weights: { cooccurrence: 1, 'log-count': -1 }, learnt: true };

    expect(order(scoresOf(plainSum(fitted, items), history([]), items))).toEqual(order(popular));
    const scores = scoresOf(blended(blend, createFeatures(fitted, histories)), history([]), items);
    expect(order(scores)).toEqual(order(popular));
  });

  it('answers whoever has touched one item with what follows upon it', async () => {
    const fitted = await fitSources(histories, {});
    const scores = scoresOf(plainSum(fitted, items), history([7]), items);

    expect(scores.filter((score, item) => item !== 7 && score > scores[8]!).length).toBeLessThan(3);
  });
});

describe('a learnt blend', () => {
  it('is the plain sum while there is little evidence', async () => {
    const blend = await learnBlend(historiesOf(circleRows(30, 10, 5), 10), { holdOuts, random: new Random(1) });

    expect(blend.learnt).toBe(false);
    expect(blend.weights).toMatchObject({ cooccurrence: 1, transitions: 1, ease: 1, popularity: 0 });
  });

  it('learns that order is no help where there is none, and is then better than the plain sum unseen', async () => {
    // Five kinds of people, each with items of their own in an order drawn by chance, and one item that all love.
    const random = new Random(3);
    const rows = Array.from({ length: 300 }, (_, p) =>
      [...random.permutation(12)].slice(0, 6).map((i) => (p % 5) * 12 + i),
    );
    const histories = historiesOf(rows, 60);
    const inner = [(log: Histories) => holdOutRandom(log, 0.3, new Random(5))];
    const blend = await learnBlend(histories, { holdOuts: inner, random: new Random(1) });

    expect(blend.unseen!.learnt).toBeGreaterThanOrEqual(blend.unseen!.plainSum);
    expect(blend.learnt).toBe(true);
    const again = await learnBlend(histories, { holdOuts: inner, random: new Random(1) });
    expect(again).toEqual(blend);
  });

  it('stops when told to', async () => {
    const histories = historiesOf(circleRows(80, 10, 5), 10);
    const learning = learnBlend(histories, { holdOuts, random: new Random(1), signal: AbortSignal.abort() });

    await expect(learning).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('items without an event', () => {
  const scored = { score: (_: unknown, into: Float32Array) => into.set([3, 1, -1, 0]) };
  const embeddings = { dimension: 2, values: Float32Array.from([1, 0, 0, 1, 0, 1, 1, 0]) };

  it('are lent the score of what looks like them', () => {
    const lent = lendToCold(scored, [5, 5, 5, 0], embeddings);

    const scores = scoresOf(lent, history([]), 4);
    expect(scores.slice(0, 3)).toEqual([3, 1, -1]);
    expect(scores[3]).toBeCloseTo(3, 6);
  });

  it('stay where they are without embeddings, or where nothing looks like them', () => {
    expect(scoresOf(lendToCold(scored, [5, 5, 5, 0], undefined), history([]), 4)).toEqual([3, 1, -1, 0]);
    const alone = { dimension: 3, values: Float32Array.from([1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1]) };
    expect(scoresOf(lendToCold(scored, [5, 5, 5, 0], alone), history([]), 4)).toEqual([3, 1, -1, 0]);
  });
});
