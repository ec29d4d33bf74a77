import { z } from 'zod';
import type { Attributes as JsonObject } from '../../catalogue/catalogue.js';
import { FilterSchema } from '../../recommend/filter.js';
import { ITEM_ID_PATTERN, isItemId } from './item-id.js';

/** What several subjects share. Requests are strict: an unknown field is refused, never ignored. */

export const MAX_K = 1_000;
export const MAX_DIMENSION = 65_536;
/** Of rules, experiments and variants. */
export const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
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
export const ExperimentName = z
  .string()
  .regex(NAME, 'An experiment is named by 1 to 128 of A–Z, a–z, 0–9, "_", "." and "-".');
export const VariantName = z.string().regex(NAME, 'A variant is named by 1 to 128 of A–Z, a–z, 0–9, "_", "." and "-".');
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
export const Time = z
  .union([z.number().min(-8.64e15).max(8.64e15), z.iso.datetime({ offset: true, local: true }), z.iso.date()])
  .meta({ description: 'ISO 8601 (UTC where it names no offset), or epoch milliseconds.' });
export const given = (example: object, fields: readonly string[]) =>
  fields.filter((field) => (example as Record<string, unknown>)[field] !== undefined);
