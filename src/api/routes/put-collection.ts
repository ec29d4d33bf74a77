import { handler } from '../call.js';
import { collectionAnswer } from '../collection-answer.js';
import { ROUTES } from '../contract/index.js';

/** PUT /v1/collections/{collection}. */
export const putCollection = handler(ROUTES.putCollection, async (call) => {
  const { context } = call;
  const { encoder, dimension, explore } = call.json;
  const { catalogue, embedders, exploreDefaults } = context.deps;
  // A model that is not there would only be missed at the first picture.
  if (encoder !== undefined && encoder !== 'none') await embedders.get(encoder);
  const { collection, created } = await catalogue.collections.put(call.params.collection, {
    ...(encoder === undefined ? {} : { encoder }),
    ...(dimension === undefined ? {} : { dimension }),
    ...(explore === undefined ? {} : { explore }),
  });
  await exploreDefaults.refresh();
  return { status: created ? 201 : 200, body: await collectionAnswer(context, collection) };
});
