/** A linear map fitted on embeddings: out = unit( (in − mean) · matrix ). */
export interface Whitening {
  readonly dimension: number;
  /** `[D]` */
  readonly mean: Float32Array;
  /** `[D, D]`, row by row: row i is what input i adds to each output. */
  readonly matrix: Float32Array;
}

/** Unit rows in, unit rows out, one after another. The twin of what is folded into the exported graph. */
export function whiten(rows: Float32Array, { dimension, mean, matrix }: Whitening): Float32Array {
  const out = new Float32Array(rows.length);
  for (let start = 0; start < rows.length; start += dimension) {
    const sums = new Float64Array(dimension);
    for (let i = 0; i < dimension; i++) {
      const value = rows[start + i]! - mean[i]!;
      const from = i * dimension;
      for (let j = 0; j < dimension; j++) sums[j]! += value * matrix[from + j]!;
    }
    let square = 0;
    for (const value of sums) square += value * value;
    const scale = square > 0 ? 1 / Math.sqrt(square) : 1;
    for (let j = 0; j < dimension; j++) out[start + j] = sums[j]! * scale;
  }
  return out;
}
