import { describe, expect, it } from 'vitest';
import { elastic } from '../../src/augment/elastic.js';
import { Random } from '../../src/core/random.js';

const side = 32;
const shape = { channels: 2, height: side, width: side };

/** Each pixel says where it is: its column in the first channel, its row in the second, as shares of the side. */
function map(): Float32Array {
  return Float32Array.from({ length: 2 * side * side }, (_, i) =>
    i < side * side ? (i % side) / side : Math.floor((i - side * side) / side) / side,
  );
}

function pulled(strength: number, seed: number): Float32Array {
  const planes = map();
  elastic.create(strength, shape)(planes, new Random(seed));
  return planes;
}

describe('elastic', () => {
  it('takes no pixel from further away than handles are pulled', () => {
    const plain = map();
    for (let seed = 0; seed < 20; seed++)
      pulled(0.1, seed).forEach((value, i) => {
        if (!(Math.abs(value - plain[i]!) <= 0.1 + 1e-6)) expect.fail(`${value} at ${i}, which was ${plain[i]}`);
      });
  });

  it('moves differently in different places, and smoothly', () => {
    const plain = map();
    const moved = pulled(0.2, 3).map((value, i) => value - plain[i]!);
    const inside = [...moved.subarray(8 * side + 8, 8 * side + 24)];
    const steps = inside.slice(1).map((value, i) => Math.abs(value - inside[i]!));

    expect(Math.max(...moved) - Math.min(...moved)).toBeGreaterThan(0.1);
    expect(Math.max(...steps)).toBeLessThan(0.05);
  });

  it('pulls columns and rows each their own way', () => {
    const plain = map();
    const moved = pulled(0.2, 1).map((value, i) => value - plain[i]!);

    expect(moved.subarray(0, side * side)).not.toEqual(moved.subarray(side * side));
  });
});
