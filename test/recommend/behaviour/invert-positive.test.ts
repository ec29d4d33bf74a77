import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.js';
import { invertPositive } from '../../../src/recommend/behaviour/invert-positive.js';

/** A Aᵀ / size + 0.1 · 1, full. */
function positive(size: number): Float64Array {
  const random = new Random(size);
  const a = Float64Array.from({ length: size * size }, () => random.normal());
  return Float64Array.from({ length: size * size }, (_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    let sum = i === j ? 0.1 : 0;
    for (let k = 0; k < size; k++) sum += (a[i * size + k]! * a[j * size + k]!) / size;
    return sum;
  });
}

describe('inverting a positive definite matrix', () => {
  it.each([1, 2, 5, 47, 48, 49, 97, 131])('of side %d gives what multiplies it to 1', async (size) => {
    const matrix = positive(size);
    const inverse = matrix.slice();
    await invertPositive(inverse, size);

    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        let sum = 0;
        for (let k = 0; k < size; k++) sum += matrix[i * size + k]! * inverse[k * size + j]!;
        expect(Math.abs(sum - (i === j ? 1 : 0))).toBeLessThan(1e-9);
      }
    }
  });

  it('refuses a matrix that is none, and stops when told to', async () => {
    await expect(invertPositive(Float64Array.of(1, 2, 2, 1), 2)).rejects.toThrow(/not positive definite/);
    await expect(invertPositive(positive(60), 60, AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
