import { mean, mul, type Scalar, sub, sum } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { projectionHead } from '../../encoder/projection-head.js';
import { unitRows } from '../../tensor/operations.js';
import type { Method, MethodInputs } from './method.js';
import { otherViews } from './other-views.js';

export const ByolOptions = z.strictObject({
  hidden: z.int().min(1).max(8192).default(128),
  projection: z.int().min(2).max(8192).default(64),
  momentum: z.number().min(0).max(1).default(0.99).describe('Share of the copy that stays at each step.'),
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
  const head = projectionHead('projection', features, hidden, projection);
  const predictor = projectionHead('prediction', projection, hidden, projection);
  return {
    viewsPerSample: 2,
    parameters: [...head.parameters, ...predictor.parameters],
    normalisations: [...head.normalisations, ...predictor.normalisations],
    memory: { momentum, target: (scope, rows) => unitRows(head.forward(scope, rows)) },
    objective(scope, rows, { targets }) {
      const predicted = unitRows(predictor.forward(scope, head.forward(scope, rows)));
      const cosines = sum(mul(predicted, otherViews(targets!)), 1);
      return sub(2, mul(mean(cosines), 2)) as Scalar;
    },
  };
}
