import { answerSearch } from '../answer-search.js';
import { handler, ok } from '../call.js';
import { ROUTES } from '../contract/index.js';

/** POST …/recommendations. */
export const recommend = handler(ROUTES.recommend, async (call) => {
  const { examples = [], ...rest } = call.json;
  const { hits, nextCursor, strategy, indexId, modelId } = await answerSearch(
    { context: call.context, collection: call.params.collection, signs: call.signs, signal: call.signal },
    { ...rest, examples, scored: true },
  );
  const next = nextCursor === undefined ? {} : { nextCursor };
  return ok({ hits, ...next, strategy, indexId, modelId, tookMs: call.tookMs() });
});
