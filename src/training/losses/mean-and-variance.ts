import { mean, square, sub, type Tensor2D } from '@tensorflow/tfjs-core';

/** Mean and (biased) variance `[1, P]` of each dimension over the rows `[N, P]`. */
export function meanAndVariance(rows: Tensor2D): { readonly mean: Tensor2D; readonly variance: Tensor2D } {
  const middle = mean(rows, 0, true) as Tensor2D;
  return { mean: middle, variance: mean(square(sub(rows, middle)), 0, true) as Tensor2D };
}
