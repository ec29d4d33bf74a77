import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import type { FeatureMap } from '../../src/encoder/encoder.js';
import { sharedPlaces, standingOut } from '../../src/encoder/shared-places.js';

const noise = (height: number, width: number, seed: number, channels = 6): FeatureMap => {
  const random = new Random(seed);
  return {
    height,
    width,
    channels,
    cells: Float32Array.from({ length: height * width * channels }, () => 5 + random.normal()),
  };
};
/** A copy of `into` with the cells of `from` laid in at [y, x]. */
function laid(from: FeatureMap, into: FeatureMap, [y, x]: readonly [number, number]): FeatureMap {
  const cells = into.cells.slice();
  for (let row = 0; row < from.height; row++)
    cells.set(
      from.cells.subarray(row * from.width * from.channels, (row + 1) * from.width * from.channels),
      ((y + row) * into.width + x) * into.channels,
    );
  return { ...into, cells };
}
const inside = (
  at: number,
  columns: number,
  [y, x]: readonly [number, number],
  [height, width]: readonly [number, number],
) => {
  const [row, column] = [Math.floor(at / columns), at % columns];
  return row >= y && row < y + height && column >= x && column < x + width;
};

describe('shared places', () => {
  const thing = noise(2, 3, 1);

  it('are where one thing lies in both maps, of whatever sizes, and nowhere else', () => {
    const grids = sharedPlaces([laid(thing, noise(8, 7, 2, 6), [5, 1]), laid(thing, noise(6, 9, 3, 6), [0, 6])]);

    expect(grids.map(({ rows, columns }) => [rows, columns])).toEqual([
      [8, 7],
      [6, 9],
    ]);
    for (const [{ values, columns }, place] of [
      [grids[0], [5, 1]],
      [grids[1], [0, 6]],
    ] as const)
      for (const [at, value] of values.entries())
        if (inside(at, columns, place, [2, 3])) expect(value).toBeCloseTo(1, 5);
        else expect(value).toBeLessThan(0.95);
  });

  it('have the similarity of the best pair of windows: known by hand', () => {
    // Around a mean of 0: east, north, west and south.
    const one: FeatureMap = { height: 1, width: 2, channels: 2, cells: Float32Array.of(1, 0, -1, 0) };
    const other: FeatureMap = { height: 1, width: 2, channels: 2, cells: Float32Array.of(3, 3, -3, -3) };

    const [from, to] = sharedPlaces([one, other]);

    expect([...from.values, ...to.values].map((value) => value.toFixed(4))).toEqual(Array(4).fill('0.7071'));
  });

  it('stand out as heat from what is alike as usual; all is hot in one picture twice, little without a match', () => {
    const [one, other] = [laid(thing, noise(8, 8, 2), [5, 1]), laid(thing, noise(8, 8, 3), [0, 5])];
    const [found] = standingOut(sharedPlaces([one, other]));
    const [same] = standingOut(sharedPlaces([one, one]));
    const [vague] = standingOut(
      sharedPlaces([one, other]).map((grid) => ({ ...grid, values: grid.values.map((value) => 0.1 * value) })) as never,
    );

    expect(Math.max(...found.values)).toBeCloseTo(1, 5);
    expect(found.values.filter((value) => value === 0).length).toBeGreaterThanOrEqual(32);
    expect(Math.min(...same.values)).toBeCloseTo(1, 4);
    expect(Math.max(...vague.values)).toBeLessThan(0.5);
  });

  it('are looked for in coarser maps where they are large, and found there too', () => {
    const large = noise(20, 20, 1, 64);
    const grids = sharedPlaces([
      laid(large, noise(64, 64, 2, 64), [40, 8]),
      laid(large, noise(64, 64, 3, 64), [4, 36]),
    ]);

    for (const [{ rows, columns, values }, [y, x]] of [
      [grids[0], [40, 8]],
      [grids[1], [4, 36]],
    ] as const) {
      expect(rows).toBeLessThanOrEqual(32);
      const hottest = values.indexOf(Math.max(...values));
      const [row, column] = [(Math.floor(hottest / columns) * 64) / rows, ((hottest % columns) * 64) / columns];
      expect(row).toBeGreaterThanOrEqual(y - 4);
      expect(row).toBeLessThan(y + 20);
      expect(column).toBeGreaterThanOrEqual(x - 4);
      expect(column).toBeLessThan(x + 20);
    }
  });

  it('are refused of maps of different networks', () => {
    expect(() => sharedPlaces([thing, noise(2, 2, 1, 3)])).toThrow(/Expected a map of 6/);
  });
});
