import { eye, matMul, mul, type Tensor2D } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { maskedCrossEntropy, unitRows } from '../../tensor/operations.js';
import type { Loss } from './loss.js';
import { pairMasks } from './pair-masks.js';

export const NtXentOptions = z.strictObject({
  temperature: z.number().min(0.01).max(10).default(0.2),
});

/** Added to the similarity of a row with itself: small enough that its exp is 0, finite so that 0 times it is 0. */
const NEVER = -1e9;

/**
 * NT-Xent: pull the two views of one sample together, push every other row away.
 * Chen et al. 2020, "A Simple Framework for Contrastive Learning", eq. 1. arXiv:2002.05709
 *
 *   l(i) = −s(i, i') / t + log( sum over k ≠ i of exp(s(i, k) / t) )     s = cosine, t = temperature, i' = other view
 *
 * A temperature under 0.05 looks at the hardest wrong pictures only, one over 0.5 at all alike.
 */
export function ntXent({ temperature }: z.output<typeof NtXentOptions>): Loss {
  return (projections) => {
    const rows = projections.shape[0];
    const unit = unitRows(projections); // [2N, P]
    const logits = mul(matMul(unit, unit, false, true), 1 / temperature) as Tensor2D; // [2N, 2N]
    return maskedCrossEntropy(logits, mul(eye(rows), NEVER), pairMasks(rows).partners);
  };
}
