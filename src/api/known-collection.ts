import type { Collection } from '../catalogue/catalogue.js';
import { AppError } from '../errors.js';
import type { Context } from './context.js';

/** The row of a collection. Throws COLLECTION_NOT_FOUND. */
export async function knownCollection(context: Context, name: string): Promise<Collection> {
  const found = await context.deps.catalogue.collections.get(name);
  if (!found) throw new AppError('COLLECTION_NOT_FOUND', { collection: name });
  return found;
}
