import type { ApiDeps } from '../../src/api/deps.js';
import type { Calibration } from '../../src/indexing/calibration.js';
import type { LiveIndex } from '../../src/indexing/live-index.js';
import { createPlanner } from '../../src/recommend/plan.js';
import type { Rig } from './open-rig.js';

/** Copies and others as an index may have measured them. */
export const calibration: Calibration = {
  curve: { slope: 2, offset: 2 * Math.log(1e-4) },
  thresholds: [{ rate: 1e-2, similarity: 0.9999, finds: 0.9 }],
  copies: 200,
  others: 200,
  passedOver: 0,
};
/** A live index that was calibrated. */
export const calibrated = (live: LiveIndex): LiveIndex => ({
  ...{
    collection: live.collection,
    indexId: live.indexId,
    releaseId: live.releaseId,
    modelId: live.modelId,
    behaviourId: null,
  },
  ...{ dimension: live.dimension, revision: live.revision, version: live.version, ready: live.ready, calibration },
  size: () => live.size(),
  appliedThrough: (revision) => live.appliedThrough(revision),
  serving: (releaseId) => live.serving(releaseId),
  item: (itemId) => live.item(itemId),
  items: () => live.items(),
  placed: (vector) => live.placed(vector),
  vector: (itemId) => live.vector(itemId),
  nearest: (query, k, accept) => live.nearest(query, k, accept),
  nearestMany: (queries, k) => live.nearestMany(queries, k),
});

/** The parts of a rig whose indexes all were. */
export function sureOf({ deps }: Pick<Rig, 'deps'>): Pick<ApiDeps, 'live' | 'plan'> {
  const get = async (collection: string) => calibrated(await deps.live.get(collection));
  return { live: { ...deps.live, get }, plan: createPlanner({ live: get, behaviour: deps.catalogue.events }) };
}
