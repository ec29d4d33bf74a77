import { z } from 'zod';
import { whyNoRegion } from '../../core/region.js';
import { Base64, given, ImageUrl, ItemId, ModelId, VectorNumbers } from './common-schemas.js';

/** What is searched by. */

const Share = z.number().min(0).max(1);
export const RegionOfPicture = z
  .strictObject({ x: Share, y: Share, width: Share, height: Share })
  .superRefine((region, context) => {
    const why = whyNoRegion(region);
    if (why !== undefined) context.addIssue({ code: 'custom', message: `This is no part of a picture: ${why}.` });
  })
  .meta({
    id: 'Region',
    description: 'A part of an upright picture: its left, top, width and height as shares of the whole, from 0 to 1.',
  });
export const Example = z
  .strictObject({
    itemId: ItemId.optional(),
    vector: VectorNumbers.optional(),
    modelId: ModelId.optional().meta({ description: 'The model that made `vector`.' }),
    image: Base64.optional(),
    imageUrl: ImageUrl.optional(),
    region: RegionOfPicture.optional().meta({
      description: 'Only this part of the picture is the example: of `image`, `imageUrl`, or the picture of `itemId`.',
    }),
    weight: z.number().min(-1_000).max(1_000).default(1).meta({ description: 'Negative: not like this.' }),
  })
  .superRefine((example, context) => {
    const sources = given(example, ['itemId', 'vector', 'image', 'imageUrl']);
    if (sources.length !== 1)
      context.addIssue({
        code: 'custom',
        message: 'An example has exactly one of itemId, vector, image and imageUrl.',
      });
    if (example.modelId !== undefined && example.vector === undefined)
      context.addIssue({ code: 'custom', path: ['modelId'], message: 'modelId goes with a vector.' });
    if (example.region !== undefined && example.vector !== undefined)
      context.addIssue({ code: 'custom', path: ['region'], message: 'A region is one of a picture, not of a vector.' });
  })
  .meta({ id: 'Example', description: 'One of an item, a vector, a picture and the address of a picture.' });
export type Example = z.output<typeof Example>;
/** An example that can be looked at: no vector. */
export const PictureExample = z
  .strictObject({
    itemId: ItemId.optional(),
    image: Base64.optional(),
    imageUrl: ImageUrl.optional(),
    region: RegionOfPicture.optional().meta({ description: 'Only this part of the picture is the example.' }),
  })
  .superRefine((example, context) => {
    if (given(example, ['itemId', 'image', 'imageUrl']).length !== 1)
      context.addIssue({ code: 'custom', message: 'This example has exactly one of itemId, image and imageUrl.' });
  })
  .meta({ id: 'PictureExample', description: 'One of an item, a picture and the address of a picture.' });
export type PictureExample = z.output<typeof PictureExample>;
