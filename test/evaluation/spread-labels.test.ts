import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { type Rows, unitRows } from '../../src/evaluation/rows.js';
import {
  type NeighbourGraph,
  neighbourGraph,
  spreadLabels,
  spreadScores,
  UNLABELLED,
} from '../../src/evaluation/spread-labels.js';

const unlabelled = (count: number): Int32Array => new Int32Array(count).fill(UNLABELLED);

/** Points on two rings around the sphere, one above the other: joined by chains of neighbours, not by centres. */
function rings(each: number, random: Random): { rows: Rows; labels: Int32Array } {
  const labels = Int32Array.from({ length: 2 * each }, (_, i) => i % 2);
  const values = new Float32Array(labels.length * 3);
  for (const [i, label] of labels.entries()) {
    const angle = Math.PI * (1 - 2 * random.next());
    values.set([Math.cos(angle), Math.sin(angle), label === 0 ? 0.3 : -0.3], 3 * i);
  }
  return { rows: unitRows({ values, dimension: 3 }), labels };
}

/** (I − 0.9 S)⁻¹ Y by elimination. */
function byElimination({ count, starts, columns, weights }: NeighbourGraph, labels: Int32Array, classes: number) {
  const system = Array.from({ length: count }, (_, row) => [
    ...Array.from({ length: count }, (_, column) => Number(column === row)),
    ...Array.from({ length: classes }, (_, label) => Number(labels[row] === label)),
  ]);
  for (let row = 0; row < count; row++)
    for (let at = starts[row]!; at < starts[row + 1]!; at++) system[row]![columns[at]!]! -= 0.9 * weights[at]!;
  for (let pivot = 0; pivot < count; pivot++)
    for (let row = 0; row < count; row++) {
      if (row === pivot) continue;
      const factor = system[row]![pivot]! / system[pivot]![pivot]!;
      system[row] = system[row]!.map((value, at) => value - factor * system[pivot]![at]!);
    }
  return system.map((line, row) => line.slice(count).map((value) => value / line[row]!));
}

describe('spreading labels', () => {
  it('follows chains of neighbours from one label a class to all', async () => {
    const { rows, labels } = rings(400, new Random(1));
    const given = unlabelled(labels.length);
    for (const at of [0, 1]) given[at] = labels[at]!;

    expect(await spreadLabels(await neighbourGraph(rows), given, { classes: 2 })).toEqual(labels);
  });

  it('solves what elimination solves', async () => {
    const random = new Random(2);
    const rows = unitRows({ values: Float32Array.from({ length: 40 * 4 }, () => random.normal()), dimension: 4 });
    const given = unlabelled(40);
    for (let at = 0; at < 12; at++) given[at] = random.int(3);
    const graph = await neighbourGraph(rows);

    const { values } = await spreadScores(graph, given, { classes: 3 });

    for (const [row, line] of byElimination(graph, given, 3).entries())
      for (const [label, score] of line.entries()) expect(values[row * 3 + label]).toBeCloseTo(score, 5);
  });

  it('says nothing of rows that no label reaches', async () => {
    const values = new Float32Array(24 * 2);
    for (let row = 0; row < 24; row++) values[2 * row + Number(row >= 20)] = 1; // the last four are across from all others
    const given = unlabelled(24);
    given[0] = 1;

    const found = await spreadLabels(await neighbourGraph({ values, dimension: 2 }), given, { classes: 2 });

    expect([...found]).toEqual([...Array<number>(20).fill(1), ...Array<number>(4).fill(UNLABELLED)]);
  });

  it('stops once it is told to', async () => {
    const graph = await neighbourGraph(rings(20, new Random(3)).rows);
    const spreading = spreadLabels(graph, unlabelled(40), { classes: 2, signal: AbortSignal.abort() });
    await expect(spreading).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
