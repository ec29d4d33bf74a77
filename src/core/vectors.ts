/** A vector as callers may hand it over; inside, vectors are always `Float32Array`. */
export type Vector = Float32Array;

/** Sum of products, in float64. Both must have the same length. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Euclidean length. */
export function norm(vector: ArrayLike<number>): number {
  return Math.sqrt(dot(vector, vector));
}

/** The vector scaled to length 1; a vector of zeros stays as it is. */
export function unit(vector: ArrayLike<number>): Vector {
  const length = norm(vector);
  const scale = length > 0 ? 1 / length : 1;
  const out = new Float32Array(vector.length);
  for (let i = 0; i < out.length; i++) out[i] = vector[i]! * scale;
  return out;
}

/** Cosine similarity, clamped to [−1, 1]: rounding may carry the dot product of two unit vectors past 1. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const lengths = norm(a) * norm(b);
  return lengths > 0 ? clampSimilarity(dot(a, b) / lengths) : 0;
}

/** Keeps a similarity within its range. */
export function clampSimilarity(similarity: number): number {
  return Math.max(-1, Math.min(1, similarity));
}

/** Whether every number is finite: a NaN in an index poisons its neighbours silently. */
export function isFiniteVector(vector: ArrayLike<number>): boolean {
  for (let i = 0; i < vector.length; i++) if (!Number.isFinite(vector[i])) return false;
  return true;
}

/** The bytes of a vector as the catalogue stores them: little-endian float32. */
export function vectorToBytes(vector: Vector): Buffer {
  return Buffer.from(vector.buffer.slice(vector.byteOffset, vector.byteOffset + vector.byteLength));
}

/** Reads what `vectorToBytes` wrote, into memory of its own. Throws a RangeError where the length is no multiple of 4. */
export function vectorFromBytes(bytes: Uint8Array): Vector {
  if (bytes.byteLength % 4 !== 0)
    throw new RangeError(`A stored vector has ${bytes.byteLength} bytes, no multiple of 4.`);
  const copy = bytes.slice();
  return new Float32Array(copy.buffer, copy.byteOffset, copy.byteLength / 4);
}

/** Compares ids by their UTF-8 bytes, the order in which ties stand in every answer. */
export function byteOrder(a: string, b: string): number {
  if (a === b) return 0;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
