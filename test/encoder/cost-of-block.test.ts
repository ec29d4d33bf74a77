import { expect, it } from 'vitest';
import { ARCHITECTURES } from '../../src/encoder/architectures/index.js';
import { costOfBlock } from '../../src/encoder/cost-of-block.js';

it('counts the parameters and multiplications of a network, by hand', () => {
  const block = ARCHITECTURES.convolutional.build({ stages: [8, 16], depth: 1, pool: 1, readout: 1 }, [3, 8, 8]);
  const { parameters, multiplications } = costOfBlock(block, [3, 8, 8]);

  expect(parameters).toBe(8 * 12 * 9 + 2 * 8 + 16 * 8 * 9 + 2 * 16);
  const pooling = 16 * 2 * 2; // a matrix product over the last map
  expect(multiplications).toBe(4 * 4 * 8 * 12 * 9 + 2 * 2 * 16 * 8 * 9 + pooling);
});

it('counts a transformer too, whose attention grows with the square of its tokens', () => {
  const of = (side: number) => {
    const shape = [3, side, side];
    return costOfBlock(ARCHITECTURES.transformer.build({ depth: 1 }, shape), shape).multiplications;
  };
  expect(of(64) / of(32)).toBeGreaterThan(4);
});
