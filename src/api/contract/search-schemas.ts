import { z } from 'zod';
import { arrangement, Explore } from './arrangement-schemas.js';
import { Cursor, Filter, ItemId, K } from './common-schemas.js';
import { Example, RegionOfPicture } from './example-schemas.js';

/** Searches and wishes for recommendations. */

export const MAX_EXAMPLES = 100;
export const MAX_SEARCHES = 100;
export const MAX_EMBEDS = 64;
/** What a search has beside its examples, however it is sent. */
const search = {
  k: K,
  cursor: Cursor.optional(),
  filter: Filter.optional(),
  minSimilarity: z.number().min(-1).max(1).optional(),
  ...arrangement,
  explain: z.boolean().default(false),
};
export const SearchRequest = z
  .strictObject({
    examples: z.array(Example).min(1).max(MAX_EXAMPLES),
    ...search,
  })
  .meta({ id: 'SearchRequest' });
export type SearchRequest = z.output<typeof SearchRequest>;
/** The text fields of a multipart search; the file `image` is one more example. Objects are sent as JSON text. */
export const SearchForm = z.strictObject({
  examples: z
    .array(Example)
    .max(MAX_EXAMPLES - 1)
    .default([]),
  region: RegionOfPicture.optional().meta({ description: 'Only this part of the file is the example.' }),
  ...search,
});
export const RecommendRequest = z
  .strictObject({
    user: z.string().min(1).max(256).optional(),
    session: z.string().min(1).max(256).optional(),
    examples: z.array(Example).min(1).max(MAX_EXAMPLES).optional(),
    context: ItemId.optional().meta({ description: 'The item that is being looked at.' }),
    k: K,
    cursor: Cursor.optional(),
    filter: Filter.optional(),
    strategy: z.string().min(1).max(64).optional(),
    exclude: z.array(ItemId).max(10_000).default([]),
    includeSeen: z.boolean().default(false),
    ...arrangement,
    explore: Explore.nullable().optional().meta({
      description: "As the collection's settings say where it is left out; null: not at all.",
    }),
    seed: z.string().min(1).max(256).optional().meta({
      description:
        'What the draws of `explore` hang on, instead of who asks and the hour: equal seeds, equal draws from equal counts.',
    }),
    log: z.boolean().default(false).meta({
      description:
        'Whether the hits are kept as impressions, on disk before the answer; needs the scope `write` as well.',
    }),
    explain: z.boolean().default(false),
  })
  .superRefine((request, context) => {
    if (request.user !== undefined && request.session !== undefined)
      context.addIssue({ code: 'custom', path: ['session'], message: 'Name a user or a session, not both.' });
  })
  .meta({ id: 'RecommendRequest' });
export type RecommendRequest = z.output<typeof RecommendRequest>;
