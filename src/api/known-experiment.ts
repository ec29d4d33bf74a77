import type { Experiment } from '../catalogue/catalogue.js';
import { AppError } from '../errors.js';
import type { Context } from './context.js';
import { knownCollection } from './known-collection.js';

/** One experiment of a collection. Throws COLLECTION_NOT_FOUND and EXPERIMENT_NOT_FOUND. */
export async function knownExperiment(
  context: Context,
  { collection, name }: { readonly collection: string; readonly name: string },
): Promise<Experiment> {
  await knownCollection(context, collection);
  const found = await context.deps.catalogue.experiments.get(collection, name);
  if (!found) throw new AppError('EXPERIMENT_NOT_FOUND', { name });
  return found;
}
