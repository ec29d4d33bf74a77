import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { Scope } from '../../encoder/block.js';
import { projectionHead } from '../../encoder/projection-head.js';
import { unitRows } from '../../tensor/operations.js';
import type { Method } from './method.js';

/** Two heads behind each other: what the encoder's features are projected to, and what is predicted from that. */
export interface PredictingHeads extends Pick<Method, 'parameters' | 'normalisations'> {
  /** Unit rows of the first head. */
  project(scope: Scope, features: Tensor): Tensor2D;
  /** Unit rows of the second, behind the first. */
  predict(scope: Scope, features: Tensor): Tensor2D;
}

export function predictingHeads(features: number, hidden: number, projection: number): PredictingHeads {
  const head = projectionHead('projection', features, hidden, projection);
  const predictor = projectionHead('prediction', projection, hidden, projection);
  return {
    parameters: [...head.parameters, ...predictor.parameters],
    normalisations: [...head.normalisations, ...predictor.normalisations],
    project: (scope, rows) => unitRows(head.forward(scope, rows)),
    predict: (scope, rows) => unitRows(predictor.forward(scope, head.forward(scope, rows))),
  };
}
