import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { pca } from '../../src/evaluation/pca.js';
import { symmetricEigen } from '../../src/evaluation/symmetric-eigen.js';

const symmetric = (size: number, random: Random): Float64Array => {
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = i; j < size; j++) matrix[i * size + j] = matrix[j * size + i] = random.normal();
  return matrix;
};

/** Cyclic Jacobi: turns each pair of coordinates until nothing is left beside the diagonal. Slow, and there to be believed. */
function eigenvaluesByJacobi(matrix: Float64Array, size: number): number[] {
  const a = matrix.slice();
  for (let sweep = 0; sweep < 60; sweep++)
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++) {
        const angle = 0.5 * Math.atan2(2 * a[p * size + q]!, a[q * size + q]! - a[p * size + p]!);
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        for (let k = 0; k < size; k++) {
          const [x, y] = [a[p * size + k]!, a[q * size + k]!];
          a[p * size + k] = c * x - s * y;
          a[q * size + k] = s * x + c * y;
        }
        for (let k = 0; k < size; k++) {
          const [x, y] = [a[k * size + p]!, a[k * size + q]!];
          a[k * size + p] = c * x - s * y;
          a[k * size + q] = s * x + c * y;
        }
      }
  return Array.from({ length: size }, (_, i) => a[i * size + i]!).sort((x, y) => y - x);
}

describe('symmetricEigen', () => {
  it('gives 3 and 1 for the matrix [[2, 1], [1, 2]]', () => {
    const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2);

    expect(values[0]).toBeCloseTo(3, 12);
    expect(values[1]).toBeCloseTo(1, 12);
    expect(Math.abs(vectors[0]! + vectors[1]!)).toBeCloseTo(Math.SQRT2, 12);
    expect(vectors[2]! + vectors[3]!).toBeCloseTo(0, 12);
  });

  it.each([1, 2, 3, 7, 24])('agrees with Jacobi rotations at size %d', (size) => {
    const matrix = symmetric(size, new Random(size));

    const { values } = symmetricEigen(matrix, size);

    eigenvaluesByJacobi(matrix, size).forEach((value, k) => {
      expect(values[k]).toBeCloseTo(value, 9);
    });
  });

  it('finds vectors that the matrix only stretches, and that are orthonormal, at size 120', () => {
    const size = 120;
    const matrix = symmetric(size, new Random(5));

    const { values, vectors } = symmetricEigen(matrix, size);

    let worst = 0;
    for (let k = 0; k < size; k++) {
      for (let i = 0; i < size; i++) {
        let stretched = 0;
        for (let j = 0; j < size; j++) stretched += matrix[i * size + j]! * vectors[k * size + j]!;
        worst = Math.max(worst, Math.abs(stretched - values[k]! * vectors[k * size + i]!));
      }
      for (let l = 0; l <= k; l++) {
        let product = 0;
        for (let j = 0; j < size; j++) product += vectors[k * size + j]! * vectors[l * size + j]!;
        worst = Math.max(worst, Math.abs(product - (k === l ? 1 : 0)));
      }
    }
    expect(worst).toBeLessThan(1e-10);
  });

  it.each([
    ['zeros', new Float64Array(9), [0, 0, 0]],
    ['a diagonal', Float64Array.of(1, 0, 0, 0, 5, 0, 0, 0, 3), [5, 3, 1]],
    ['ones, of rank 1', new Float64Array(9).fill(1), [3, 0, 0]],
  ])('copes with %s', (_name, matrix, expected) => {
    const { values } = symmetricEigen(matrix, 3);

    expected.forEach((value, k) => {
      expect(values[k]).toBeCloseTo(value, 12);
    });
  });

  it('says so instead of looping where a number is not finite', () => {
    expect(() => symmetricEigen(Float64Array.of(Number.NaN, 1, 1, 1), 2)).toThrow(/finite/);
  });
});

