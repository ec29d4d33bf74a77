import { add, mul, relu, type Scalar, sqrt, square, sub, sum } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { Loss } from './loss.js';
import { pairMasks } from './pair-masks.js';
import { squaredDistances } from './squared-distances.js';

export const MarginOptions = z.strictObject({
  margin: z.number().positive().max(2).default(1).describe('Distance from which on two samples are far enough apart.'),
});

/** Added to squares before their root is taken. */
const EPSILON = 1e-6;

/**
 * The margin contrastive loss of a Siamese network, whose twins share their weights: two views of a sample shall lie
 * together, those of different samples at least a margin apart.
 * Hadsell, Chopra and LeCun 2006, "Dimensionality Reduction by Learning an Invariant Mapping", eq. 4.
 *
 *   l = ½ · mean over pairs of views of d² + ½ · mean over pairs of different samples of max(0, m − d)²
 *
 * with d the distance of unit rows, from 0 to 2, and a mean for each kind of pair, since one is rare.
 */
export function margin({ margin: wanted }: z.output<typeof MarginOptions>): Loss {
  return (projections) => {
    const rows = projections.shape[0];
    const { partners, others } = pairMasks(rows);
    const squares = squaredDistances(projections); // [2N, 2N]
    const missing = relu(sub(wanted, sqrt(add(squares, EPSILON))));
    const near = mul(sum(mul(squares, partners)), 1 / rows);
    const far = mul(sum(mul(square(missing), others)), 1 / Math.max(1, rows * (rows - 2)));
    return mul(add(near, far), 0.5) as Scalar;
  };
}
