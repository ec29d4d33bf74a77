import { add, logSumExp, matMul, mean, mul, type Scalar, sub, sum } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { unitRows } from '../../tensor/operations.js';
import type { Loss } from './loss.js';
import { pairMasks } from './pair-masks.js';

export const DclOptions = z.strictObject({
  temperature: z.number().min(0.01).max(10).default(0.2),
});

/** Added to what does not count: its exp is 0. */
const NEVER = -1e9;

/**
 * The decoupled contrastive loss: NT-Xent without the other view in the denominator, where it slows learning from small
 * batches. Yeh et al. 2022, "Decoupled Contrastive Learning", eq. 6. arXiv:2110.06848
 *
 *   l(i) = −s(i, i') / t + log( sum over k of other samples of exp(s(i, k) / t) )     s = cosine, t = temperature
 */
export function dcl({ temperature }: z.output<typeof DclOptions>): Loss {
  return (projections) => {
    const unit = unitRows(projections); // [2N, P]
    const logits = mul(matMul(unit, unit, false, true), 1 / temperature); // [2N, 2N]
    const { partners, others } = pairMasks(projections.shape[0]);
    const near = sum(mul(logits, partners), 1);
    const far = logSumExp(add(logits, mul(sub(1, others), NEVER)), 1);
    return mean(sub(far, near)) as Scalar;
  };
}
