import { AppError } from '../../errors.js';
import { handler, ok } from '../call.js';
import { signerOf } from '../context.js';
import { ROUTES } from '../contract/index.js';
import { itemAnswer } from '../item-answer.js';
import { knownCollection } from '../known-collection.js';

/** GET …/items/{itemId}. */
export const getItem = handler(ROUTES.getItem, async (call) => {
  const { context } = call;
  const { collection, itemId } = call.params;
  const item = await context.deps.catalogue.items.get(collection, itemId);
  if (!item) {
    await knownCollection(context, collection);
    throw new AppError('ITEM_NOT_FOUND', { itemId });
  }
  return ok(itemAnswer(collection, item, call.signs ? await signerOf(context) : null));
});
