import { z } from 'zod';
import { Attributes, Base64, given, ImageUrl, ItemId, VectorNumbers } from './common-schemas.js';

/** Items, as they are written and shown. */

export const Picture = z
  .strictObject({
    content: z.string().meta({ description: 'SHA-256 of the bytes.' }),
    mime: z.string(),
    width: z.int(),
    height: z.int(),
    sizeBytes: z.int(),
  })
  .meta({ id: 'Picture' });
export const Item = z
  .strictObject({
    itemId: ItemId,
    attributes: Attributes,
    picture: Picture.nullable(),
    imageUrl: z.string().optional(),
    revision: z.int(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Item' });
const itemFields = {
  imageUrl: ImageUrl.optional(),
  image: Base64.optional(),
  vector: VectorNumbers.optional(),
  attributes: Attributes.optional(),
};
type ItemFields = { [K in keyof typeof itemFields]?: unknown };
function oneOfEach(item: ItemFields, context: z.RefinementCtx): void {
  if (given(item, ['imageUrl', 'image', 'vector', 'attributes']).length === 0)
    context.addIssue({ code: 'custom', message: 'Give at least one of imageUrl, image, vector and attributes.' });
  if (given(item, ['imageUrl', 'image']).length === 2)
    context.addIssue({ code: 'custom', path: ['imageUrl'], message: 'Give image or imageUrl, not both.' });
}
export const ItemWrite = z.strictObject(itemFields).superRefine(oneOfEach).meta({ id: 'ItemWrite' });
export type ItemWrite = z.output<typeof ItemWrite>;
export const ItemLine = z
  .strictObject({ itemId: ItemId, ...itemFields })
  .superRefine(oneOfEach)
  .meta({ id: 'ItemLine', description: 'One line of a batch.' });
export const ItemResult = z
  .strictObject({
    line: z.int().min(1),
    itemId: z.string().optional(),
    status: z.enum(['stored', 'unchanged', 'failed']),
    code: z.string().optional(),
    message: z.string().optional(),
  })
  .meta({ id: 'ItemResult', description: 'The result of one line of a batch.' });
