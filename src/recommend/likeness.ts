import type { Attributes, Json } from '../catalogue/catalogue.js';
import { dot, type Vector } from '../core/vectors.js';
import type { LiveIndex } from '../indexing/live-index.js';

/** Values of an item that are compared: enough for what tells items apart, few enough for lists of hundreds. */
const MOST_VALUES = 64;

/** How alike two items are, at most 1. */
export type Likeness = (a: string, b: string) => number;

/**
 * Likeness among these items: the cosine of their embeddings; where one of the two has none, the share of attribute
 * values they have in common (Jaccard's coefficient), and 0 where neither has any.
 */
export async function likenessOf(index: LiveIndex, itemIds: readonly string[]): Promise<Likeness> {
  const vectors = new Map<string, Vector>();
  const found = await Promise.all(itemIds.map((itemId) => index.vector(itemId)));
  for (const [i, vector] of found.entries()) if (vector) vectors.set(itemIds[i]!, vector);

  const values = new Map<string, ReadonlySet<string>>();
  const valuesOf = (itemId: string): ReadonlySet<string> => {
    let known = values.get(itemId);
    if (!known) {
      known = attributeValues(index.item(itemId)?.attributes ?? {});
      values.set(itemId, known);
    }
    return known;
  };
  return (a, b) => {
    const [left, right] = [vectors.get(a), vectors.get(b)];
    return left && right ? dot(left, right) : jaccard(valuesOf(a), valuesOf(b));
  };
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const value of a) if (b.has(value)) shared += 1;
  const all = a.size + b.size - shared;
  return all === 0 ? 0 : shared / all;
}

/** Every value with the path to it, each element of a list for itself. */
function attributeValues(attributes: Attributes): Set<string> {
  const values = new Set<string>();
  const walk = (path: string, value: Json): void => {
    if (values.size >= MOST_VALUES) return;
    if (Array.isArray(value)) for (const element of value) walk(path, element);
    else if (value !== null && typeof value === 'object')
      for (const [key, inner] of Object.entries(value)) walk(`${path}.${JSON.stringify(key)}`, inner as Json);
    else values.add(`${path}=${JSON.stringify(value)}`);
  };
  walk('', attributes);
  return values;
}
