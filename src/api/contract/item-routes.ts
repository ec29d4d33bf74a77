import { z } from 'zod';
import { Attributes, CollectionName, Cursor, Filter, ItemId } from './common-schemas.js';
import { Event, EventsAnswer, StoredEvent, UserId } from './event-schemas.js';
import { Item, ItemLine, ItemResult, ItemWrite } from './item-schemas.js';
import { Job } from './job-schemas.js';
import { integerText, jsonText } from './parameters.js';
import { defineRoute } from './route.js';

const collectionParams = z.strictObject({ collection: CollectionName });
const params = z.strictObject({ collection: CollectionName, itemId: ItemId });
const path = '/v1/collections/{collection}/items/{itemId}';
const pictureErrors = ['PICTURE_TOO_LARGE', 'PICTURE_UNREADABLE', 'URL_FAILED', 'URL_REFUSED'] as const;
const THUMBNAIL_SIZES = [64, 128, 256, 512, 1024] as const;

export const getItem = defineRoute({
  operationId: 'getItem',
  method: 'get',
  path,
  summary: 'One item',
  tag: 'items',
  scope: 'search',
  params,
  answers: { 200: { description: 'The item.', schema: Item } },
  errors: ['COLLECTION_NOT_FOUND', 'ITEM_NOT_FOUND'],
});

export const putItem = defineRoute({
  operationId: 'putItem',
  method: 'put',
  path,
  summary: 'Write an item',
  description:
    'Replaces the attributes, and the picture where one is given; a picture is never dropped by leaving it out. ' +
    'Answered once it is on disk and found. Multipart brings the picture as the file `image`.',
  tag: 'items',
  scope: 'write',
  params,
  body: {
    json: ItemWrite,
    form: z.strictObject({ attributes: Attributes.optional() }),
    files: 1,
    limit: 'pictures',
  },
  answers: {
    200: { description: 'Replaced, or already so.', schema: Item },
    201: { description: 'New.', schema: Item, headers: { Location: 'The address of the item.' } },
  },
  errors: ['COLLECTION_NOT_FOUND', 'DISK_FULL', 'NOT_READY', 'VECTOR_INVALID', 'VECTORS_NOT_TAKEN', ...pictureErrors],
});

export const patchItem = defineRoute({
  operationId: 'patchItem',
  method: 'patch',
  path,
  summary: 'Change attributes',
  description: 'JSON Merge Patch (RFC 7396) on the attributes: null removes a field.',
  tag: 'items',
  scope: 'write',
  params,
  body: {
    json: z.strictObject({ attributes: Attributes.meta({ description: 'The patch.' }) }).meta({ id: 'ItemPatch' }),
    limit: 'small',
  },
  answers: { 200: { description: 'The item as it is now.', schema: Item } },
  errors: ['COLLECTION_NOT_FOUND', 'DISK_FULL', 'ITEM_NOT_FOUND'],
});

export const deleteItem = defineRoute({
  operationId: 'deleteItem',
  method: 'delete',
  path,
  summary: 'Delete an item',
  tag: 'items',
  scope: 'write',
  params,
  answers: { 204: { description: 'Gone, also from searches.' } },
  errors: ['COLLECTION_NOT_FOUND', 'DISK_FULL', 'ITEM_NOT_FOUND'],
});

export const getItemImage = defineRoute({
  operationId: 'getItemImage',
  method: 'get',
  path: `${path}/image`,
  summary: 'The picture of an item',
  description: 'The original, or with `size` a thumbnail (WebP) that fits a square of so many pixels.',
  tag: 'items',
  scope: 'picture',
  params,
  query: z.strictObject({
    size: z
      .enum(THUMBNAIL_SIZES.map(String) as [string, ...string[]])
      .transform(Number)
      .optional()
      .meta({ override: { type: 'integer', enum: [...THUMBNAIL_SIZES] } }),
    expires: z.string().max(16).optional().meta({ description: 'Part of a signed address.' }),
    signature: z.string().max(64).optional().meta({ description: 'Part of a signed address.' }),
  }),
  answers: {
    200: { description: 'The picture.', type: 'image/*', headers: { ETag: 'Names the bytes.' } },
    304: { description: 'Not modified.' },
  },
  errors: ['BLOB_DAMAGED', 'COLLECTION_NOT_FOUND', 'ITEM_NOT_FOUND', 'PICTURE_MISSING', 'PICTURE_UNREADABLE'],
});

