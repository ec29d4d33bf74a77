import { z } from 'zod';
import { RATES } from '../../indexing/calibration.js';
import { DuplicatePage, RecommendAnswer, SearchAnswer } from './answer-schemas.js';
import { DiversityBy, Duplicates, GroupBy, MIN_CONFIDENCE } from './arrangement-schemas.js';
import { Base64, CollectionName, Cursor, Filter, ImageUrl, ItemId, MAX_K } from './common-schemas.js';
import { PictureExample, RegionOfPicture } from './example-schemas.js';
import { integerText, jsonText, numberText } from './parameters.js';
import { Problem } from './problem-schema.js';
import { defineRoute } from './route.js';
import { MAX_EMBEDS, MAX_SEARCHES, RecommendRequest, SearchForm, SearchRequest } from './search-schemas.js';

const params = z.strictObject({ collection: CollectionName });
const searchErrors = [
  'COLLECTION_NOT_FOUND',
  'CURSOR_GONE',
  'CURSOR_INVALID',
  'ITEM_NOT_EMBEDDED',
  'ITEM_NOT_FOUND',
  'MODEL_MISMATCH',
  'MODEL_NOT_FOUND',
  'NOT_CALIBRATED',
  'NOT_READY',
  'PICTURE_MISSING',
  'PICTURE_TOO_LARGE',
  'PICTURE_UNREADABLE',
  'URL_FAILED',
  'URL_REFUSED',
  'VECTOR_INVALID',
] as const;

export const search = defineRoute({
  operationId: 'search',
  method: 'post',
  path: '/v1/collections/{collection}/search',
  summary: 'Items like the examples',
  description:
    'Examples are items, vectors, pictures or addresses of pictures, each with a weight; a multipart request brings ' +
    'one picture as the file `image`. With a `region`, only that part of a picture is the example. Items named as ' +
    'examples are not among the hits.',
  tag: 'search',
  scope: 'search',
  params,
  body: { json: SearchRequest, parsedLate: true, form: SearchForm, files: 1, limit: 'pictures' },
  answers: { 200: { description: 'The nearest items, most similar first.', schema: SearchAnswer } },
  errors: searchErrors,
});

export const similar = defineRoute({
  operationId: 'similar',
  method: 'get',
  path: '/v1/collections/{collection}/items/{itemId}/similar',
  summary: 'Items like one item',
  tag: 'search',
  scope: 'search',
  params: z.strictObject({ collection: CollectionName, itemId: ItemId }),
  query: z.strictObject({
    k: integerText(1, MAX_K, 10),
    cursor: Cursor.optional(),
    filter: jsonText(Filter).optional(),
    minSimilarity: numberText(-1, 1).optional(),
    minConfidence: numberText(0, 1).optional().meta(MIN_CONFIDENCE),
    diversity: numberText(0, 1).optional(),
    diversityBy: DiversityBy.optional(),
    groupBy: GroupBy.optional(),
    duplicates: Duplicates.optional(),
  }),
  answers: { 200: { description: 'The nearest items, never the item itself.', schema: SearchAnswer } },
  errors: [
    'COLLECTION_NOT_FOUND',
    'CURSOR_GONE',
    'CURSOR_INVALID',
    'ITEM_NOT_EMBEDDED',
    'ITEM_NOT_FOUND',
    'NOT_CALIBRATED',
    'NOT_READY',
  ],
});

export const searchBatch = defineRoute({
  operationId: 'searchBatch',
  method: 'post',
  path: '/v1/collections/{collection}/search:batch',
  summary: 'Many searches at once',
  description: 'Answers stand in the order of the searches; one that fails does not fail the others.',
  tag: 'search',
  scope: 'search',
  params,
  body: {
    json: z.strictObject({ searches: z.array(z.unknown()).min(1).max(MAX_SEARCHES) }).meta({
      id: 'SearchBatchRequest',
      override: ({ jsonSchema }: { jsonSchema: { properties?: Record<string, object> } }) => {
        Object.assign(jsonSchema.properties?.searches ?? {}, {
          items: { $ref: '#/components/schemas/SearchRequest' },
        });
      },
    }),
    limit: 'pictures',
  },
  answers: {
    200: {
      description: 'One answer or error a search, in order.',
      schema: z
        .strictObject({ results: z.array(z.union([SearchAnswer, z.strictObject({ error: Problem })])) })
        .meta({ id: 'SearchBatchAnswer' }),
    },
  },
  errors: ['COLLECTION_NOT_FOUND', 'NOT_READY'],
});

export const recommend = defineRoute({
  operationId: 'recommend',
  method: 'post',
  path: '/v1/collections/{collection}/recommendations',
  summary: 'What somebody should see next',
  description:
    'For a user, a session, or examples liked and disliked (negative weight); without any of them, what is popular. ' +
    'People are answered by the behaviour model of the release, once one was trained, else by what looks like their taste. ' +
    'What somebody has seen does not come back unless `includeSeen` says so. `explore` tries out what is little known, `log` ' +
    'keeps what was shown; an active experiment answers each person as their variant says.',
  tag: 'search',
  scope: 'search',
  params,
  body: { json: RecommendRequest, limit: 'pictures' },
  answers: {
    200: { description: 'Hits in the order to show, and which strategy chose them.', schema: RecommendAnswer },
  },
  errors: [...searchErrors, 'DISK_FULL'],
});

