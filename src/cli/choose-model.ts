import type { Stores } from '../app/stores.js';
import { AppError } from '../errors.js';

/** The model named, else the active one of the collection, else the shipped one. Throws MODEL_NOT_FOUND. */
export async function chooseModel(stores: Stores, named: string | undefined, collection = 'default'): Promise<string> {
  const active = await stores.catalogue.releases.active(collection);
  const found =
    named ?? (active?.modelId === 'none' ? undefined : active?.modelId) ?? (await stores.embedders.defaultModelId());
  if (found === undefined) throw new AppError('MODEL_NOT_FOUND', { modelId: 'any' });
  return found;
}
