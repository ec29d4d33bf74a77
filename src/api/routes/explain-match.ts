import { AppError } from '../../errors.js';
import { type Call, handler, ok } from '../call.js';
import type { PictureExample } from '../contract/example-schemas.js';
import { ROUTES } from '../contract/index.js';
import type { ExplainedSide, MatchAsked } from '../deps.js';
import { originalOf } from '../examples.js';
import { formFields, readForm } from '../form.js';
import { parseWith } from '../parse-with.js';
import { embeddingModel, original, type PictureSource } from '../pictures.js';
import { sendText } from '../send.js';

interface Asked {
  readonly example: PictureExample | { readonly bytes: Buffer; readonly region?: PictureExample['region'] };
  readonly view: Pick<MatchAsked, 'size' | 'show' | 'blend'>;
}

/** POST …/items/{itemId}/explain: where an example and an item are alike, as numbers and as heat maps. */
export const explainMatch = handler(ROUTES.explainMatch, async (call) => {
  const { context } = call;
  const { collection, itemId } = call.params;
  const { example, view } = call.json ? askedByJson(call.json) : await askedByForm(call);
  const live = await context.deps.live.get(collection);
  const modelId = await embeddingModel(context, collection);
  const hit = await originalOf(context, collection, itemId);
  const source = await sourceOf(call, example);
  const given = await original(context, source, { signal: call.signal() });
  const asked = { modelId, index: live, ...view };
  const wantsPicture = call.request.accepts(['application/json', 'image/png']) === 'image/png';
  return context.embedGate.through(async () => {
    const query = source.region ? await context.deps.crop(given, source.region) : given;
    const match = await context.deps.explainMatch({ ...asked, originals: [query, hit] });
    if (wantsPicture) {
      const png = await context.deps.explainedPicture(match, view.size);
      sendText(call.response, 200, Buffer.from(png), { 'Content-Type': 'image/png' });
      return undefined;
    }
    return ok({
      similarity: match.similarity,
      query: sideAnswer(match.query),
      hit: sideAnswer(match.hit),
      indexId: live.indexId,
      modelId,
      tookMs: call.tookMs(),
    });
  });
});

async function sourceOf(call: Call<typeof ROUTES.explainMatch>, example: Asked['example']): Promise<PictureSource> {
  const { region } = example;
  if ('bytes' in example) return { bytes: example.bytes, region };
  const { itemId, image, imageUrl } = example;
  if (itemId !== undefined) return { bytes: await originalOf(call.context, call.params.collection, itemId), region };
  return image === undefined ? { imageUrl: imageUrl as string, region } : { image, region };
}

function askedByJson({ example, ...view }: NonNullable<Call<typeof ROUTES.explainMatch>['json']>): Asked {
  return { example, view };
}

async function askedByForm(call: Call<typeof ROUTES.explainMatch>): Promise<Asked> {
  const fileBytes = call.context.deps.settings.KINDRED_MAX_UPLOAD_BYTES;
  const form = await readForm(call.request, { files: 1, fileBytes, hold: call.hold, idleMs: call.context.idleMs });
  const { region, ...view } = parseWith(ROUTES.explainMatch.body.form, formFields(form, []));
  const [bytes] = form.files;
  if (!bytes) throw new AppError('REQUEST_INVALID', { why: 'The form has no file "image".' });
  return { example: { bytes, region }, view };
}

function sideAnswer({ places, shares, png }: ExplainedSide) {
  return { places: rowsOf(places), shares: rowsOf(shares), image: Buffer.from(png).toString('base64') };
}

const rowsOf = ({ rows, columns, values }: ExplainedSide['shares']): number[][] =>
  Array.from({ length: rows }, (_, row) => [...values.subarray(row * columns, (row + 1) * columns)]);