export const embed = defineRoute({
  operationId: 'embed',
  method: 'post',
  path: '/v1/collections/{collection}/embed',
  summary: 'Vectors of pictures',
  description: 'By the model this collection is searched with. JSON with pictures, or multipart with files `image`.',
  tag: 'search',
  scope: 'search',
  params,
  body: {
    json: z
      .strictObject({
        images: z.array(Base64).min(1).max(MAX_EMBEDS).optional(),
        image: Base64.optional(),
        imageUrl: ImageUrl.optional(),
      })
      .superRefine((body, context) => {
        if ([body.images, body.image, body.imageUrl].filter((part) => part !== undefined).length !== 1)
          context.addIssue({ code: 'custom', message: 'Give exactly one of images, image and imageUrl.' });
      })
      .meta({ id: 'EmbedRequest' }),
    form: z.strictObject({}),
    files: MAX_EMBEDS,
    limit: 'pictures',
  },
  answers: {
    200: {
      description: 'One unit vector a picture, in order.',
      schema: z
        .strictObject({ vectors: z.array(z.array(z.number())), modelId: z.string() })
        .meta({ id: 'EmbedAnswer' }),
    },
  },
  errors: [
    'COLLECTION_NOT_FOUND',
    'MODEL_NOT_FOUND',
    'NOT_READY',
    'PICTURE_TOO_LARGE',
    'PICTURE_UNREADABLE',
    'URL_FAILED',
    'URL_REFUSED',
  ],
});

export const listDuplicates = defineRoute({
  operationId: 'listDuplicates',
  method: 'get',
  path: '/v1/collections/{collection}/duplicates',
  summary: 'Items that are copies of another one',
  description:
    'Each item that is taken for a copy of one whose id stands before its own, beside the first such item: what would ' +
    'go if each picture were kept once. A request looks at 2,000 items at most and for a second at most, so a page may ' +
    'be short or empty: go on by nextCursor, which belongs to one index. See docs/confidence.md.',
  tag: 'search',
  scope: 'search',
  params,
  query: z.strictObject({
    rate: z
      .enum(RATES.map(String) as [string, ...string[]])
      .transform(Number)
      .default(RATES[0])
      .meta({
        description: 'The false-positive rate: of items that have no copy, the share that may be listed.',
        override: { type: 'number', enum: [...RATES], default: RATES[0] },
      }),
    limit: integerText(1, 1_000, 100),
    cursor: Cursor.optional(),
  }),
  answers: { 200: { description: 'One page, in byte order of the ids.', schema: DuplicatePage } },
  errors: ['COLLECTION_NOT_FOUND', 'CURSOR_GONE', 'CURSOR_INVALID', 'NOT_CALIBRATED', 'NOT_READY'],
});

const view = {
  show: z
    .enum(['places', 'shares'])
    .default('places')
    .meta({
      description:
        '`places`: what of each picture is found again anywhere in the other. `shares`: what each part gives to the ' +
        'similarity, which also counts where things are.',
    }),
  size: z.int().min(64).max(1_024).default(384).meta({ description: 'Sides of the PNGs in pixels.' }),
  blend: z.boolean().default(true).meta({
    description: 'true: the heat lies on the picture, which is paled. false: the heat alone, on transparency.',
  }),
};
const Rows = z.array(z.array(z.number()));
const ExplainedSide = z
  .strictObject({
    places: Rows.meta({ description: 'How alike the best place of the other picture is, row by row, in [−1, 1].' }),
    shares: Rows.meta({ description: 'What each cell gives to the similarity, row by row; they add up to it.' }),
    image: z.string().meta({ description: 'What `show` names, as a heat map: a PNG, as base64.' }),
  })
  .meta({ id: 'ExplainedSide', description: 'The square of a picture that the encoder sees, and its heat.' });

export const explainMatch = defineRoute({
  operationId: 'explainMatch',
  method: 'post',
  path: '/v1/collections/{collection}/items/{itemId}/explain',
  summary: 'Where an example and an item are alike',
  description:
    'The parts of two pictures that match: of the example (an item, a picture, its address, or a part of one; in a form ' +
    'the file `image`) and of this item. Ask for `image/png` with `Accept` for both heat maps beside each other as one ' +
    'picture. See docs/regions.md.',
  tag: 'search',
  scope: 'search',
  params: z.strictObject({ collection: CollectionName, itemId: ItemId }),
  body: {
    json: z.strictObject({ example: PictureExample, ...view }).meta({ id: 'ExplainRequest' }),
    form: z.strictObject({
      region: RegionOfPicture.optional().meta({ description: 'Only this part of the file is the example.' }),
      ...view,
    }),
    files: 1,
    limit: 'pictures',
  },
  answers: {
    200: {
      description: 'The heat of both pictures.',
      schema: z
        .strictObject({
          similarity: z.number().min(-1).max(1),
          query: ExplainedSide,
          hit: ExplainedSide,
          indexId: z.string().nullable(),
          modelId: z.string(),
          tookMs: z.number().min(0),
        })
        .meta({ id: 'ExplainAnswer' }),
      otherType: 'image/png',
    },
  },
  errors: [
    'BLOB_DAMAGED',
    'COLLECTION_NOT_FOUND',
    'ITEM_NOT_FOUND',
    'MODEL_NOT_FOUND',
    'MODEL_WITHOUT_MAP',
    'NOT_READY',
    'PICTURE_MISSING',
    'PICTURE_TOO_LARGE',
    'PICTURE_UNREADABLE',
    'URL_FAILED',
    'URL_REFUSED',
  ],
});
