import type { Tensor2D } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { projectionHead } from '../../encoder/projection-head.js';
import type { Method, MethodInputs } from './method.js';

export const SimclrOptions = z.strictObject({
  hidden: z.int().min(1).max(8192).default(128),
  projection: z.int().min(2).max(8192).default(64),
});

/**
 * Two views of a sample shall be found together among all views of the batch, as a small head sees them.
 * Chen et al. 2020, "A Simple Framework for Contrastive Learning of Visual Representations". arXiv:2002.05709
 */
export function simclr(
  { hidden, projection }: z.output<typeof SimclrOptions>,
  { features, loss }: MethodInputs,
): Method {
  const head = projectionHead('projection', features, hidden, projection);
  return {
    viewsPerSample: 2,
    parameters: head.parameters,
    normalisations: head.normalisations,
    project: (scope, rows) => head.forward(scope, rows) as Tensor2D,
    objective: (scope, rows) => loss(head.forward(scope, rows) as Tensor2D),
  };
}