export const listItems = defineRoute({
  operationId: 'listItems',
  method: 'get',
  path: '/v1/collections/{collection}/items',
  summary: 'List items',
  description:
    'In byte order of their ids. A page may be shorter than `limit` where a filter is rare: go on by nextCursor.',
  tag: 'items',
  scope: 'search',
  params: collectionParams,
  query: z.strictObject({
    limit: integerText(1, 1_000, 100),
    cursor: Cursor.optional(),
    filter: jsonText(Filter).optional(),
  }),
  answers: {
    200: {
      description: 'One page.',
      schema: z.strictObject({ items: z.array(Item), nextCursor: z.string().optional() }).meta({ id: 'ItemPage' }),
    },
  },
  errors: ['COLLECTION_NOT_FOUND', 'CURSOR_INVALID'],
});

export const batchItems = defineRoute({
  operationId: 'batchItems',
  method: 'post',
  path: '/v1/collections/{collection}/items:batch',
  summary: 'Write many items',
  description:
    'JSON Lines of any length, one item a line; one result line an input line is streamed back while lines are read. ' +
    'A bad line never stops the rest. Read the answer while you send: the server stops reading when too much of it waits.',
  tag: 'items',
  scope: 'write',
  params: collectionParams,
  body: { lines: ItemLine, limit: 'pictures' },
  answers: {
    200: { description: 'One result a line.', schema: ItemResult, type: 'application/x-ndjson' },
  },
  errors: ['COLLECTION_NOT_FOUND', 'NOT_READY'],
});

export const addEvents = defineRoute({
  operationId: 'addEvents',
  method: 'post',
  path: '/v1/collections/{collection}/events',
  summary: 'Say what people did',
  description:
    'One event or a list as JSON, or JSON Lines of any length. Events of any age count, in any order ' +
    'of arrival, on items and by people that nothing is known of; one dated more than a day ahead is refused.',
  tag: 'events',
  scope: 'write',
  params: collectionParams,
  body: {
    json: z.union([Event, z.array(z.unknown()).max(100_000)]).meta({
      id: 'EventsRequest',
      override: {
        anyOf: [
          { $ref: '#/components/schemas/Event' },
          { type: 'array', items: { $ref: '#/components/schemas/Event' }, maxItems: 100_000 },
        ],
      },
    }),
    lines: Event,
    limit: 'large',
  },
  answers: { 200: { description: 'How many were new.', schema: EventsAnswer } },
  errors: ['COLLECTION_NOT_FOUND', 'DISK_FULL'],
});

const userParams = z.strictObject({ collection: CollectionName, userId: UserId });

export const listUserEvents = defineRoute({
  operationId: 'listUserEvents',
  method: 'get',
  path: '/v1/collections/{collection}/users/{userId}/events',
  summary: 'All that is kept of one person',
  description:
    'Oldest first. An event that comes late, and happened before the last one of a page, is not on the pages behind it. ' +
    'Somebody unknown has no events.',
  tag: 'events',
  scope: 'admin',
  params: userParams,
  query: z.strictObject({ limit: integerText(1, 1_000, 100), cursor: Cursor.optional() }),
  answers: {
    200: {
      description: 'One page.',
      schema: z
        .strictObject({ events: z.array(StoredEvent), nextCursor: z.string().optional() })
        .meta({ id: 'UserEventPage' }),
    },
  },
  errors: ['COLLECTION_NOT_FOUND', 'CURSOR_INVALID'],
});

export const forgetUser = defineRoute({
  operationId: 'forgetUser',
  method: 'delete',
  path: '/v1/collections/{collection}/users/{userId}',
  summary: 'Forget one person',
  description:
    'A job that takes away every event of this person that has arrived so far, and them out of all counts. Once it has ' +
    'succeeded no answer depends on them. Events that arrive after this request are kept, until somebody asks again.',
  tag: 'events',
  scope: 'admin',
  params: userParams,
  answers: {
    202: {
      description: 'Queued; or the equal job that is still queued.',
      schema: Job,
      headers: { Location: 'The job.' },
    },
  },
  errors: ['COLLECTION_NOT_FOUND', 'DISK_FULL'],
});
