import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { norm, unit } from '../../src/core/vectors.js';
import { BASELINES, type BaselineName } from '../../src/evaluation/baselines.js';
import { countRows, rowsOfBytes } from '../../src/evaluation/rows.js';
import { rowAt } from './unit-sphere.js';

const names = Object.keys(BASELINES) as BaselineName[];

/** Pixels where a few directions carry most of the variance, as in pictures. */
function pictures(count: number, length: number, seed: number) {
  const random = new Random(seed);
  return rowsOfBytes(
    Array.from({ length: count }, () => {
      const [level, slope] = [random.between(60, 180), random.between(-60, 60)];
      return Uint8Array.from({ length }, (_, i) => level + slope * (i / length) + random.between(-20, 20));
    }),
  );
}

describe.each(names)('baseline %s', (name) => {
  const training = pictures(300, 24, 1);

  it('gives one finite unit row for each row of pixels', async () => {
    const rows = await BASELINES[name](training)(pictures(50, 24, 2));

    expect(countRows(rows)).toBe(50);
    for (let i = 0; i < 50; i++) expect(norm(rowAt(rows, i))).toBeCloseTo(1, 5);
  });

  it('does not change the pixels it is handed', async () => {
    const queries = pictures(10, 24, 3);
    const before = queries.values.slice();
    await BASELINES[name](training)(queries);
    expect(queries.values).toEqual(before);
  });

  it('gives the same row alone or among others', async () => {
    const transform = await BASELINES[name](training);
    const many = await transform(pictures(20, 24, 4));
    const one = await transform({ values: pictures(20, 24, 4).values.subarray(24 * 7, 24 * 8), dimension: 24 });
    rowAt(one, 0).forEach((value, k) => {
      expect(value).toBeCloseTo(rowAt(many, 7)[k]!, 5);
    });
  });
});

describe('baselines', () => {
  it('raw pixels are the pixels at unit length, and centred ones lose the mean of their picture', async () => {
    const rows = rowsOfBytes([Uint8Array.from([1, 2, 3, 6])]);
    expect(rowAt(await BASELINES.pixels(rows)(rows), 0)).toEqual([...unit([1, 2, 3, 6])]);
    expect(rowAt(await BASELINES['centred-pixels'](rows)(rows), 0)).toEqual([...unit([-2, -1, 0, 3])]);
  });

  it('half-whitened pixels do not change with the brightness of a picture', async () => {
    const training = pictures(300, 24, 1);
    const transform = BASELINES['pixels-half-whitened'](training);
    const dark = rowsOfBytes([Uint8Array.from({ length: 24 }, (_, i) => (i * 7) % 50)]);
    const light = rowsOfBytes([Uint8Array.from({ length: 24 }, (_, i) => 100 + ((i * 7) % 50))]);
    const [a, b] = [rowAt(await transform(dark), 0), rowAt(await transform(light), 0)];
    a.forEach((value, k) => {
      expect(value).toBeCloseTo(b[k]!, 4);
    });
  });

  it('whitened training pixels vary equally along every axis that varies, plain ones do not', async () => {
    const training = pictures(2000, 12, 9);
    const spread = (values: Float32Array, k: number) => {
      let [sum, squares] = [0, 0];
      for (let at = k; at < values.length; at += 12) {
        sum += values[at]!;
        squares += values[at]! ** 2;
      }
      return squares / 2000 - (sum / 2000) ** 2;
    };
    const ratio = (values: Float32Array) => {
      const spreads = Array.from({ length: 11 }, (_, k) => spread(values, k));
      return Math.max(...spreads) / Math.min(...spreads);
    };
    expect(ratio((await BASELINES['whitened-pixels'](training)(training)).values)).toBeLessThan(2);
    expect(ratio((await BASELINES['pca-64'](training)(training)).values)).toBeGreaterThan(5);
  });

  it('PCA keeps 64 numbers of more', async () => {
    const training = pictures(200, 100, 5);
    expect((await BASELINES['pca-64'](training)(training)).dimension).toBe(64);
    expect((await BASELINES['pca-64'](pictures(200, 30, 5))(pictures(3, 30, 6))).dimension).toBe(30);
  });

  it('refuse pictures of different sizes', () => {
    expect(() => rowsOfBytes([new Uint8Array(4), new Uint8Array(5)])).toThrow('Expected 4 bytes, received 5');
  });
});
