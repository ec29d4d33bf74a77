import { AppError } from '../../errors.js';
import { type Call, handler } from '../call.js';
import { signerOf } from '../context.js';
import { ROUTES } from '../contract/index.js';
import type { IncomingItem } from '../deps.js';
import { formFields, readForm } from '../form.js';
import { imageUrl } from '../hits.js';
import { incomingItem } from '../incoming-item.js';
import { itemAnswer } from '../item-answer.js';
import { parseWith } from '../parse-with.js';

/** PUT …/items/{itemId}: on disk and found before it is answered. */
export const putItem = handler(ROUTES.putItem, async (call) => {
  const { context } = call;
  const { collection } = call.params;
  const { embedGate, deps } = context;
  // Read first: a slow upload must not keep others from embedding.
  const item = await incoming(call);
  const put = () => deps.intake.put(collection, [item]);
  const [result] = await (item.original ? embedGate.through(put) : put());
  if (!result) throw new TypeError('The intake answered nothing for one item.');
  if (result instanceof Error) throw result;
  const body = itemAnswer(collection, result.item, call.signs ? await signerOf(context) : null);
  if (!result.created) return { status: 200, body };
  return {
    status: 201,
    body,
    headers: { Location: imageUrl(collection, result.item.itemId, null, null).replace(/\/image$/, '') },
  };
});

async function incoming(call: Call<typeof ROUTES.putItem>): Promise<IncomingItem> {
  const { itemId } = call.params;
  if (call.json) return incomingItem(call.context, { itemId, ...call.json }, { signal: call.signal() });
  const fileBytes = call.context.deps.settings.KINDRED_MAX_UPLOAD_BYTES;
  const form = await readForm(call.request, { files: 1, fileBytes, hold: call.hold, idleMs: call.context.idleMs });
  const { attributes } = parseWith(ROUTES.putItem.body.form, formFields(form, []));
  const [bytes] = form.files;
  if (!bytes && !attributes)
    throw new AppError('REQUEST_INVALID', { why: 'The form has neither a file "image" nor "attributes".' });
  return { itemId, ...(bytes ? { original: bytes } : {}), ...(attributes ? { attributes } : {}) };
}
