import { unit, type Vector } from '../core/vectors.js';
import { confidence } from '../indexing/calibration.js';
import type { LiveIndex } from '../indexing/live-index.js';
import type { Hit } from '../recommend/planner.js';
import { MAX_K } from './contract/common-schemas.js';
import { isItemId } from './contract/item-id.js';
import { offsetCursor } from './cursors.js';
import { type HitAnswer, hitAnswers } from './hits.js';
import type { Signer } from './signer.js';

/**
 * The fast path: searches by one item or one vector and nothing else, alone or many at once. They are checked by hand
 * and ask the index directly; whatever is not exactly that, also whatever is wrong with it, goes the long way through
 * the schema and the planner. A test holds both to the same answers.
 */

export interface PlainSearch {
  readonly itemId?: string;
  readonly vector?: readonly number[];
  readonly modelId?: string;
  readonly k: number;
}

/** The one example and k of a search that asks for nothing else; undefined for any other. */
export function plainSearch(search: unknown): PlainSearch | undefined {
  if (search === null || typeof search !== 'object') return undefined;
  const { examples, k = 10 } = search as { examples?: unknown; k?: unknown };
  if (!Array.isArray(examples) || examples.length !== 1 || !hasOnly(search, 'examples', 'k')) return undefined;
  if (typeof k !== 'number' || !Number.isInteger(k) || k < 1 || k > MAX_K) return undefined;
  const example: unknown = examples[0];
  if (example === null || typeof example !== 'object') return undefined;
  const { itemId, vector, modelId } = example as { itemId?: unknown; vector?: unknown; modelId?: unknown };
  if (itemId !== undefined)
    return typeof itemId === 'string' && isItemId(itemId) && hasOnly(example, 'itemId') ? { itemId, k } : undefined;
  if (!isNumbers(vector) || !hasOnly(example, 'vector', 'modelId')) return undefined;
  if (modelId === undefined) return { vector, k };
  return typeof modelId === 'string' ? { vector, modelId, k } : undefined;
}

function hasOnly(value: object, first: string, second?: string): boolean {
  for (const key in value) if (key !== first && key !== second) return false;
  return true;
}

/** `parseJson` has refused what is not finite already. */
function isNumbers(value: unknown): value is readonly number[] {
  if (!Array.isArray(value)) return false;
  for (let i = 0; i < value.length; i++) if (typeof value[i] !== 'number') return false;
  return true;
}

export interface Served {
  readonly collection: string;
  readonly live: LiveIndex;
  readonly signer: Signer;
  readonly signs: boolean;
}

export interface PlainAnswer {
  readonly hits: readonly HitAnswer[];
  readonly nextCursor?: string;
  readonly indexId: string | null;
  readonly modelId: string | null;
  readonly tookMs: number;
}

/** The answers of plain searches, in order; undefined where the long way has to say what is the matter. */
export async function answerPlain(
  { collection, live, signer, signs }: Served,
  searches: readonly (PlainSearch | undefined)[],
  tookMs: () => number,
): Promise<(PlainAnswer | undefined)[]> {
  const { indexId, modelId, calibration } = live;
  const vectors = await Promise.all(searches.map((search) => search && queryVector(live, search)));
  const found = searches.flatMap((search, i) => {
    const vector = vectors[i];
    return search && vector ? [{ i, search, vector }] : [];
  });
  const answers = new Array<PlainAnswer | undefined>(searches.length).fill(undefined);
  if (found.length === 0) return answers;
  // One more than the largest k for the item itself, and one more to know whether there is another page.
  const most = Math.max(...found.map(({ search }) => search.k)) + 2;
  const lists = await live.nearestMany(
    found.map(({ vector }) => vector),
    most,
  );
  // A release that was switched on the way: the long way sees one index.
  if (live.indexId !== indexId) return answers;
  for (const [at, { i, search }] of found.entries()) {
    const near = (lists[at] ?? []).filter((neighbour) => neighbour.itemId !== search.itemId);
    const hits = near.slice(0, search.k).map(({ itemId, similarity }): Hit => {
      const item = live.item(itemId);
      return {
        itemId,
        similarity,
        confidence: calibration && confidence(calibration, similarity),
        attributes: item?.attributes ?? {},
        hasPicture: item?.hasPicture ?? false,
      };
    });
    const next =
      near.length > search.k
        ? offsetCursor(signer, { shape: plainShape(collection, search), indexId }, search.k)
        : undefined;
    answers[i] = {
      hits: hitAnswers(collection, hits, signs ? signer : null),
      ...(next === undefined ? {} : { nextCursor: next }),
      indexId,
      modelId,
      tookMs: tookMs(),
    };
  }
  return answers;
}

/** Unit length; undefined where the item is unknown or not embedded, or the vector is not this index's. */
async function queryVector(live: LiveIndex, { itemId, vector, modelId }: PlainSearch): Promise<Vector | undefined> {
  if (itemId !== undefined) return live.vector(itemId);
  if (!vector || (modelId ?? null) !== live.modelId || vector.length !== live.dimension) return undefined;
  const direction = unit(new Float32Array(vector));
  // Zeros point nowhere, and numbers beyond float32 are infinite by now.
  return direction.some((x) => x !== 0) && direction.every(Number.isFinite) ? live.placed(direction) : undefined;
}

/** What `answer-search.ts` makes of the same search, so that either goes on where the other stopped. */
function plainShape(collection: string, { itemId, vector, modelId }: PlainSearch): string {
  return JSON.stringify([collection, [{ itemId, vector, modelId, weight: 1 }], { scored: false }]);
}
