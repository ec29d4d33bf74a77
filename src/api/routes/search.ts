import { AppError } from '../../errors.js';
import { type Asked, answerSearch } from '../answer-search.js';
import { type Call, handler, ok } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { SearchForm } from '../contract/schemas.js';
import { formFields, readForm } from '../form.js';
import { parseWith } from '../issues.js';

/** POST …/search: JSON, or a form with one picture. */
export const search = handler(ROUTES.search, async (call) => {
  const asked = call.json ? { ...call.json, scored: false } : await askedByForm(call);
  const { strategy: _strategy, ...answer } = await answerSearch(
    { context: call.context, collection: call.params.collection, signs: call.signs, signal: call.signal },
    asked,
  );
  return ok({ ...answer, tookMs: call.tookMs() });
});

async function askedByForm(call: Call<typeof ROUTES.search>): Promise<Asked> {
  const fileBytes = call.context.deps.settings.KINDRED_MAX_UPLOAD_BYTES;
  const form = await readForm(call.request, { files: 1, fileBytes, hold: call.hold });
  const { examples, ...fields } = parseWith(SearchForm, formFields(form, ['cursor']));
  const [bytes] = form.files;
  if (!bytes && examples.length === 0) throw new AppError('REQUEST_INVALID', { why: 'The form has no file "image".' });
  return { ...fields, examples: [...(bytes ? [{ bytes, weight: 1 }] : []), ...examples], scored: false };
}
