import {
  add,
  eye,
  matMul,
  mean,
  mul,
  relu,
  type Scalar,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { halves } from './halves.js';
import type { Loss } from './loss.js';
import { meanAndVariance } from './mean-and-variance.js';

export const VicregOptions = z.strictObject({
  invariance: z.number().min(0).max(1000).default(25).describe('Weight of two views lying together.'),
  variance: z.number().min(0).max(1000).default(25).describe('Weight of each dimension having a deviation of 1.'),
  covariance: z.number().min(0).max(1000).default(1).describe('Weight of dimensions sharing nothing.'),
});

/** Added to variances before their root is taken. */
const EPSILON = 1e-4;

/**
 * Invariance, variance, covariance, each asked for by itself; there are no negatives.
 * Bardes, Ponce and LeCun 2022, "VICReg", eq. 1 to 6, arXiv:2105.04906, with the invariance as a mean over the
 * dimensions too, so that a wider head does not weigh more.
 */
export function vicreg(weights: z.output<typeof VicregOptions>): Loss {
  return (projections) => {
    const both = halves(projections);
    const apart = mean(square(sub(both[0], both[1])));
    const [narrow, shared] = [both.map(missingDeviation), both.map(sharedCovariance)] as const;
    return add(
      mul(apart, weights.invariance),
      add(
        mul(add(narrow[0]!, narrow[1]!), weights.variance / 2),
        mul(add(shared[0]!, shared[1]!), weights.covariance / 2),
      ),
    ) as Scalar;
  };
}

/** How much of a deviation of 1 the dimensions lack, on average. */
function missingDeviation(rows: Tensor2D): Tensor {
  const { variance } = meanAndVariance(rows);
  return mean(relu(sub(1, sqrt(add(variance, EPSILON)))));
}

/** The squares of the covariances of different dimensions, summed up, for each dimension. */
function sharedCovariance(rows: Tensor2D): Tensor {
  const [count, width] = rows.shape;
  const centred = sub(rows, meanAndVariance(rows).mean) as Tensor2D;
  const covariances = mul(matMul(centred, centred, true), 1 / Math.max(1, count - 1)); // [P, P]
  return mul(sum(square(mul(covariances, sub(1, eye(width))))), 1 / width);
}
