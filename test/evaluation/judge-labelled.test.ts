import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { judgeLabelled, judgeOutcomes } from '../../src/evaluation/judge-labelled.js';
import { unitRows } from '../../src/evaluation/rows.js';

/** `each` rows around every one of `labels` directions, as far from it as `noise` says. */
function clusters(labels: number, each: number, noise: number) {
  const random = new Random(3);
  const dimension = 8;
  const numbers = Int32Array.from({ length: labels * each }, (_, i) => i % labels);
  const centres = Array.from({ length: labels }, () => Array.from({ length: dimension }, () => random.normal()));
  const values = Float32Array.from({ length: numbers.length * dimension }, (_, at) => {
    const centre = centres[numbers[Math.floor(at / dimension)]!]!;
    return centre[at % dimension]! + noise * random.normal();
  });
  return { rows: unitRows({ values, dimension }), labels: numbers };
}

describe('judging labelled rows', () => {
  it('finds everything where labels lie apart', async () => {
    const { rows, labels } = clusters(4, 30, 0.05);
    const judged = await judgeLabelled(rows, labels, { seed: 1 });

    expect(judged.recallAt1).toEqual({ mean: 1, low: 1, high: 1 });
    expect(judged.recallAt5).toBe(1);
    expect(judged.meanAveragePrecision).toBeCloseTo(1, 6);
    expect(judged.knn.mean).toBe(1);
    expect(judged.linear.mean).toBe(1);
  });

  it('finds what chance finds where labels say nothing, and its intervals say so', async () => {
    const { rows } = clusters(1, 400, 1);
    const random = new Random(5);
    const labels = Int32Array.from({ length: 400 }, () => random.int(4));
    const { recallAt1, knn, linear } = await judgeLabelled(rows, labels, { seed: 1 });

    for (const { low, high } of [recallAt1, knn, linear]) {
      expect(low).toBeLessThan(0.3);
      expect(high).toBeGreaterThan(0.2);
      expect(high - low).toBeGreaterThan(0.03);
    }
  });

  it('gives the same figures each time', async () => {
    const { rows, labels } = clusters(3, 20, 0.8);

    expect(await judgeLabelled(rows, labels, { seed: 1 })).toEqual(await judgeLabelled(rows, labels, { seed: 1 }));
  });

  it('has fewer neighbours vote where there are few, and refuses three rows', async () => {
    const { rows, labels } = clusters(2, 3, 0.01);
    expect((await judgeLabelled(rows, labels, { seed: 1 })).recallAt1.mean).toBe(1);

    const three = { values: rows.values.slice(0, 24), dimension: 8 };
    await expect(judgeLabelled(three, labels.slice(0, 3), { seed: 1 })).rejects.toThrow(/4 rows/);
  });

  it('does not ask for what there is none of', async () => {
    const { rows, labels } = clusters(3, 10, 0.01);
    const lonely = labels.with(0, 3); // the only picture of its label, and far from all others
    rows.values.set(rows.values.slice(0, 8).map((value) => -value));
    const judged = await judgeLabelled(rows, lonely, { seed: 1 });

    expect([judged.recallAt1.mean, judged.recallAt5]).toEqual([1, 1]);
  });

  it('learns from few labels where there are enough pictures for them, and more from more', async () => {
    const { rows, labels } = clusters(4, 200, 1);
    const { few, linear } = await judgeLabelled(rows, labels, { seed: 1 });
    expect(few.map(({ share, labels: used }) => [share, used])).toEqual([
      [0.01, 4],
      [0.1, 40],
    ]);
    expect(few[0]!.linear).toBeLessThan(few[1]!.linear);
    expect(few[0]!.knn).toBeLessThan(few[1]!.knn);
    expect(few[1]!.linear).toBeLessThan(linear.mean + 0.02);

    const small = clusters(4, 20, 1); // forty to learn from: a tenth is one a label, a hundredth is none
    expect((await judgeLabelled(small.rows, small.labels, { seed: 1 })).few.map(({ share }) => share)).toEqual([0.1]);
  });

  it('gives outcomes of the same pictures in the same order for any features', async () => {
    const { rows, labels } = clusters(3, 20, 0.01);
    const noise = clusters(3, 20, 9);
    const [sharp, blurred] = [
      await judgeOutcomes(rows, labels, { seed: 1 }),
      await judgeOutcomes(noise.rows, labels, { seed: 1 }),
    ];
    expect([sharp.recallAt1.length, sharp.linear.length]).toEqual([60, 30]);
    expect(blurred.linear.length).toBe(sharp.linear.length);
    expect(Math.min(...sharp.recallAt1)).toBe(1);
    expect(Math.min(...blurred.recallAt1)).toBe(0);
  });
});
