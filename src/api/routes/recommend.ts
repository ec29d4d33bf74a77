import { answerSearch } from '../answer-search.js';
import { handler, ok } from '../call.js';
import { ROUTES } from '../contract/index.js';

/** POST …/recommendations. */
export const recommend = handler(ROUTES.recommend, async (call) => {
  const { examples = [], ...rest } = call.json;
  const answer = await answerSearch(
    { context: call.context, collection: call.params.collection, signs: call.signs, signal: call.signal },
    { ...rest, examples, scored: true },
  );
  return ok({ ...answer, tookMs: call.tookMs() });
});
