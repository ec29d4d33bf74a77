import { z } from 'zod';
import { NO_MATCH_CODES } from '../../recommend/no-match.js';
import { BASES } from '../../recommend/planner.js';
import { Attributes, ItemId } from './common-schemas.js';

/** What is found. */

export const Hit = z
  .strictObject({
    itemId: ItemId,
    similarity: z.number().min(-1).max(1).optional(),
    confidence: z.number().min(0).max(1).optional().meta({
      description: 'How often two items this alike are as close as two copies of one picture; where the index knows.',
    }),
    score: z.number().optional(),
    duplicates: z.array(ItemId).optional().meta({ description: 'Copies that were folded into this hit, at most 20.' }),
    attributes: Attributes.optional(),
    imageUrl: z.string().optional(),
    propensity: z.number().gt(0).max(1).optional().meta({
      description: 'The probability that this item stands in this place, where the request explores.',
    }),
    explored: z.literal(true).optional().meta({ description: 'Drawn to be tried out.' }),
    explain: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'Hit', description: 'An item and how close it is: cosine similarity in [−1, 1].' });
const served = { indexId: z.string().nullable(), modelId: z.string().nullable(), tookMs: z.number().min(0) };
const NoMatch = z
  .strictObject({
    code: z.enum(NO_MATCH_CODES).meta({
      description:
        '`NO_GOOD_MATCH`: there are items, none as close as was asked for. `NOTHING_KNOWN`: only close ones were asked ' +
        'for, and nothing is known that they could be close to. `NOTHING_LEFT`: no item may be shown at all.',
    }),
    detail: z.string(),
  })
  .meta({ id: 'NoMatch', description: 'Why there are no hits.' });
const found = { hits: z.array(Hit), nextCursor: z.string().optional(), noMatch: NoMatch.optional() };
export const SearchAnswer = z.strictObject({ ...found, ...served }).meta({ id: 'SearchAnswer' });
export const RecommendAnswer = z
  .strictObject({
    ...found,
    strategy: z.string(),
    basis: z.enum(BASES).meta({
      description:
        'What the hits go by: what this `person` did, what `examples` (or the context item) look like, or what ' +
        '`everybody` did and what is new, which for a named user or session means that nothing is known of them. ' +
        '`nothing` where there are no hits for that reason.',
    }),
    experiment: z
      .strictObject({ name: z.string(), variant: z.string() })
      .optional()
      .meta({ description: 'The experiment this answer is part of; impressions that you send should name both.' }),
    logged: z.int().optional().meta({ description: 'How many impressions were kept, where `log` asked for it.' }),
    ...served,
  })
  .meta({ id: 'RecommendAnswer' });
export const DuplicatePage = z
  .strictObject({
    duplicates: z.array(
      z.strictObject({
        itemId: ItemId,
        copyOf: ItemId,
        similarity: z.number().min(-1).max(1),
        confidence: z.number().min(0).max(1),
      }),
    ),
    nextCursor: z.string().optional(),
    rate: z.number().meta({ description: 'Of items that have no copy, the share that is listed all the same.' }),
    similarity: z.number().meta({ description: 'Copies are more alike than this.' }),
    finds: z.number().meta({ description: 'Of copies made to measure it, the share that is more alike than that.' }),
    items: z.int().meta({ description: 'How many items the collection has.' }),
    ...served,
  })
  .meta({ id: 'DuplicatePage', description: 'Items that are copies of others, and how sure that is.' });
