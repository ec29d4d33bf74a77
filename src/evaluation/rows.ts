import type { Encoder } from '../encoder/encoder.js';

/** Embeddings or features, flat: row i is `values[i * dimension]` and the `dimension − 1` numbers after it. */
export interface Rows {
  readonly values: Float32Array;
  readonly dimension: number;
}

/** How many rows there are. Throws a RangeError where the numbers are no whole number of rows. */
export function countRows(rows: Rows): number {
  const count = rows.values.length / rows.dimension;
  if (!Number.isInteger(count))
    throw new RangeError(`Expected rows of ${rows.dimension} numbers, received ${rows.values.length} numbers.`);
  return count;
}

/** Rows of bytes as numbers from 0 to 255: raw pixels as features. All must have the same length. */
export function rowsOfBytes(samples: readonly Uint8Array[]): Rows {
  const dimension = samples[0]?.length ?? 1;
  const values = new Float32Array(samples.length * dimension);
  samples.forEach((sample, i) => {
    if (sample.length !== dimension)
      throw new RangeError(`Expected ${dimension} bytes, received ${sample.length} in sample ${i}.`);
    values.set(sample, i * dimension);
  });
  return { values, dimension };
}

/** The rows an encoder gives for samples, asked for in batches. Throws what the encoder throws. */
export async function rowsOfEncoder(encoder: Encoder, samples: readonly Uint8Array[], batch = 256): Promise<Rows> {
  const { dimension } = encoder;
  const values = new Float32Array(samples.length * dimension);
  for (let start = 0; start < samples.length; start += batch) {
    const vectors = await encoder.encode(samples.slice(start, start + batch));
    vectors.forEach((vector, i) => {
      values.set(vector, (start + i) * dimension);
    });
  }
  return { values, dimension };
}

/** A copy whose rows have length 1; a row of zeros stays as it is. */
export function unitRows(rows: Rows): Rows {
  const { dimension } = rows;
  const values = rows.values.slice();
  for (let start = 0; start < values.length; start += dimension) {
    let squares = 0;
    for (let k = start; k < start + dimension; k++) squares += values[k]! * values[k]!;
    if (squares === 0) continue;
    const scale = 1 / Math.sqrt(squares);
    for (let k = start; k < start + dimension; k++) values[k]! *= scale;
  }
  return { values, dimension };
}
