import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { norm, unit } from '../../src/core/vectors.js';
import { type Whitening, whiten } from '../../src/encoder/whitening.js';
import { pca } from '../../src/evaluation/pca.js';
import { fitWhitening } from '../../src/training/fit-whitening.js';

/** Unit rows that lean one way and vary much more along some axes than along others. */
function leaningRows(count: number, dimension: number): Float32Array {
  const random = new Random(7);
  const rows = Array.from({ length: count }, () =>
    unit(Float32Array.from({ length: dimension }, (_, k) => (k === 0 ? 3 : 0) + random.normal() / (k + 1))),
  );
  return Float32Array.from(rows.flatMap((row) => [...row]));
}

describe('fitWhitening', () => {
  const rows = leaningRows(3000, 6);
  const linear = async (power: number): Promise<Float32Array> => {
    const { mean, matrix } = await fitWhitening(rows, 6, power);
    const out = new Float32Array(rows.length);
    for (let start = 0; start < rows.length; start += 6)
      for (let j = 0; j < 6; j++) {
        let sum = 0;
        for (let i = 0; i < 6; i++) sum += (rows[start + i]! - mean[i]!) * matrix[i * 6 + j]!;
        out[start + j] = sum;
      }
    return out;
  };

  it('divides variances by themselves and the floor at power 1', async () => {
    const before = (await pca(rows, 6)).eigenvalues;
    const after = (await pca(await linear(1), 6)).eigenvalues;

    // The floor of six axes is the variance of the third.
    for (const k of [0, 2, 5]) expect(after[k]!).toBeCloseTo(before[k]! / (before[k]! + before[2]!), 2);
  });

  it('divides them by the root of that at power 0.5', async () => {
    const before = (await pca(rows, 6)).eigenvalues;
    const after = (await pca(await linear(0.5), 6)).eigenvalues;

    for (const k of [0, 2, 5]) expect(after[k]!).toBeCloseTo(before[k]! / Math.sqrt(before[k]! + before[2]!), 2);
  });

  it('keeps the axes with the most variance where fewer are asked for, and all where more are', async () => {
    const [all, three, more] = [
      await fitWhitening(rows, 6, 0.5),
      await fitWhitening(rows, 6, 0.5, { axes: 3 }),
      await fitWhitening(rows, 6, 0.5, { axes: 9 }),
    ];
    /** Column k, the sign of an axis being chance. */
    const column = ({ matrix }: Whitening, k: number) => {
      const found = Array.from({ length: 6 }, (_, i) => matrix[(i * matrix.length) / 6 + k]!);
      return found[0]! < 0 ? found.map((value) => -value) : found;
    };

    for (const k of [0, 1, 2])
      column(three, k).forEach((value, i) => {
        expect(value).toBeCloseTo(column(all, k)[i]!, 4);
      });
    expect(more).toEqual(all);
    const out = whiten(rows, three);
    expect(out.length).toBe(rows.length / 2);
    expect(norm(out.subarray(3, 6))).toBeCloseTo(1, 5);
  });

  it('turns and stretches nothing at power 0: distances are those of the centred rows', async () => {
    const turned = await linear(0);
    const { mean } = await fitWhitening(rows, 6, 0);
    const length = (from: Float32Array, less?: Float32Array) =>
      norm(from.subarray(60, 66).map((value, i) => value - (less?.[i] ?? 0)));

    expect(length(turned)).toBeCloseTo(length(rows, mean), 4);
  });

  it('gives unit rows', async () => {
    const out = whiten(rows, await fitWhitening(rows, 6, 1));

    for (let start = 0; start < 600; start += 6) expect(norm(out.subarray(start, start + 6))).toBeCloseTo(1, 5);
  });

  it('stays finite where there are fewer rows than dimensions, or only one row', async () => {
    for (const count of [1, 3])
      expect(
        whiten(rows.subarray(0, 6 * count), await fitWhitening(rows.subarray(0, 6 * count), 6, 1)).every(
          Number.isFinite,
        ),
      ).toBe(true);
  });
});
