import { expect, it } from 'vitest';
import { createLearnTower } from '../../src/app/learn-tower.js';
import { readConfig } from '../../src/config.js';
import { norm } from '../../src/core/vectors.js';
import { circleRows, historiesOf } from '../recommend/behaviour/small-histories.js';

it('learns on the engine of the settings', async () => {
  const learn = createLearnTower({ config: readConfig({}) });
  const { dimension, items } = await learn(historiesOf(circleRows(80, 20, 8), 20), {});

  expect(items).toHaveLength(20 * dimension);
  expect(norm(items.subarray(0, dimension))).toBeCloseTo(1, 5);
});
