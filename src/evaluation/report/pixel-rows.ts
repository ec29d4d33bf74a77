import { type Rows, rowsOfBytes } from '../rows.js';

/** Side at which pixels are compared, as `kindred evaluate` does: at more their principal axes take minutes. */
const PIXEL_SIDE = 16;

/** Samples as rows of pixels, made smaller by averaging where they have more than 16 a side. */
export function pixelRows(samples: readonly Uint8Array[], shape: readonly number[]): Rows {
  return rowsOfBytes(samples.map((sample) => shrunk(sample, shape)));
}

/** Mean of the pixels that fall into each cell of a 16 × 16 grid. */
function shrunk(sample: Uint8Array, [height = 1, width = 1, channels = 1]: readonly number[]): Uint8Array {
  const [rows, columns] = [Math.min(height, PIXEL_SIDE), Math.min(width, PIXEL_SIDE)];
  if (rows === height && columns === width) return sample;
  const sums = new Float64Array(rows * columns * channels);
  const counts = new Float64Array(sums.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const cell = Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width);
      for (let c = 0; c < channels; c++) {
        sums[cell * channels + c]! += sample[(y * width + x) * channels + c]!;
        counts[cell * channels + c]!++;
      }
    }
  }
  return Uint8Array.from(sums, (sum, i) => Math.round(sum / counts[i]!));
}
