import { AppError } from '../../errors.js';
import { handler } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { knownCollection } from '../known-collection.js';

/** DELETE …/items/{itemId}: gone from disk and from this process's searches before it is answered. */
export const deleteItem = handler(ROUTES.deleteItem, async (call) => {
  const { catalogue, live } = call.context.deps;
  const { collection, itemId } = call.params;
  await knownCollection(call.context, collection);
  const revision = await catalogue.items.delete(collection, itemId);
  if (revision === undefined) throw new AppError('ITEM_NOT_FOUND', { itemId });
  await (await live.get(collection)).appliedThrough(revision);
  return { status: 204 };
});
