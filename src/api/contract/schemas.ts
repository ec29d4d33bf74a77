import { z } from 'zod';
import { EVENT_KINDS, JOB_STATES, type Attributes as JsonObject, RULE_ACTIONS } from '../../catalogue/catalogue.js';
import { whyNoRegion } from '../../core/region.js';
import { FilterSchema } from '../../recommend/filter.js';
import { NO_MATCH_CODES } from '../../recommend/no-match.js';
import { BASES, DIVERSITY_FORMS, DUPLICATES, EXPLORERS } from '../../recommend/planner.js';
import { ITEM_ID_PATTERN, isItemId } from './item-id.js';

/** The named schemas of the contract. Requests are strict: an unknown field is refused, never ignored. */

export const MAX_K = 1_000;
export const MAX_EXAMPLES = 100;
export const MAX_SEARCHES = 100;
export const MAX_EMBEDS = 64;
const MAX_DIMENSION = 65_536;

export const ItemId = z
  .string()
  .refine(isItemId, 'An item id is 1 to 256 characters, none of them a control character.')
  .meta({
    id: 'ItemId',
    description: 'Any string of 1 to 256 characters without control characters.',
    override: { minLength: 1, maxLength: 256, pattern: ITEM_ID_PATTERN },
  });
export const CollectionName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/, 'A collection is named by 1 to 128 of A–Z, a–z, 0–9, "_", "." and "-".')
  .meta({ id: 'CollectionName', description: 'The name of a collection; `default` exists from the start.' });
export const ModelId = z.string().min(1).max(128);
/** Bodies come from JSON with bounded depth, so the values need no walk of their own; the type says what they are. */
export const Attributes = (z.record(z.string(), z.unknown()) as unknown as z.ZodType<JsonObject, JsonObject>).meta({
  id: 'Attributes',
  description: 'One JSON object an item.',
  override: { type: 'object', additionalProperties: true },
});
export const VectorNumbers = z
  .array(z.number())
  .min(1)
  .max(MAX_DIMENSION)
  .meta({ id: 'Vector', description: 'Finite numbers, as many as the model or the collection has dimensions.' });
export const Base64 = z
  .string()
  .min(1)
  .meta({ description: 'The bytes of a picture, as base64; a `data:` URL is taken as well.' });
export const ImageUrl = z
  .string()
  .min(1)
  .max(4_096)
  .meta({ description: 'A public http(s) address of a picture, which the server fetches.' });
export const Filter = FilterSchema;
export const K = z.int().min(1).max(MAX_K).default(10).meta({ description: 'How many hits.' });
export const Cursor = z.string().min(1).max(2_048).meta({ description: 'nextCursor of the page before.' });

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

const given = (example: object, fields: readonly string[]) =>
  fields.filter((field) => (example as Record<string, unknown>)[field] !== undefined);

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

