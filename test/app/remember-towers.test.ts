import { expect, it } from 'vitest';
import { rememberTowers } from '../../src/app/remember-towers.js';
import type { Histories } from '../../src/recommend/behaviour/histories.js';
import { historiesOf } from '../recommend/behaviour/small-histories.js';

it('learns from the same histories once, and from others anew', async () => {
  const asked: Histories[] = [];
  const empty = new Float32Array();
  const learn = rememberTowers(async (histories) => {
    asked.push(histories);
    return {
      dimension: asked.length,
      positions: 1,
      items: empty,
      pools: empty,
      maps: empty,
    };
  });

  const rows = [
    [0, 1, 2],
    [2, 1],
  ];
  const [first, again] = [await learn(historiesOf(rows, 3), {}), await learn(historiesOf(rows, 3), {})];
  expect(again).toBe(first);
  expect(await learn(historiesOf([[0, 1, 2, 2], [1]], 3), {})).not.toBe(first);
  expect(
    await learn(
      historiesOf(
        [
          [0, 2, 1],
          [2, 1],
        ],
        3,
      ),
      {},
    ),
  ).not.toBe(first);
  expect(asked).toHaveLength(3);
});
