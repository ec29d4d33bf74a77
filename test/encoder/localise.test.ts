import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import type { FeatureMap } from '../../src/encoder/encoder.js';
import { localise } from '../../src/encoder/localise.js';

const channels = 6;
const noise = (height: number, width: number, seed: number, size = 1): FeatureMap => {
  const random = new Random(seed);
  return {
    height,
    width,
    channels,
    cells: Float32Array.from({ length: height * width * channels }, () => 5 + size * random.normal()),
  };
};
/** A copy of `into` with cells of `from` laid in at [y, x], each `scale` × `scale` times. */
function laid(from: FeatureMap, into: FeatureMap, [y, x]: readonly [number, number], scale = 1): FeatureMap {
  const cells = into.cells.slice();
  for (let row = 0; row < from.height * scale; row++)
    for (let column = 0; column < from.width * scale; column++) {
      const at = (Math.floor(row / scale) * from.width + Math.floor(column / scale)) * channels;
      cells.set(from.cells.subarray(at, at + channels), ((y + row) * into.width + x + column) * channels);
    }
  return { ...into, cells };
}
const thing = noise(2, 4, 1, 3);

describe('localise', () => {
  it('finds a region where it was laid, in a map of another size', () => {
    const query = laid(thing, noise(8, 8, 2), [4, 2]);
    const target = laid(thing, noise(10, 16, 3), [7, 9]);

    const { box, score } = localise(query, { x: 2 / 8, y: 4 / 8, width: 4 / 8, height: 2 / 8 }, target);

    expect([box.x * 16, box.y * 10, box.width * 16, box.height * 10].map((side) => side.toFixed(6))).toEqual(
      [9, 7, 4, 2].map((side) => side.toFixed(6)),
    );
    expect(score).toBeGreaterThan(0.99);
    expect(score).toBeLessThanOrEqual(1);
  });

  it('finds it at twice the size, with a box of twice the sides', () => {
    const query = laid(thing, noise(8, 8, 2), [0, 0]);
    const target = laid(thing, noise(12, 12, 3), [5, 3], 2);

    const { box } = localise(query, { x: 0, y: 0, width: 4 / 8, height: 2 / 8 }, target);

    expect([box.x, box.y, box.width, box.height].map((side) => Math.round(side * 12))).toEqual([3, 5, 8, 4]);
  });

  it('measures each channel by its own strength: a loud one that says nothing of the thing does not decide', () => {
    const loud = (map: FeatureMap, seed: number): FeatureMap => {
      const random = new Random(seed);
      const cells = map.cells.map((value, i) => (i % channels === 0 ? 1000 * random.normal() : value));
      return { ...map, cells };
    };
    const query = loud(laid(thing, noise(8, 8, 2), [4, 2]), 6);
    const target = loud(laid(thing, noise(10, 16, 3), [7, 9]), 7);

    const { box } = localise(query, { x: 2 / 8, y: 4 / 8, width: 4 / 8, height: 2 / 8 }, target);

    expect([box.x, box.y].map((at, axis) => Math.round(at * [16, 10][axis]!))).toEqual([9, 7]);
  });

  it('passes over a channel that says the same everywhere', () => {
    const dead = (map: FeatureMap): FeatureMap => ({
      ...map,
      cells: map.cells.map((value, i) => (i % channels === 0 ? 0 : value)),
    });
    const query = dead(laid(thing, noise(8, 8, 2), [4, 2]));

    const { score } = localise(query, { x: 2 / 8, y: 4 / 8, width: 4 / 8, height: 2 / 8 }, query);

    expect(score).toBeCloseTo(1);
  });

  it('is less sure where the region is not there', () => {
    const query = laid(thing, noise(8, 8, 2), [4, 2]);
    const region = { x: 2 / 8, y: 4 / 8, width: 4 / 8, height: 2 / 8 };

    expect(localise(query, region, noise(8, 8, 5)).score).toBeLessThan(localise(query, region, query).score - 0.1);
  });

  it('keeps its box inside, also for the whole of a larger map', () => {
    const { box } = localise(noise(8, 8, 2), { x: 0, y: 0, width: 1, height: 1 }, noise(4, 3, 4));

    expect(box.x + box.width).toBeLessThanOrEqual(1 + 1e-9);
    expect(box.y + box.height).toBeLessThanOrEqual(1 + 1e-9);
  });

  it('refuses maps of different networks', () => {
    const other = { ...noise(2, 2, 1), channels: 3, cells: new Float32Array(12) };

    expect(() => localise(thing, { x: 0, y: 0, width: 1, height: 1 }, other)).toThrow(/Expected a map of 6/);
  });
});
