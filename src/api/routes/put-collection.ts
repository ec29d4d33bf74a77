import { handler } from '../call.js';
import { collectionAnswer } from '../collection-answer.js';
import { ROUTES } from '../contract/index.js';

/** PUT /v1/collections/{collection}. */
export const putCollection = handler(ROUTES.putCollection, async (call) => {
  const { context } = call;
  const { encoder, dimension } = call.json;
  // A model that is not there would only be missed at the first picture.
  if (encoder !== undefined && encoder !== 'none') await context.deps.embedders.get(encoder);
  const { collection, created } = await context.deps.catalogue.collections.put(call.params.collection, {
    ...(encoder === undefined ? {} : { encoder }),
    ...(dimension === undefined ? {} : { dimension }),
  });
  return { status: created ? 201 : 200, body: await collectionAnswer(context, collection) };
});
