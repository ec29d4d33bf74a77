import { answerSearch } from '../answer-search.js';
import { handler, ok } from '../call.js';
import { ROUTES } from '../contract/index.js';

/** GET …/items/{itemId}/similar: a search with one example. */
export const similar = handler(ROUTES.similar, async (call) => {
  const { collection, itemId } = call.params;
  const { strategy: _strategy, ...answer } = await answerSearch(
    { context: call.context, collection, signs: call.signs, signal: call.signal },
    { ...call.query, examples: [{ itemId, weight: 1 }], scored: false },
  );
  return ok({ ...answer, tookMs: call.tookMs() });
});
