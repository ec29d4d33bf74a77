import { describe, expect, it } from 'vitest';
import { createStretch, crop } from '../../src/augment/crop.js';
import { Random } from '../../src/core/random.js';
import { expectClose } from './expect-close.js';
import { planesOf } from './sample-of.js';

const shape = { channels: 2, height: 7, width: 9 };

/** One pixel at a time, as a definition of bilinear resampling says: slow, and there to be believed. */
function stretchByTheBook(planes: Float32Array, left: number, top: number, w: number, h: number): number[] {
  const at = (c: number, y: number, x: number): number => {
    const [cy, cx] = [Math.min(Math.max(y, 0), 6), Math.min(Math.max(x, 0), 8)];
    return planes[(c * 7 + cy) * 9 + cx]!;
  };
  const out: number[] = [];
  for (let c = 0; c < 2; c++)
    for (let row = 0; row < 7; row++)
      for (let column = 0; column < 9; column++) {
        const [y, x] = [top + ((row + 0.5) * h) / 7 - 0.5, left + ((column + 0.5) * w) / 9 - 0.5];
        const [y0, x0] = [Math.floor(y), Math.floor(x)];
        const [fy, fx] = [y - y0, x - x0];
        out.push(
          at(c, y0, x0) * (1 - fy) * (1 - fx) +
            at(c, y0, x0 + 1) * (1 - fy) * fx +
            at(c, y0 + 1, x0) * fy * (1 - fx) +
            at(c, y0 + 1, x0 + 1) * fy * fx,
        );
      }
  return out;
}

describe('crop', () => {
  it.each([
    [0, 0, 9, 7],
    [2, 1, 4, 3],
    [0.3, 2.7, 5.5, 4.1],
    [8, 6, 1, 1],
  ])('resamples from (%d, %d), %d × %d, as the definition does', (left, top, w, h) => {
    const planes = planesOf(126);
    const expected = stretchByTheBook(planes, left, top, w, h);

    createStretch(shape)(planes, left, top, w, h);

    expectClose(planes, expected);
  });

  it('takes areas evenly from the range: the spread of a ramp tells how wide the crop was', () => {
    const square = { channels: 1, height: 64, width: 64 };
    const view = crop.create({ area: [0.25, 0.25], aspect: 1 }, square);
    for (let seed = 0; seed < 20; seed++) {
      const ramp = Float32Array.from({ length: 64 * 64 }, (_, i) => (i % 64) / 63);

      view(ramp, new Random(seed));

      expect(ramp[63]! - ramp[0]!).toBeCloseTo(0.5, 1);
    }
  });
});
