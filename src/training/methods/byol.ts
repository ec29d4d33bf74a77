import { mean, mul, type Scalar, sub, sum } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { Method, MethodInputs } from './method.js';
import { otherViews } from './other-views.js';
import { predictingHeads } from './predicting-heads.js';

export const ByolOptions = z.strictObject({
  hidden: z.int().min(1).max(8192).default(128),
  projection: z.int().min(2).max(8192).default(64),
  momentum: z
    .number()
    .min(0)
    .max(1)
    .default(0.99)
    .describe('Share of the copy that stays at each step; less in the first.'),
});

/**
 * From one view a second head shall predict what a slow copy of the network makes of the other. There are no negatives;
 * the copy and the second head keep all from falling onto one point.
 * Grill et al. 2020, "Bootstrap Your Own Latent", eq. 2. arXiv:2006.07733
 *
 *   l = 2 − 2 · mean over the views of cos( prediction, target of the other view )
 */
export function byol(options: z.output<typeof ByolOptions>, { features }: MethodInputs): Method {
  const { hidden, projection, momentum } = options;
  const { parameters, normalisations, project, predict } = predictingHeads(features, hidden, projection);
  return {
    viewsPerSample: 2,
    parameters,
    normalisations,
    memory: { momentum, target: project },
    project,
    objective(scope, rows, { targets }) {
      const cosines = sum(mul(predict(scope, rows), otherViews(targets!)), 1);
      return sub(2, mul(mean(cosines), 2)) as Scalar;
    },
  };
}
