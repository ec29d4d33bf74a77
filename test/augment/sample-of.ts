import { Random } from '../../src/core/random.js';

/** A seeded sample of noise, `[height, width, channels]` bytes. */
export function sampleOf(shape: readonly number[], seed = 1): Uint8Array {
  const random = new Random(seed);
  return Uint8Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => random.int(256));
}

/** Planes of noise in [0, 1]. */
export function planesOf(length: number, seed = 1): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length }, () => random.next());
}
