import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';

/** What two views are asked to do. `[2N, P]` rows of any length, N first views and then N second views; a mean out. */
export type Loss = (projections: Tensor2D) => Scalar;
