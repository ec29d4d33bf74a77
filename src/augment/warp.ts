import type { PlaneShape } from './view.js';

/** Where the colour of a pixel is taken from: columns and rows, in pixels, may be fractional, of `[height, width]`. */
export interface Sources {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** Bilinear resampling of every pixel from anywhere, in place; beyond the edge the edge goes on. */
export function createWarp({ channels, height, width }: PlaneShape) {
  const size = height * width;
  const plane = new Float32Array(size);
  const corner = new Int32Array(size);
  const [right, down] = [new Int32Array(size), new Int32Array(size)];
  const [across, below] = [new Float32Array(size), new Float32Array(size)];
  return (planes: Float32Array, { x, y }: Sources): void => {
    for (let i = 0; i < size; i++) {
      const column = Math.min(Math.max(x[i]!, 0), width - 1);
      const row = Math.min(Math.max(y[i]!, 0), height - 1);
      const [left, top] = [Math.floor(column), Math.floor(row)];
      corner[i] = top * width + left;
      right[i] = left + 1 < width ? 1 : 0;
      down[i] = top + 1 < height ? width : 0;
      across[i] = column - left;
      below[i] = row - top;
    }
    for (let c = 0; c < channels; c++) {
      const from = c * size;
      plane.set(planes.subarray(from, from + size));
      for (let i = 0; i < size; i++) {
        const at = corner[i]!;
        const [a, b] = [plane[at]!, plane[at + right[i]!]!];
        const [d, e] = [plane[at + down[i]!]!, plane[at + down[i]! + right[i]!]!];
        const upper = a + (b - a) * across[i]!;
        const lower = d + (e - d) * across[i]!;
        planes[from + i] = upper + (lower - upper) * below[i]!;
      }
    }
  };
}
