import { add, eye, matMul, mul, rsqrt, type Scalar, square, sub, sum, type Tensor2D } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { halves } from './halves.js';
import type { Loss } from './loss.js';
import { meanAndVariance } from './mean-and-variance.js';

export const BarlowTwinsOptions = z.strictObject({
  redundancy: z.number().positive().max(1).default(0.005).describe('Weight of what different dimensions share.'),
});

/** Added to variances before their root is taken. */
const EPSILON = 1e-5;

/**
 * Each dimension shall say the same of both views, and no two dimensions the same: the correlations of the dimensions of
 * one view with those of the other shall be the identity. There are no negatives.
 * Zbontar et al. 2021, "Barlow Twins: Self-Supervised Learning via Redundancy Reduction", eq. 1. arXiv:2103.03230
 *
 *   l = ( sum over i of (1 − C(i, i))² + λ · sum over i ≠ j of C(i, j)² ) / P     C [P, P], the mean over the batch
 */
export function barlowTwins({ redundancy }: z.output<typeof BarlowTwinsOptions>): Loss {
  return (projections) => {
    const [one, other] = halves(projections).map(standardised) as [Tensor2D, Tensor2D];
    const [count, width] = one.shape;
    const correlations = mul(matMul(one, other, true), 1 / count); // [P, P]
    const own = eye(width);
    const same = sum(square(mul(sub(1, correlations), own)));
    const shared = sum(square(mul(correlations, sub(1, own))));
    return mul(add(same, mul(shared, redundancy)), 1 / width) as Scalar;
  };
}

/** Each dimension with mean 0 and variance 1 over the batch. */
function standardised(rows: Tensor2D): Tensor2D {
  const { mean, variance } = meanAndVariance(rows);
  return mul(sub(rows, mean), rsqrt(add(variance, EPSILON)));
}
