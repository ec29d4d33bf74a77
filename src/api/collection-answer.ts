import type { Collection } from '../catalogue/catalogue.js';
import type { Context } from './context.js';
import { isoTime } from './iso-time.js';

/** A collection as answers show it. */
export async function collectionAnswer(context: Context, collection: Collection): Promise<Record<string, unknown>> {
  const { items, releases } = context.deps.catalogue;
  const { name, encoder, dimension, explore, createdAt } = collection;
  const [count, release] = await Promise.all([items.count(name), releases.active(name)]);
  return {
    name,
    encoder,
    dimension,
    explore,
    items: count,
    indexId: release?.indexId ?? null,
    modelId: release && release.modelId !== 'none' ? release.modelId : null,
    createdAt: isoTime(createdAt),
  };
}
