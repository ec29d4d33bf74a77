import type { Release } from '../catalogue/catalogue.js';
import { isoTime } from './iso-time.js';

/** A release as answers show it. */
export function releaseAnswer(release: Release): Record<string, unknown> {
  const { releaseId, collection, indexId, modelId, behaviourId, active, origin, createdAt, activatedAt } = release;
  return {
    releaseId,
    collection,
    indexId,
    modelId,
    behaviourId,
    active,
    origin,
    createdAt: isoTime(createdAt),
    activatedAt: activatedAt === null ? null : isoTime(activatedAt),
  };
}
