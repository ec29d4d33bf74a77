import { z } from 'zod';
import { DIVERSITY_FORMS, DUPLICATES, EXPLORERS } from '../../recommend/planner.js';
import { MAX_K } from './common-schemas.js';

/** Which hits are shown, and how they are arranged. */

const Diversity = z.number().min(0).max(1).meta({
  description:
    'How much likeness to the hits above counts against a hit: 0 as without, 1 only unlike hits. Hits have a score then.',
});
export const MIN_CONFIDENCE = {
  description:
    'The least confidence of a hit, where the index knows what its similarities mean; see docs/confidence.md. ' +
    'Hits without a similarity are left out, and an answer may be empty: `noMatch` then says why.',
};
/** A dotted path to an attribute, as filters write it. */
const Field = z.string().min(1).max(256);
export const GroupBy = Field.meta({
  description: 'An attribute: of items that share its value, only the best is shown. Items without it stand alone.',
});
const Caps = z
  .array(
    z.strictObject({
      field: Field.meta({ description: 'An attribute; each element of a list counts.' }),
      most: z.int().min(1).max(MAX_K),
    }),
  )
  .max(8)
  .meta({ description: 'At most so many hits, on all pages together, with one value of an attribute.' });
export const DiversityBy = z.enum(DIVERSITY_FORMS).meta({
  description:
    'Whether `diversity` counts likeness to the most alike hit above (`marginal`, as where it is left out) or to all of ' +
    'them together (`determinantal`).',
});
export const Duplicates = z.enum(DUPLICATES).meta({
  description:
    '`collapse`: a hit that is taken for a copy of one above is folded into that one, at a false-positive rate of 1 in ' +
    '100 as the index was calibrated; see docs/confidence.md. As `show` where it is left out.',
});
/** What a request says of which hits are shown, and how they are arranged. */
export const arrangement = {
  minConfidence: z.number().min(0).max(1).optional().meta(MIN_CONFIDENCE),
  diversity: Diversity.optional(),
  diversityBy: DiversityBy.optional(),
  groupBy: GroupBy.optional(),
  caps: Caps.optional(),
  duplicates: Duplicates.optional(),
  rules: z.boolean().optional().meta({
    description: 'false: without the pins, boosts and buries of the collection. What its rules hide stays hidden.',
  }),
};
export const Explore = z
  .strictObject({
    share: z.number().min(0).max(0.5).meta({
      description: 'The probability that a place below the first is given to an item that is little known.',
    }),
    by: z.enum(EXPLORERS).default('epsilon').meta({
      description:
        '`epsilon`: each as likely; `thompson`: as likely as it is to be chosen most often, by what is known of it.',
    }),
    places: z.int().min(2).max(100).default(10).meta({ description: 'How far down places are given away.' }),
  })
  .meta({
    id: 'Explore',
    description: 'Tries out items that were shown little; see docs/experiments.md. Each hit has a `propensity` then.',
  });
