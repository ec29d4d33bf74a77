import type { Asking } from '../answer-search.js';
import { answerSearch } from '../answer-search.js';
import { handler, ok } from '../call.js';
import { signerOf } from '../context.js';
import { ROUTES } from '../contract/index.js';
import { SearchRequest } from '../contract/search-schemas.js';
import { parseWith } from '../parse-with.js';
import { answerPlain, plainSearch } from '../plain-search.js';
import { toAppError, toProblem } from '../problem.js';
import { trace } from '../send.js';

/** POST …/search:batch: searches by one item or vector go together, the others one by one. */
export const searchBatch = handler(ROUTES.searchBatch, async (call) => {
  const { context, signs, signal } = call;
  const { collection } = call.params;
  const asking: Asking = { context, collection, signs, signal };
  const { searches } = call.json;
  const live = await context.deps.live.get(collection);
  const signer = await signerOf(context);
  const ruled = (await context.deps.rules.of(collection)).length > 0;
  const asPlain = searches.map((search) => (ruled ? undefined : plainSearch(search)));
  const plain = await answerPlain({ collection, live, signer, signs }, asPlain, call.tookMs);
  const results: unknown[] = plain;
  for (const [i, search] of searches.entries()) {
    if (results[i] !== undefined) continue;
    try {
      const asked = parseWith(SearchRequest, search, ['searches', i]);
      const { strategy: _strategy, basis: _basis, ...answer } = await answerSearch(asking, { ...asked, scored: false });
      results[i] = { ...answer, tookMs: call.tookMs() };
    } catch (failure) {
      const error = toAppError(failure);
      const { requestId } = trace(call.response);
      if (error.status === 500) context.deps.log.error({ requestId, err: error.cause ?? error }, error.message);
      results[i] = { error: toProblem(error, requestId) };
    }
  }
  return ok({ results });
});
