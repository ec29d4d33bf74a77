import { dot, unit, type Vector } from '../core/vectors.js';
import type { LiveItem } from '../indexing/live-index.js';
import type { Neighbour } from '../store/vector-store.js';
import type { Candidate, Situation } from './strategy.js';

/** One thing that pulls (weight above 0) or pushes (below 0) the query. `name` tells it apart in explanations. */
export interface Pull {
  readonly name: Readonly<Record<string, string | number>>;
  /** Unit length. */
  readonly vector: Vector;
  readonly weight: number;
}

export interface Query {
  /** Unit length. */
  readonly vector: Vector;
  /** The weights as they entered the sum, divided by its length: share = weight × cosine, and shares add up to the similarity. */
  readonly pulls: readonly Pull[];
  /** What was nearest to it when it was last asked, of an index that is still the same. */
  near?: { readonly k: number; readonly found: readonly Neighbour[] };
}

/**
 * Pushes together weigh at most this much of the pulls (as in Rocchio's relevance feedback). A query that is mostly
 * "away from" points into empty space, and its neighbours look like chance.
 */
const MOST_PUSH = 0.5;
/** Hidden items up to this many are asked for on top and dropped: cheaper than a filter that the graph calls per item. */
const MOST_SURPLUS = 256;
/** Reasons given for one hit. */
const MOST_REASONS = 5;

/**
 * The normalised weighted sum of what pulls and pushes, (dimension). With pushes alone it points straight away from
 * them. Null where everything cancels out, or nothing is there.
 */
export function query(pulls: readonly Pull[]): Query | null {
  const total = (sign: number) => pulls.reduce((sum, { weight }) => sum + Math.max(0, sign * weight), 0);
  const [pulled, pushed] = [total(1), total(-1)];
  const damping = pulled > 0 && pushed > MOST_PUSH * pulled ? (MOST_PUSH * pulled) / pushed : 1;
  const first = pulls.find(({ weight }) => weight !== 0);
  if (!first) return null;

  const sum = new Float64Array(first.vector.length);
  const damped = pulls.map((pull) => ({ ...pull, weight: pull.weight < 0 ? pull.weight * damping : pull.weight }));
  for (const { vector, weight } of damped) for (let i = 0; i < sum.length; i++) sum[i]! += weight * vector[i]!;
  const length = Math.sqrt(dot(sum, sum));
  // Relative, since float32 unit vectors that cancel leave about 1e-7 of their weight behind.
  if (!(length > 1e-6 * (pulled + pushed))) return null;
  return { vector: unit(sum), pulls: damped.map((pull) => ({ ...pull, weight: pull.weight / length })) };
}

/** The items nearest to a query that may be shown, as candidates; at most `count`, fewer only where there are no more. */
export async function towards(situation: Situation, sought: Query, count: number): Promise<Candidate[]> {
  const { index, request } = situation;
  const near = await nearestShown(situation, sought, count);
  const { pulls } = sought;
  const floor = request.minSimilarity;
  const kept = floor === undefined ? near : near.filter(({ similarity }) => similarity >= floor);
  return kept.map(({ itemId, similarity }) => ({
    itemId,
    score: similarity,
    similarity,
    because: async () => ({ because: reasons(pulls, await index.vector(itemId)) }),
  }));
}

async function nearestShown(
  { index, hidden, passes }: Situation,
  sought: Query,
  count: number,
): Promise<readonly Neighbour[]> {
  if (index.dimension === null) return [];
  if (!passes && hidden.size <= MOST_SURPLUS) {
    const k = count + hidden.size;
    if (!sought.near || sought.near.k < k) sought.near = { k, found: await index.nearest(sought.vector, k) };
    return sought.near.found.filter(({ itemId }) => !hidden.has(itemId)).slice(0, count);
  }
  const accept = (item: LiveItem): boolean => !hidden.has(item.itemId) && (!passes || passes(item));
  return index.nearest(sought.vector, count, accept);
}

/** The strongest reasons first, each with its share of the similarity. */
function reasons(pulls: readonly Pull[], vector: Vector | undefined): readonly object[] {
  if (!vector) return [];
  return pulls
    .map(({ name, vector: pull, weight }) => {
      const similarity = dot(pull, vector);
      return { ...name, similarity, share: weight * similarity };
    })
    .sort((a, b) => Math.abs(b.share) - Math.abs(a.share))
    .slice(0, MOST_REASONS);
}