describe('pca', () => {
  it('finds the long axis of a stretched cloud, and its variances', async () => {
    const random = new Random(1);
    const rows = Float32Array.from({ length: 4000 }, () => 0);
    for (let i = 0; i < 2000; i++) {
      const [long, short] = [3 * random.normal(), 0.5 * random.normal()];
      rows[2 * i] = 10 + 0.6 * long - 0.8 * short;
      rows[2 * i + 1] = -4 + 0.8 * long + 0.6 * short;
    }

    const { mean, components, eigenvalues } = await pca(rows, 2);

    expect(mean[0]).toBeCloseTo(10, 0);
    expect(mean[1]).toBeCloseTo(-4, 0);
    expect(Math.abs(components[0]! * 0.6 + components[1]! * 0.8)).toBeGreaterThan(0.999);
    expect(eigenvalues[0]).toBeGreaterThan(8);
    expect(eigenvalues[0]).toBeLessThan(10);
    expect(eigenvalues[1]).toBeCloseTo(0.25, 1);
  });

  it('gives coordinates whose covariance is the eigenvalues and nothing beside them', async () => {
    const random = new Random(2);
    const rows = Float32Array.from({ length: 37 * 6 }, () => random.normal());

    const { mean, components, eigenvalues } = await pca(rows, 6);

    const coordinate = (row: number, k: number): number => {
      let sum = 0;
      for (let j = 0; j < 6; j++) sum += (rows[row * 6 + j]! - mean[j]!) * components[k * 6 + j]!;
      return sum;
    };
    for (let k = 0; k < 6; k++)
      for (let l = 0; l < 6; l++) {
        let sum = 0;
        for (let row = 0; row < 37; row++) sum += coordinate(row, k) * coordinate(row, l);
        expect(sum / 37).toBeCloseTo(k === l ? eigenvalues[k]! : 0, 5);
      }
  });

  it.each([
    [1, 9],
    [2, 9],
    [8, 16],
    [20, 90],
  ])(
    'gives %d rows of %d dimensions the axes that their covariance has, and completes the basis',
    async (count, dimension) => {
      const random = new Random(count);
      const rows = Float32Array.from({ length: count * dimension }, () => random.normal());
      if (count === 20) rows.copyWithin(dimension, 0, dimension); // two rows that are equal

      const { mean, components, eigenvalues } = await pca(rows, dimension);
      const centred = Float64Array.from(rows, (value, at) => value - mean[at % dimension]!);
      const covariance = Float64Array.from({ length: dimension ** 2 }, (_, at) => {
        const [i, j] = [Math.floor(at / dimension), at % dimension];
        let sum = 0;
        for (let row = 0; row < count; row++) sum += centred[row * dimension + i]! * centred[row * dimension + j]!;
        return sum / count;
      });

      symmetricEigen(covariance, dimension).values.forEach((value, k) => {
        expect(eigenvalues[k]).toBeCloseTo(value, 5);
      });
      let worst = 0;
      const axis = (k: number) => components.subarray(k * dimension, (k + 1) * dimension);
      const product = (a: ArrayLike<number>, b: ArrayLike<number>) =>
        Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);
      for (let k = 0; k < dimension; k++) {
        for (let l = 0; l <= k; l++) worst = Math.max(worst, Math.abs(product(axis(k), axis(l)) - (k === l ? 1 : 0)));
        for (let i = 0; i < dimension; i++) {
          const stretched = product(covariance.subarray(i * dimension, (i + 1) * dimension), axis(k));
          worst = Math.max(worst, Math.abs(stretched - eigenvalues[k]! * axis(k)[i]!));
        }
      }
      expect(worst).toBeLessThan(1e-5);
    },
  );

  it('leaves no variance below zero where there are fewer rows than dimensions', async () => {
    const { eigenvalues } = await pca(Float32Array.of(1, 2, 3, 2, 4, 9), 3);

    expect(eigenvalues.every((value) => value >= 0)).toBe(true);
    expect(eigenvalues[1]).toBeCloseTo(0, 6);
  });

  it('adds up the products of more rows than are multiplied at once', async () => {
    const [count, dimension] = [9000, 3];
    const random = new Random(6);
    const rows = Float32Array.from(
      { length: count * dimension },
      (_, at) => 5 + random.normal() / (1 + (at % dimension)),
    );

    const { mean, components, eigenvalues } = await pca(rows, dimension);

    const along = (axis: number) => {
      let sum = 0;
      for (let row = 0; row < count; row++) {
        let coordinate = 0;
        for (let j = 0; j < dimension; j++)
          coordinate += (rows[row * dimension + j]! - mean[j]!) * components[axis * dimension + j]!;
        sum += coordinate ** 2;
      }
      return sum / count;
    };
    for (let axis = 0; axis < dimension; axis++) expect(eigenvalues[axis]! / along(axis)).toBeCloseTo(1, 5);
  });

  it('refuses rows that do not divide', async () => {
    await expect(pca(new Float32Array(7), 2)).rejects.toThrow(/Expected one or more rows of 2/);
    await expect(pca(new Float32Array(0), 2)).rejects.toThrow(RangeError);
  });
});
