import { mean, mul, neg, type Scalar, sum, type Tensor2D } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { type Scope, scaleAndShift } from '../../encoder/block.js';
import { projectionHead } from '../../encoder/projection-head.js';
import { stopGradient, unitRows } from '../../tensor/operations.js';
import type { Method, MethodInputs } from './method.js';
import { otherViews } from './other-views.js';

export const SimsiamOptions = z.strictObject({
  hidden: z.int().min(1).max(8192).default(128),
  projection: z.int().min(2).max(8192).default(64),
  stopGradient: z
    .boolean()
    .default(true)
    .describe('Whether the view that is predicted stands still. Without, all falls onto one point.'),
});

/**
 * From one view a second head shall predict the other, which stands still meanwhile: neither negatives nor a copy.
 * Chen and He 2021, "Exploring Simple Siamese Representation Learning", eq. 1 to 4. arXiv:2011.10566
 *
 *   l = −mean over the views of cos( prediction, projection of the other view )
 */
export function simsiam(options: z.output<typeof SimsiamOptions>, { features }: MethodInputs): Method {
  const { hidden, projection, stopGradient: stops } = options;
  const head = projectionHead('projection', features, hidden, projection);
  const norm = { name: 'projection/last', channels: projection };
  const predictor = projectionHead('prediction', projection, hidden, projection);
  const project = (scope: Scope, rows: Tensor2D) => scope.normalise(norm.name, head.forward(scope, rows)) as Tensor2D;
  return {
    viewsPerSample: 2,
    parameters: [...head.parameters, ...scaleAndShift(norm), ...predictor.parameters],
    normalisations: [...head.normalisations, norm, ...predictor.normalisations],
    project,
    objective(scope, rows) {
      const projected = project(scope, rows);
      const predicted = unitRows(predictor.forward(scope, projected));
      const wanted = unitRows(otherViews(stops ? stopGradient(projected) : projected));
      return neg(mean(sum(mul(predicted, wanted), 1))) as Scalar;
    },
  };
}
