import { matMul, mul, sum, type Tensor2D } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { Scope } from '../../encoder/block.js';
import { projectionHead } from '../../encoder/projection-head.js';
import { unitRows } from '../../tensor/operations.js';
import { crossEntropyOfFirst } from './cross-entropy-of-first.js';
import type { Method, MethodInputs } from './method.js';
import { otherViews } from './other-views.js';

export const MocoOptions = z.strictObject({
  hidden: z.int().min(1).max(8192).default(128),
  projection: z.int().min(2).max(8192).default(64),
  temperature: z.number().min(0.01).max(10).default(0.2),
  momentum: z
    .number()
    .min(0)
    .max(1)
    .default(0.99)
    .describe('Share of the copy that stays at each step; less in the first.'),
  queue: z.int().min(1).max(65_536).default(4096).describe('Rows of earlier batches to compare with.'),
});

/**
 * Momentum Contrast: each view shall find what a slow copy of the network makes of the other view, among what it made of
 * earlier batches, so that there are many negatives however small the batch. Both views take both parts.
 * He et al. 2020, "Momentum Contrast for Unsupervised Visual Representation Learning", eq. 1 and 2, arXiv:1911.05722, with
 * the head of Chen et al. 2020, "Improved Baselines with Momentum Contrastive Learning", arXiv:2003.04297
 */
export function moco(options: z.output<typeof MocoOptions>, { features }: MethodInputs): Method {
  const { hidden, projection, temperature, momentum, queue } = options;
  const head = projectionHead('projection', features, hidden, projection);
  const project = (scope: Scope, rows: Tensor2D) => unitRows(head.forward(scope, rows));
  return {
    viewsPerSample: 2,
    parameters: head.parameters,
    normalisations: head.normalisations,
    memory: {
      momentum,
      queue: { rows: queue, width: projection },
      target: project,
    },
    project,
    objective(scope, rows, { targets, queue: earlier }) {
      const queries = project(scope, rows); // [2N, P]
      const right = sum(mul(queries, otherViews(targets!)), 1, true) as Tensor2D;
      return crossEntropyOfFirst(right, matMul(queries, earlier!, false, true), temperature);
    },
  };
}
