import { BROUGHT } from '../indexing/track.js';
import type { ModelManifest } from '../registry/registry.js';
import { type Due, isDue } from '../retraining/policy.js';
import { collectionSource } from './collection-source.js';
import type { Environment } from './environment.js';
import type { Stores } from './stores.js';

/** The manifest of what a collection serves now; undefined where it serves no model. */
export async function activeModel(stores: Stores, collection: string): Promise<ModelManifest | undefined> {
  const release = await stores.catalogue.releases.active(collection);
  return release === undefined || release.modelId === BROUGHT ? undefined : stores.registry.read(release.modelId);
}

/** Whether a collection is due for retraining, and why, from what the catalogue and the manifest say. */
export async function dueOf(environment: Environment, stores: Stores, collection: string): Promise<Due> {
  const { config, now } = environment;
  const manifest = await activeModel(stores, collection);
  const pictures = await stores.catalogue.items.countPictures(collection);
  // A model that was not trained on this collection (the shipped one) has seen none of its pictures.
  const own = manifest?.data.source === collectionSource(stores, collection).description || manifest?.parent !== null;
  return isDue(
    { after: config.KINDRED_RETRAIN_AFTER_PICTURES, everyHours: config.KINDRED_RETRAIN_EVERY_HOURS },
    {
      of: 'picture',
      fresh: Math.max(0, pictures - (own ? (manifest?.data.count ?? 0) : 0)),
      trainedAt: own && manifest ? Date.parse(manifest.createdAt) : undefined,
      now: now(),
      asked: false,
    },
  );
}
