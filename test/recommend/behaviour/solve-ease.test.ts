import { describe, expect, it } from 'vitest';
import { invertPositive } from '../../../src/recommend/behaviour/invert-positive.js';
import { MOST_EASE_SIDE, solveEase } from '../../../src/recommend/behaviour/solve-ease.js';
import { circleRows, historiesOf, options } from './small-histories.js';

/** The paper's equations, with no shortcut. */
async function easeByTheBook(rows: readonly (readonly number[])[], items: number): Promise<number[][]> {
  const gram = new Float64Array(items * items);
  for (const row of rows) for (const a of row) for (const b of row) gram[a * items + b]! += 1;
  for (let i = 0; i < items; i++) gram[i * items + i]! += 100;
  await invertPositive(gram, items);
  return Array.from({ length: items }, (_, i) =>
    Array.from({ length: items }, (_, j) => (i === j ? 0 : -gram[i * items + j]! / gram[j * items + j]!)),
  );
}

describe('EASE', () => {
  it.each([
    ['by items, where they are few', 60, 12],
    ['by people, where they are fewer', 9, 30],
  ])('agrees with the paper solved %s', async (_what, people, items) => {
    const rows = circleRows(people, items, 8);
    const weights = await easeByTheBook(rows, items);
    const solved = await solveEase(historiesOf(rows, items), options());
    const asked = [
      { item: 3, weight: 1 },
      { item: 7, weight: 0.5 },
      { item: 1, weight: -2 },
    ];
    const into = new Float32Array(items).fill(9);
    solved!(asked, into);

    for (let j = 0; j < items; j++) {
      const expected = asked.reduce((sum, { item, weight }) => sum + weight * weights[item]![j]!, 0);
      expect(into[j]).toBeCloseTo(expected, 6);
    }
  });

  it('is not fitted where both sides are too large', async () => {
    const many = MOST_EASE_SIDE + 1;
    const rows = Array.from({ length: many }, (_, p) => [p]);

    expect(await solveEase(historiesOf(rows, many), options())).toBeNull();
  });

  it('stops when told to', async () => {
    const histories = historiesOf(circleRows(20, 10, 5), 10);

    await expect(solveEase(histories, options({ signal: AbortSignal.abort() }))).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });
});
