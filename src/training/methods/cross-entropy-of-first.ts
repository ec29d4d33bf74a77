import { concat, mul, oneHot, type Scalar, type Tensor2D, tensor1d, zeros } from '@tensorflow/tfjs-core';
import { maskedCrossEntropy } from '../../tensor/operations.js';

/**
 * −log of the share that the right candidate has among all: mean over the rows.
 * @param right [N, 1] similarities to the right candidate
 * @param wrong [N, K] similarities to the others
 */
export function crossEntropyOfFirst(right: Tensor2D, wrong: Tensor2D, temperature: number): Scalar {
  const logits = mul(concat([right, wrong], 1), 1 / temperature) as Tensor2D;
  const [rows, columns] = logits.shape;
  const first = oneHot(tensor1d(new Int32Array(rows), 'int32'), columns);
  return maskedCrossEntropy(logits, zeros([rows, columns]), first);
}
