import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  byteOrder,
  cosine,
  isFiniteVector,
  norm,
  unit,
  vectorFromBytes,
  vectorToBytes,
} from '../../src/core/vectors.js';

describe('vectors', () => {
  it('scales to length one, and leaves zeros alone', () => {
    expect(norm(unit([3, 4]))).toBeCloseTo(1, 6);
    expect([...unit([0, 0])]).toEqual([0, 0]);
  });

  it('never finds a similarity outside of [−1, 1]', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e3, max: 1e3 }), { minLength: 1 }),
        (v) => {
          expect(Math.abs(cosine(v, v))).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('comes back from bytes as it went in, from any offset', () => {
    const vector = Float32Array.from([1.5, -2, 3e-9]);
    const shifted = new Uint8Array(13);
    shifted.set(vectorToBytes(vector), 1);

    expect(vectorFromBytes(shifted.subarray(1))).toEqual(vector);
    expect(() => vectorFromBytes(new Uint8Array(5))).toThrow(RangeError);
  });

  it('sees numbers that are not finite', () => {
    expect(isFiniteVector([1, Number.NaN])).toBe(false);
    expect(isFiniteVector([1, Number.POSITIVE_INFINITY])).toBe(false);
    expect(isFiniteVector([1, 2])).toBe(true);
  });

  it('orders ids by bytes, not by UTF-16 units', () => {
    expect(['😀', '\uffff', 'b', 'a'].sort(byteOrder)).toEqual(['a', 'b', '\uffff', '😀']);
  });
});
