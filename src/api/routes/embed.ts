import { AppError } from '../../errors.js';
import { handler, ok } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { MAX_EMBEDS } from '../contract/search-schemas.js';
import { formFields, readForm } from '../form.js';
import { parseWith } from '../parse-with.js';
import { embeddingModel, embedPictures, type PictureSource } from '../pictures.js';

/** POST …/embed: vectors of pictures, by the model the collection is searched with. */
export const embed = handler(ROUTES.embed, async (call) => {
  const { context } = call;
  const modelId = await embeddingModel(context, call.params.collection);
  let sources: PictureSource[];
  if (call.json) {
    const { images, image, imageUrl } = call.json;
    sources = imageUrl === undefined ? (images ?? [image as string]).map((one) => ({ image: one })) : [{ imageUrl }];
  } else {
    const fileBytes = context.deps.settings.KINDRED_MAX_UPLOAD_BYTES;
    const form = await readForm(call.request, {
      files: MAX_EMBEDS,
      fileBytes,
      hold: call.hold,
      idleMs: call.context.idleMs,
    });
    parseWith(ROUTES.embed.body.form, formFields(form, []));
    if (form.files.length === 0) throw new AppError('REQUEST_INVALID', { why: 'The form has no file "image".' });
    sources = form.files.map((bytes) => ({ bytes }));
  }
  const vectors = await embedPictures(context, modelId, sources, call.signal());
  return ok({ vectors: vectors.map((vector) => Array.from(vector)), modelId });
});
