import { AppError } from '../../errors.js';
import { handler, ok } from '../call.js';
import { signerOf } from '../context.js';
import { ROUTES } from '../contract/index.js';
import { checkAttributes } from '../incoming-item.js';
import { itemAnswer } from '../item-answer.js';
import { knownCollection } from '../known-collection.js';

/** PATCH …/items/{itemId}: a merge patch on the attributes. */
export const patchItem = handler(ROUTES.patchItem, async (call) => {
  const { context } = call;
  const { collection, itemId } = call.params;
  const { attributes } = call.json;
  checkAttributes(attributes);
  await knownCollection(context, collection);
  const result = await context.deps.catalogue.items.patch(collection, itemId, attributes);
  if (!result) throw new AppError('ITEM_NOT_FOUND', { itemId });
  if (result.changed) await (await context.deps.live.get(collection)).appliedThrough(result.item.revision);
  return ok(itemAnswer(collection, result.item, call.signs ? await signerOf(context) : null));
});
