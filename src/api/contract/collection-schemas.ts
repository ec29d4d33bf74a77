import { z } from 'zod';
import { Explore } from './arrangement-schemas.js';
import { CollectionName, MAX_DIMENSION, ModelId } from './common-schemas.js';

/** Collections and their settings. */

export const CollectionSettings = z
  .strictObject({
    encoder: ModelId.optional().meta({
      description: 'A model, or `none` where items bring vectors or only attributes.',
    }),
    dimension: z
      .int()
      .min(1)
      .max(MAX_DIMENSION)
      .optional()
      .meta({ description: 'Length of vectors that items bring.' }),
    explore: Explore.nullable().optional().meta({
      description:
        'How recommendations of this collection explore where a request does not say, and names a user, a session or a seed; null: not at all.',
    }),
  })
  .superRefine((settings, context) => {
    if (settings.dimension !== undefined && settings.encoder !== 'none')
      context.addIssue({ code: 'custom', path: ['dimension'], message: 'A dimension goes with {"encoder": "none"}.' });
  })
  .meta({ id: 'CollectionSettings' });
export const Collection = z
  .strictObject({
    name: CollectionName,
    encoder: z.string().nullable(),
    dimension: z.int().nullable(),
    explore: Explore.nullable(),
    items: z.int(),
    indexId: z.string().nullable(),
    modelId: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Collection' });
