import { describe, expect, it } from 'vitest';
import { pixelsOf, whyNoRegion } from '../../src/core/region.js';

describe('a region of a picture', () => {
  it.each([
    [{ x: 0, y: 0, width: 1, height: 1 }, undefined],
    [{ x: 1 / 3, y: 0.9, width: 2 / 3 + 1e-9, height: 0.1 }, undefined],
    [{ x: 0.5, y: 0, width: 0.6, height: 1 }, /reaches out/],
    [{ x: 0, y: 0.2, width: 1, height: 0.9 }, /reaches out/],
    [{ x: 0.2, y: 0.2, width: 0, height: 0.5 }, /empty/],
    [{ x: -0.1, y: 0, width: 0.5, height: 0.5 }, /shares from 0 to 1/],
    [{ x: 0, y: 0, width: Number.NaN, height: 0.5 }, /shares from 0 to 1/],
  ])('is a part that holds something: %j', (region, why) => {
    if (why) expect(whyNoRegion(region)).toMatch(why);
    else expect(whyNoRegion(region)).toBeUndefined();
  });

  it('is whole pixels, at least one each way, none outside', () => {
    const size = { width: 40, height: 10 };

    expect(pixelsOf({ x: 0.25, y: 0.5, width: 0.5, height: 0.5 }, size)).toEqual({
      left: 10,
      top: 5,
      width: 20,
      height: 5,
    });
    expect(pixelsOf({ x: 0.999, y: 0.999, width: 0.001, height: 0.001 }, size)).toEqual({
      left: 39,
      top: 9,
      width: 1,
      height: 1,
    });
  });
});
