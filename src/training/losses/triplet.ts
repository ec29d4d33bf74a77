import { add, div, maximum, mul, relu, type Scalar, step, sub, sum } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { Loss } from './loss.js';
import { pairMasks } from './pair-masks.js';
import { squaredDistances } from './squared-distances.js';

export const TripletOptions = z.strictObject({
  margin: z.number().positive().max(4).default(0.5).describe('How much farther another sample shall be, in squares.'),
});

/**
 * Triplets of a view, the other view of its sample and a view of another sample: the second shall be nearer than the
 * third by a margin. All triplets of the batch are looked at, and those that are not right yet are averaged.
 * Schroff et al. 2015, "FaceNet", eq. 2, arXiv:1503.03832; Hermans et al. 2017, "In Defense of the Triplet Loss for
 * Person Re-Identification" (the mean over what is not zero), arXiv:1703.07737
 *
 *   l(i, k) = max(0, d²(i, i') − d²(i, k) + m)     d = distance of unit rows, i' = other view
 */
export function triplet({ margin }: z.output<typeof TripletOptions>): Loss {
  return (projections) => {
    const { partners, others } = pairMasks(projections.shape[0]);
    const squares = squaredDistances(projections); // [2N, 2N]
    const near = sum(mul(squares, partners), 1, true); // [2N, 1]
    const wrong = mul(relu(add(sub(near, squares), margin)), others);
    return div(sum(wrong), maximum(sum(step(wrong)), 1)) as Scalar;
  };
}
