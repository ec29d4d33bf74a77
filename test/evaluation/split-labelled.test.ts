import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { drawLabelled, pickLabelled, splitLabelled } from '../../src/evaluation/split-labelled.js';

/** Ten rows of label 0, seven of 1 and one of 2, mixed. */
const labels = Int32Array.from({ length: 18 }, (_, i) => (i === 5 ? 2 : i % 5 < 2 ? 1 : 0)).with(17, 0);
const count = (which: readonly number[], label: number) => which.filter((at) => labels[at] === label).length;
const sizes = [0, 1, 2].map((label) => count([...labels.keys()], label));

describe('labelled rows', () => {
  it('are dealt out so that parts hold each label alike, and every row once', () => {
    const parts = splitLabelled(labels, 3, new Random(1));

    expect(parts.flat().sort((a, b) => a - b)).toEqual([...labels.keys()]);
    for (const label of [0, 1, 2]) {
      const held = parts.map((part) => count(part, label));
      expect(Math.max(...held) - Math.min(...held)).toBeLessThanOrEqual(1);
      expect(held[0]).toBe(Math.max(...held));
    }
    expect(splitLabelled(labels, 3, new Random(2))).not.toEqual(parts);
  });

  it('are drawn by a share of each label, and one at least', () => {
    const few = drawLabelled(labels, 0.3, new Random(1));

    expect(new Set(few).size).toBe(few.length);
    expect([0, 1, 2].map((label) => count(few, label))).toEqual(
      sizes.map((size) => Math.max(1, Math.round(0.3 * size))),
    );
    expect(drawLabelled(labels, 1, new Random(1))).toHaveLength(18);
  });

  it('are picked with their labels, in the order asked for', () => {
    const rows = { values: Float32Array.from({ length: 36 }, (_, at) => at), dimension: 2 };
    const picked = pickLabelled({ rows, labels }, [5, 0]);

    expect([...picked.rows.values]).toEqual([10, 11, 0, 1]);
    expect([...picked.labels]).toEqual([2, labels[0]]);
  });
});