export const SearchRequest = z
  .strictObject({
    examples: z.array(Example).min(1).max(MAX_EXAMPLES),
    k: K,
    cursor: Cursor.optional(),
    filter: Filter.optional(),
    minSimilarity: z.number().min(-1).max(1).optional(),
    ...arrangement,
    explain: z.boolean().default(false),
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
  k: K,
  cursor: Cursor.optional(),
  filter: Filter.optional(),
  minSimilarity: z.number().min(-1).max(1).optional(),
  ...arrangement,
  explain: z.boolean().default(false),
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

export const Time = z
  .union([z.number().min(-8.64e15).max(8.64e15), z.iso.datetime({ offset: true, local: true }), z.iso.date()])
  .meta({ description: 'ISO 8601 (UTC where it names no offset), or epoch milliseconds.' });
/** Of rules, experiments and variants. */
export const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
/** A time that a rule begins or ends at. */
const RuleTime = Time.nullable().optional();
export const RuleId = z.string().regex(NAME, 'A rule is named by 1 to 128 of A–Z, a–z, 0–9, "_", "." and "-".');
export const RuleWrite = z
  .strictObject({
    action: z.enum(RULE_ACTIONS),
    name: z.string().min(1).max(256).nullable().optional(),
    itemId: ItemId.nullable().optional(),
    filter: Filter.nullable().optional(),
    position: z.int().min(1).max(MAX_K).nullable().optional().meta({
      description: 'Where a pin puts its item, from 1 (as without it).',
    }),
    by: z.number().positive().max(2).nullable().optional().meta({
      description: 'What a boost adds to a score and a bury takes from it; 0.2 where it is left out.',
    }),
    from: RuleTime,
    until: RuleTime,
  })
  .superRefine(({ action, itemId, filter, position, by }, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    const has = (value: unknown) => value !== undefined && value !== null;
    if (has(itemId) === has(filter))
      context.addIssue({ code: 'custom', message: 'A rule concerns an itemId or a filter, one of the two.' });
    if (action === 'pin' && has(filter)) refuse('filter', 'A pin is for one item.');
    if (action !== 'pin' && has(position)) refuse('position', 'Only a pin has a position.');
    if (action !== 'boost' && action !== 'bury' && has(by)) refuse('by', 'Only a boost or a bury has an amount.');
  })
  .meta({ id: 'RuleWrite' });
export type RuleWrite = z.output<typeof RuleWrite>;
export const Rule = z
  .strictObject({
    ruleId: z.string(),
    action: z.enum(RULE_ACTIONS),
    name: z.string().nullable(),
    itemId: z.string().nullable(),
    filter: Filter.nullable(),
    position: z.int().nullable(),
    by: z.number().nullable(),
    from: z.iso.datetime().nullable(),
    until: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Rule', description: 'What an administrator wants of some items, whatever they score.' });
const Who = z.string().min(1).max(256);
export const SHOWN_FIELDS = ['propensity', 'position', 'requestId', 'experiment', 'variant'] as const;
export const ExperimentName = z
  .string()
  .regex(NAME, 'An experiment is named by 1 to 128 of A–Z, a–z, 0–9, "_", "." and "-".');
export const VariantName = z.string().regex(NAME, 'A variant is named by 1 to 128 of A–Z, a–z, 0–9, "_", "." and "-".');
export const EventFields = z.strictObject({
  userId: Who.optional(),
  sessionId: Who.optional(),
  itemId: ItemId,
  kind: z.enum(EVENT_KINDS),
  time: Time.optional().meta({ description: 'When it happened; now where it is left out.' }),
  value: z.number().optional(),
  eventId: z.string().min(1).max(256).optional().meta({ description: 'The same id twice counts once.' }),
  propensity: z.number().gt(0).max(1).optional().meta({
    description: 'With impressions: the probability that the item was shown in its place, as its hit says.',
  }),
  position: z.int().min(1).max(1_000_000).optional().meta({ description: 'With impressions: the place, from 1.' }),
  requestId: z.string().min(1).max(256).optional().meta({
    description: 'With impressions: the same for all that one answer showed.',
  }),
  experiment: ExperimentName.optional().meta({ description: 'With impressions: as the answer says.' }),
  variant: VariantName.optional().meta({ description: 'With impressions: as the answer says.' }),
});
export const Event = EventFields.superRefine((event, context) => {
  const shown = given(event, SHOWN_FIELDS);
  if (event.kind !== 'impression')
    for (const field of shown)
      context.addIssue({ code: 'custom', path: [field], message: `Only an impression has a ${field}.` });
  if ((event.experiment === undefined) !== (event.variant === undefined))
    context.addIssue({ code: 'custom', path: ['variant'], message: 'An experiment and its variant go together.' });
}).meta({ id: 'Event', description: 'One thing somebody did with one item.' });
export type Event = z.output<typeof Event>;
export const UserId = Who.meta({ id: 'UserId', description: 'Whoever did it: any string of 1 to 256 characters.' });
export const StoredEvent = z
  .strictObject({
    userId: Who,
    sessionId: Who.optional(),
    itemId: ItemId,
    kind: z.enum(EVENT_KINDS),
    time: z.iso.datetime(),
    value: z.number().optional(),
    eventId: z.string().optional(),
    propensity: z.number().optional(),
    position: z.int().optional(),
    requestId: z.string().optional(),
    experiment: z.string().optional(),
    variant: z.string().optional(),
    request: Attributes.optional().meta({ description: 'What the answer had been asked for, beside whom it was for.' }),
    receivedAt: z.iso.datetime(),
  })
  .meta({ id: 'StoredEvent', description: 'One thing a person did, as it is kept.' });
export const EventsAnswer = z
  .strictObject({
    accepted: z.int(),
    duplicates: z.int(),
    failed: z.array(z.strictObject({ line: z.int().min(1), code: z.string(), message: z.string() })),
    failedUnlisted: z
      .int()
      .min(1)
      .optional()
      .meta({ description: 'How many lines failed beyond those that `failed` lists: the first 10,000.' }),
  })
  .meta({ id: 'EventsAnswer' });

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

export const Job = z
  .strictObject({
    jobId: z.string(),
    kind: z.string(),
    collection: z.string(),
    state: z.enum(JOB_STATES),
    progress: z
      .strictObject({
        stage: z.string().optional(),
        done: z.number(),
        total: z.number().optional(),
        unit: z.string(),
        etaSeconds: z.number().optional(),
        note: z.string().optional(),
      })
      .optional(),
    result: z.unknown().optional(),
    error: z.strictObject({ code: z.string(), message: z.string(), remedy: z.string().optional() }).optional(),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().optional(),
    finishedAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'Job' });
export const Release = z
  .strictObject({
    releaseId: z.string(),
    collection: z.string(),
    indexId: z.string(),
    modelId: z.string(),
    behaviourId: z.string().nullable(),
    active: z.boolean(),
    origin: z.string(),
    createdAt: z.iso.datetime(),
    activatedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Release' });

export const Problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: 'Stable and upper-case; the same failure always has the same code.' }),
    detail: z.string(),
    remedy: z.string().optional(),
    requestId: z.string().optional(),
    issues: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'A problem document, RFC 9457.' });
