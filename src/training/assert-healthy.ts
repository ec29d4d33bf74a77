import { AppError } from '../errors.js';
import type { CurvePoint } from '../registry/registry.js';

/** Below these, embeddings carry nothing that could tell pictures apart. A fresh network is far above both. */
const LEAST_RANK = 1.05;
/** As a share of 1/√dimension, the deviation of unit rows that are spread evenly. */
const LEAST_SPREAD = 0.01;

/** Throws TRAINING_DIVERGED where the loss is no number any more. */
export function assertConverging(step: number, loss: number): void {
  if (!Number.isFinite(loss)) throw new AppError('TRAINING_DIVERGED', { saw: `at step ${step} the loss was ${loss}.` });
}

/** Throws TRAINING_COLLAPSED where all embeddings have become (almost) one. */
export function assertSpread(point: CurvePoint, dimension: number): void {
  const rank = point.effectiveRank ?? Number.NaN;
  const spread = (point.deviation ?? Number.NaN) * Math.sqrt(dimension);
  if (rank >= LEAST_RANK && spread >= LEAST_SPREAD) return;
  throw new AppError('TRAINING_COLLAPSED', {
    saw:
      `at step ${point.step} the embeddings use ${rank.toFixed(2)} of ${dimension} dimensions ` +
      `and spread ${(100 * spread).toFixed(2)}% of what they could (loss ${point.loss.toFixed(3)}).`,
  });
}
