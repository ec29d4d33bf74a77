import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { dot } from '../../src/core/vectors.js';
import { leadingAxes } from '../../src/evaluation/leading-axes.js';
import { symmetricEigen } from '../../src/evaluation/symmetric-eigen.js';

/** Of rows whose k-th direction, of a random basis, has variance 1 / k². */
function fallingCovariance(size: number, rank = size): Float64Array {
  const random = new Random(size);
  const symmetric = Float64Array.from({ length: size * size }, () => random.normal());
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) symmetric[i * size + j] = symmetric[j * size + i]!;
  const { vectors } = symmetricEigen(symmetric, size);
  const matrix = new Float64Array(size * size);
  for (let k = 0; k < rank; k++) {
    const axis = vectors.subarray(k * size, (k + 1) * size);
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) matrix[i * size + j]! += (axis[i]! * axis[j]!) / (k + 1) ** 2;
  }
  return matrix;
}

/** Largest distance of the products of all rows from those of orthonormal ones. */
function unevenness(vectors: Float64Array, size: number): number {
  const row = (k: number) => vectors.subarray(k * size, (k + 1) * size);
  let worst = 0;
  for (let k = 0; k < vectors.length / size; k++)
    for (let l = 0; l <= k; l++) worst = Math.max(worst, Math.abs(dot(row(k), row(l)) - (k === l ? 1 : 0)));
  return worst;
}

describe('leadingAxes', () => {
  it('finds the largest eigenvalues and their axes, as the whole solve does', async () => {
    const [size, count] = [300, 90];
    const matrix = fallingCovariance(size);
    const exact = symmetricEigen(matrix, size);

    const { values, vectors } = await leadingAxes(matrix, size, count);

    expect(values.length).toBe(count);
    for (let k = 0; k < count; k++) expect(values[k]! / exact.values[k]!).toBeCloseTo(1, 2);
    for (let k = 0; k < 20; k++) {
      const alike = dot(vectors.subarray(k * size, (k + 1) * size), exact.vectors.subarray(k * size, (k + 1) * size));
      expect(Math.abs(alike)).toBeGreaterThan(0.999);
    }
    expect(unevenness(vectors, size)).toBeLessThan(1e-5);
  });

  it('completes the basis where fewer directions vary than are asked for', async () => {
    const { values, vectors } = await leadingAxes(fallingCovariance(200, 5), 200, 80);

    expect(values[4]).toBeCloseTo(1 / 25, 5);
    for (let k = 5; k < 80; k++) expect(Math.abs(values[k]!)).toBeLessThan(1e-6);
    expect(unevenness(vectors, 200)).toBeLessThan(1e-5);
  });

  it('finds no variance where there is none', async () => {
    const { values, vectors } = await leadingAxes(new Float64Array(100), 10, 3);

    expect([...values]).toEqual([0, 0, 0]);
    expect(vectors.every(Number.isFinite)).toBe(true);
  });

  it('gives the same numbers each time', async () => {
    const matrix = fallingCovariance(60);

    expect(await leadingAxes(matrix, 60, 10)).toEqual(await leadingAxes(matrix, 60, 10));
  });

  it('lets the event loop have its turn, and stops when told to', async () => {
    const stop = new AbortController();
    setImmediate(() => stop.abort());

    await expect(leadingAxes(fallingCovariance(300), 300, 100, stop.signal)).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });
});
