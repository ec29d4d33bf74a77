/** A linear map fitted on embeddings: out = unit( (in − mean) · matrix ). */
export interface Whitening {
  /** D, numbers of a row that goes in. */
  readonly dimension: number;
  /** `[D]` */
  readonly mean: Float32Array;
  /** `[D, K]`, row by row: row i is what input i adds to each output. K is D, or fewer. */
  readonly matrix: Float32Array;
}

/** K, numbers of a row that comes out. */
export const axesOf = ({ dimension, matrix }: Whitening): number => matrix.length / dimension;

/** Unit rows in, unit rows out, one after another. The twin of what is folded into the exported graph. */
export function whiten(rows: Float32Array, whitening: Whitening): Float32Array {
  const { dimension, mean, matrix } = whitening;
  const axes = axesOf(whitening);
  const count = rows.length / dimension;
  const out = new Float32Array(count * axes);
  for (let row = 0; row < count; row++) {
    const sums = new Float64Array(axes);
    for (let i = 0; i < dimension; i++) {
      const value = rows[row * dimension + i]! - mean[i]!;
      const from = i * axes;
      for (let j = 0; j < axes; j++) sums[j]! += value * matrix[from + j]!;
    }
    let square = 0;
    for (const value of sums) square += value * value;
    const scale = square > 0 ? 1 / Math.sqrt(square) : 1;
    for (let j = 0; j < axes; j++) out[row * axes + j] = sums[j]! * scale;
  }
  return out;
}
