import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { fewLabels } from '../../src/evaluation/few-labels.js';
import { linearProbe } from '../../src/evaluation/linear-probe.js';
import { drawLabelled, type LabelledRows, pickLabelled } from '../../src/evaluation/split-labelled.js';

const [CLASSES, DIMENSION] = [4, 120];

/** As embeddings are: the class moves a few dimensions much, and all others vary a little and say nothing. */
function rowsOf(count: number, seed: number): LabelledRows {
  const random = new Random(seed);
  const labels = Int32Array.from({ length: count }, (_, i) => i % CLASSES);
  const values = new Float32Array(count * DIMENSION);
  for (let i = 0; i < count; i++)
    for (let k = 0; k < DIMENSION; k++)
      values[i * DIMENSION + k] = k < CLASSES ? Number(k === labels[i]) + 0.4 * random.normal() : 0.1 * random.normal();
  return { rows: { values, dimension: DIMENSION }, labels };
}

describe('fewLabels', () => {
  it('reads more from one label in a hundred than a probe that evens out all dimensions', async () => {
    const [taught, asked] = [rowsOf(2000, 1), rowsOf(800, 2)];

    const [one, ten] = await fewLabels(taught, asked, new Random(3));
    const few = pickLabelled(taught, drawLabelled(taught.labels, 0.01, new Random(3).fork('0.01/0')));
    const even = await (await linearProbe(few.rows, few.labels)).accuracy(asked.rows, asked.labels);

    expect([one!.share, one!.labels, ten!.share, ten!.labels]).toEqual([0.01, 20, 0.1, 200]);
    expect(one!.linear).toBeGreaterThan(even + 0.1);
    expect(ten!.linear).toBeGreaterThan(one!.linear);
    expect(one!.spread).toBeGreaterThan(one!.linear);
    expect(ten!.knn).toBeGreaterThan(0.5);
  });

  it('leaves out a share of less than one row a label, and copes with labels that no row has', async () => {
    const [taught, asked] = [rowsOf(100, 4), rowsOf(40, 5)];
    const gaps = (given: LabelledRows) => ({ ...given, labels: given.labels.map((label) => 2 * label + 1) });

    const found = await fewLabels(gaps(taught), gaps(asked), new Random(6));

    expect(found.map(({ share }) => share)).toEqual([0.1]);
    expect(found[0]!.linear).toBeGreaterThan(0.5);
  });

  it('learns from one row a label', async () => {
    const [ten] = await fewLabels(rowsOf(40, 7), rowsOf(200, 8), new Random(9));

    expect(ten!.labels).toBe(4);
    expect(ten!.linear).toBeGreaterThan(0.4);
  });
});
