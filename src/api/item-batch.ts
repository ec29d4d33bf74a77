import type { LiveIndex } from '../indexing/live-index.js';
import type { Hit } from '../recommend/planner.js';
import { isItemId } from './contract/item-id.js';
import { MAX_K } from './contract/schemas.js';
import { offsetCursor } from './cursors.js';
import { hitAnswers } from './hits.js';
import type { Signer } from './signer.js';

/** The fast path of search:batch: searches by one item and nothing else share one call to the index. */

export interface PlainItemSearch {
  readonly itemId: string;
  readonly k: number;
}

/**
 * The one item and k of a search that asks for nothing else; undefined for any other, also a wrong one, which the
 * long way answers.
 */
export function plainItemSearch(search: unknown): PlainItemSearch | undefined {
  if (search === null || typeof search !== 'object') return undefined;
  const { examples, k = 10, ...rest } = search as { examples?: unknown; k?: unknown };
  if (!Array.isArray(examples) || examples.length !== 1 || Object.keys(rest).length > 0) return undefined;
  if (typeof k !== 'number' || !Number.isInteger(k) || k < 1 || k > MAX_K) return undefined;
  const example: unknown = examples[0];
  if (example === null || typeof example !== 'object') return undefined;
  const { itemId, ...wishes } = example as { itemId?: unknown };
  if (typeof itemId !== 'string' || !isItemId(itemId) || Object.keys(wishes).length > 0) return undefined;
  return { itemId, k };
}

export interface Served {
  readonly collection: string;
  readonly live: LiveIndex;
  readonly signer: Signer;
  readonly signs: boolean;
}

/** Fills in the answers of plain searches whose item has a vector; leaves the others undefined. */
export async function nearestToItems(
  { collection, live, signer, signs }: Served,
  searches: readonly (PlainItemSearch | undefined)[],
  results: unknown[],
  tookMs: () => number,
): Promise<void> {
  const { indexId, modelId } = live;
  const vectors = await Promise.all(searches.map((search) => search && live.vector(search.itemId)));
  const found = searches.flatMap((search, i) => {
    const vector = vectors[i];
    return search && vector ? [{ i, search, vector }] : [];
  });
  if (found.length === 0) return;
  // One more than the largest k for the item itself, and one more to know whether there is another page.
  const most = Math.max(...found.map(({ search }) => search.k)) + 2;
  const lists = await live.nearestMany(
    found.map(({ vector }) => vector),
    most,
  );
  // A release that was switched on the way: the long way sees one index.
  if (live.indexId !== indexId) return;
  for (const [at, { i, search }] of found.entries()) {
    const near = (lists[at] ?? []).filter((neighbour) => neighbour.itemId !== search.itemId);
    const hits = near.slice(0, search.k).map((neighbour): Hit => {
      const item = live.item(neighbour.itemId);
      return { ...neighbour, attributes: item?.attributes ?? {}, hasPicture: item?.hasPicture ?? false };
    });
    const owner = { shape: plainShape(collection, search.itemId), indexId };
    const next = near.length > search.k ? offsetCursor(signer, owner, search.k) : undefined;
    results[i] = {
      hits: hitAnswers(collection, hits, signs ? signer : null),
      ...(next === undefined ? {} : { nextCursor: next }),
      indexId,
      modelId,
      tookMs: tookMs(),
    };
  }
}

/** What `answer-search.ts` makes of the same search, so that either goes on where the other stopped. */
const plainShape = (collection: string, itemId: string): string =>
  JSON.stringify([collection, [{ itemId, weight: 1 }], { scored: false }]);
