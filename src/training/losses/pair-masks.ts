import { cast, eye, oneHot, sub, type Tensor2D, tensor1d } from '@tensorflow/tfjs-core';

/**
 * Which rows of `[2N, P]` projections belong together, as two masks `[2N, 2N]` of 0 and 1: `partners` has the other view
 * of each row, `others` all rows of other samples.
 */
export function pairMasks(rows: number): { readonly partners: Tensor2D; readonly others: Tensor2D } {
  const other = Int32Array.from({ length: rows }, (_, i) => (i + rows / 2) % rows);
  const partners = cast(oneHot(tensor1d(other, 'int32'), rows), 'float32') as Tensor2D;
  return { partners, others: sub(sub(1, eye(rows)), partners) as Tensor2D };
}
