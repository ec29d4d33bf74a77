import { mayUse } from '../allow.js';
import { handler, ok } from '../call.js';
import { collectionAnswer } from '../collection-answer.js';
import { ROUTES } from '../contract/index.js';

/** GET /v1/collections: those that the key may see. */
export const listCollections = handler(ROUTES.listCollections, async (call) => {
  const all = await call.context.deps.catalogue.collections.list();
  const seen = all.filter(({ name }) => mayUse(call.caller, name));
  return ok({ collections: await Promise.all(seen.map((one) => collectionAnswer(call.context, one))) });
});
