import { describe, expect, it } from 'vitest';
import { rotation } from '../../src/augment/rotation.js';
import { Random } from '../../src/core/random.js';

/** A bar that lies along the middle row of a square. */
function bar(side: number): Float32Array {
  const planes = new Float32Array(side * side);
  planes.fill(1, ((side - 1) / 2) * side, ((side + 1) / 2) * side);
  return planes;
}

/** Of the light, the angle at which it lies about the middle: 0 along the row, ±π/2 along the column. */
function lies(planes: Float32Array, side: number): number {
  let [xx, yy, xy] = [0, 0, 0];
  planes.forEach((light, i) => {
    const [x, y] = [(i % side) - (side - 1) / 2, Math.floor(i / side) - (side - 1) / 2];
    xx += light * x * x;
    yy += light * y * y;
    xy += light * x * y;
  });
  return Math.atan2(2 * xy, xx - yy) / 2;
}

describe('rotation', () => {
  const side = 33;
  const turned = (strength: number, seed: number) => {
    const planes = bar(side);
    rotation.create(strength, { channels: 1, height: side, width: side })(planes, new Random(seed));
    return lies(planes, side);
  };

  it('turns by the angle that is drawn, about the middle', () => {
    for (let seed = 0; seed < 20; seed++) {
      const angle = new Random(seed).between(-0.2, 0.2) * Math.PI;

      expect(Math.abs(turned(0.2, seed))).toBeCloseTo(Math.abs(angle), 1);
    }
  });

  it('turns both ways and no further than it may', () => {
    const angles = Array.from({ length: 60 }, (_, seed) => turned(0.1, seed) / Math.PI);

    expect(Math.min(...angles)).toBeLessThan(-0.05);
    expect(Math.max(...angles)).toBeGreaterThan(0.05);
    for (const angle of angles) expect(Math.abs(angle)).toBeLessThan(0.11);
  });
});
