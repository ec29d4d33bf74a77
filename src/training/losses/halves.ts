import { slice, type Tensor2D } from '@tensorflow/tfjs-core';

/** `[2N, P]` as the rows of the first views and those of the second. */
export function halves(rows: Tensor2D): [Tensor2D, Tensor2D] {
  const [count, width] = rows.shape;
  const half = count / 2;
  return [slice(rows, [0, 0], [half, width]), slice(rows, [half, 0], [half, width])];
}
