import { answerSearch } from '../answer-search.js';
import { handler, ok } from '../call.js';
import { signerOf } from '../context.js';
import { ROUTES } from '../contract/index.js';
import { answerPlain } from '../plain-search.js';

/** GET …/items/{itemId}/similar: a search with one example. */
export const similar = handler(ROUTES.similar, async (call) => {
  const { context, signs, signal } = call;
  const { collection, itemId } = call.params;
  const { k, ...wishes } = call.query;
  const plain = Object.values(wishes).every((wish) => wish === undefined);
  if (plain && (await context.deps.rules.of(collection)).length === 0) {
    const live = await context.deps.live.get(collection);
    const signer = context.signer ?? (await signerOf(context));
    const [answer] = await answerPlain({ collection, live, signer, signs }, [{ itemId, k }], call.tookMs);
    if (answer) return ok(answer);
  }
  const { strategy: _strategy, ...answer } = await answerSearch(
    { context, collection, signs, signal },
    { ...call.query, examples: [{ itemId, weight: 1 }], scored: false },
  );
  return ok({ ...answer, tookMs: call.tookMs() });
});
