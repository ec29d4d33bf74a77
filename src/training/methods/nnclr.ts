import { argMax, eye, gather, matMul, mul, type Tensor1D, type Tensor2D, zeros } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { maskedCrossEntropy } from '../../tensor/operations.js';
import type { Method, MethodInputs } from './method.js';
import { otherViews } from './other-views.js';
import { predictingHeads } from './predicting-heads.js';

export const NnclrOptions = z.strictObject({
  hidden: z.int().min(1).max(8192).default(128),
  projection: z.int().min(2).max(8192).default(64),
  temperature: z.number().min(0.01).max(10).default(0.2),
  queue: z
    .int()
    .min(2)
    .max(65_536)
    .default(4096)
    .describe('Rows of earlier batches among which neighbours are sought.'),
});

/**
 * The other view of a sample is replaced by its nearest neighbour among earlier samples, and a view shall find that among
 * the neighbours of the batch: positives that no augmentation could make.
 * Dwibedi et al. 2021, "With a Little Help from My Friends: Nearest-Neighbor Contrastive Learning of Visual
 * Representations", eq. 3. arXiv:2104.14548
 */
export function nnclr(options: z.output<typeof NnclrOptions>, { features }: MethodInputs): Method {
  const { hidden, projection, temperature, queue } = options;
  const { parameters, normalisations, project, predict } = predictingHeads(features, hidden, projection);
  return {
    viewsPerSample: 2,
    parameters,
    normalisations,
    memory: { momentum: 0, queue: { rows: queue, width: projection }, target: project },
    project,
    objective(scope, rows, { targets, queue: earlier }) {
      const nearest = argMax(matMul(targets!, earlier!, false, true), 1) as Tensor1D;
      const neighbours = gather(earlier!, nearest); // [2N, P]: of each view
      const similarities = matMul(predict(scope, rows), otherViews(neighbours), false, true);
      const logits = mul(similarities, 1 / temperature) as Tensor2D;
      const count = logits.shape[0];
      return maskedCrossEntropy(logits, zeros([count, count]), eye(count));
    },
  };
}
