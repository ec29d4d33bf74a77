import { AppError } from '../../errors.js';
import { type Asked, answerSearch } from '../answer-search.js';
import { type Call, handler, ok } from '../call.js';
import { signerOf } from '../context.js';
import { ROUTES } from '../contract/index.js';
import { SearchForm, SearchRequest } from '../contract/search-schemas.js';
import { formFields, readForm } from '../form.js';
import { parseWith } from '../parse-with.js';
import { answerPlain, plainSearch } from '../plain-search.js';

/** POST …/search: JSON, or a form with one picture. */
export const search = handler(ROUTES.search, async (call) => {
  const { context, signs, signal } = call;
  const { collection } = call.params;
  const plain = plainSearch(call.json);
  if (plain && (await context.deps.rules.of(collection)).length === 0) {
    const live = await context.deps.live.get(collection);
    const signer = context.signer ?? (await signerOf(context));
    const [answer] = await answerPlain({ collection, live, signer, signs }, [plain], call.tookMs);
    if (answer) return ok(answer);
  }
  const asked =
    call.json === undefined ? await askedByForm(call) : { ...parseWith(SearchRequest, call.json), scored: false };
  const {
    strategy: _strategy,
    basis: _basis,
    ...answer
  } = await answerSearch({ context, collection, signs, signal }, asked);
  return ok({ ...answer, tookMs: call.tookMs() });
});

async function askedByForm(call: Call<typeof ROUTES.search>): Promise<Asked> {
  const fileBytes = call.context.deps.settings.KINDRED_MAX_UPLOAD_BYTES;
  const form = await readForm(call.request, { files: 1, fileBytes, hold: call.hold, idleMs: call.context.idleMs });
  const { examples, region, ...fields } = parseWith(SearchForm, formFields(form, ['cursor', 'groupBy']));
  const [bytes] = form.files;
  if (!bytes && examples.length === 0) throw new AppError('REQUEST_INVALID', { why: 'The form has no file "image".' });
  if (!bytes && region)
    throw new AppError('REQUEST_INVALID', { why: 'The region of a form is one of its file "image", and it has none.' });
  return { ...fields, examples: [...(bytes ? [{ bytes, weight: 1, region }] : []), ...examples], scored: false };
}
