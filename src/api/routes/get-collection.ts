import { handler, ok } from '../call.js';
import { collectionAnswer } from '../collection-answer.js';
import { ROUTES } from '../contract/index.js';
import { knownCollection } from '../known-collection.js';

/** GET /v1/collections/{collection}. */
export const getCollection = handler(ROUTES.getCollection, async (call) => {
  const collection = await knownCollection(call.context, call.params.collection);
  return ok(await collectionAnswer(call.context, collection));
});
