import { EVENT_KINDS, type EventKind, type StoredEvent } from '../catalogue/catalogue.js';
import { alikeThreshold } from './alike-threshold.js';
import { contextPull } from './examples.js';
import { rememberPerEvents } from './per-events.js';
import { splitTastes } from './split-tastes.js';
import type { Candidate, KindWeights, Situation } from './strategy.js';
import { takeTurns } from './take-turns.js';
import { type Pull, type Query, query, towards } from './towards.js';

/** Events that a taste is made of: the newest ones. Older ones would weigh less than 1 in 600 of the newest. */
export const EVENTS_READ = 200;
/** Steps back (items, not time) at which an item weighs half as much. The wall clock has no say. */
export const HALF_LIFE = 20;
/** Tastes that are followed, the heaviest: each is a search, and ten hits have no room for more. */
const MOST_TASTES = 5;
/** Likes that an explanation names a taste by. */
const MOST_NAMED = 5;

/** The kinds that say anything: what somebody was shown must not push what they did out of the newest events. */
export const spokenKinds = (weights: KindWeights): EventKind[] => EVENT_KINDS.filter((kind) => weights[kind] !== 0);

interface Opinion {
  readonly itemId: string;
  readonly kind: StoredEvent['kind'];
  readonly weight: number;
}

/**
 * What somebody's events, newest first, say of each item. One item is one step however often it was touched, and its
 * strongest event counts; but whether it is liked or disliked is what was said last.
 */
export function touches(events: readonly StoredEvent[], weights: KindWeights): Opinion[] {
  const byItem = new Map<string, StoredEvent['kind'][]>();
  for (const { itemId, kind } of events) {
    if (weights[kind] === 0) continue;
    const kinds = byItem.get(itemId);
    if (kinds) kinds.push(kind);
    else byItem.set(itemId, [kind]);
  }
  return [...byItem].map(([itemId, kinds]) => {
    const said = kinds.find((kind) => kind === 'like' || kind === 'dislike');
    const strongest = kinds.reduce((best, kind) => (weights[kind] > weights[best] ? kind : best));
    const kind = said === 'dislike' ? said : strongest;
    return { itemId, kind, weight: weights[kind] };
  });
}

/** The same with decay, by steps back. */
export const opinions = (events: readonly StoredEvent[], weights: KindWeights): Opinion[] =>
  touches(events, weights).map((touch, step) => ({ ...touch, weight: touch.weight * 0.5 ** (step / HALF_LIFE) }));

/** One taste of somebody: what pulls and pushes its query, and its share of the weight of all that are followed. */
interface HeldTaste {
  readonly pulls: readonly Pull[];
  /** What is asked where there is no context: what it found stays with it. */
  readonly sought: Query | null;
  readonly share: number;
  /** What it is for: its strongest likes. */
  readonly items: readonly string[];
}

/**
 * The items that somebody's tastes point at. What they touched lately, weighted by kind and recency, is split into
 * tastes, so that nothing is asked for that lies between two of them; each is pushed away from what they dislike, pulled
 * towards the context item, and has its share of every beginning of the answer. The score is no more than the similarity
 * to that taste, nor than the score above. Null where nothing is known that they like, or nothing of it has an embedding.
 */
export async function taste(situation: Situation, count: number): Promise<readonly Candidate[] | null> {
  const { index, request, behaviour, collection } = situation;
  if (!request.who || index.dimension === null) return null;
  const events = await behaviour.of(collection, request.who, EVENTS_READ, spokenKinds(situation.weights));
  const held = await remembered(events, [index, index.version, situation.weights], () => tastesOf(situation, events));
  const context = await contextPull(index, request.context);
  const sides = await Promise.all(
    held.flatMap((one) => {
      const sought = context.length === 0 ? one.sought : query([...one.pulls, ...context]);
      return sought
        ? [towards(situation, sought, count).then((ranked) => ({ ...one, weight: one.share, ranked }))]
        : [];
    }),
  );
  if (sides.length === 0) return null;
  let score = Number.POSITIVE_INFINITY;
  return takeTurns(sides, { keyOf: ({ itemId }) => itemId, count }).map(({ one, side }) => {
    score = Math.min(score, one.score);
    const { share, items } = sides[side]!;
    return { ...one, score, because: async () => ({ ...(await one.because()), taste: { share, items } }) };
  });
}

/** Split once for as long as the same events, of the same index, are asked about: who pages on need not wait again. */
const remembered = rememberPerEvents<Promise<readonly HeldTaste[]>>();

async function tastesOf({ index, weights }: Situation, events: readonly StoredEvent[]): Promise<readonly HeldTaste[]> {
  const held = opinions(events, weights);
  const vectors = await Promise.all(held.map(({ itemId }) => index.vector(itemId)));
  const pulls = held.flatMap(({ itemId, kind, weight }, i) => {
    const vector = vectors[i];
    return vector ? [{ name: { itemId, event: kind }, vector, weight }] : [];
  });
  // Dislikes alone say where not to look, and that is everywhere else.
  const [liked, disliked] = [pulls.filter(({ weight }) => weight > 0), pulls.filter(({ weight }) => weight < 0)];
  const split = splitTastes(liked, { alike: liked.length > 1 ? await alikeThreshold(index) : 1, most: MOST_TASTES });
  const all = split.reduce((sum, { weight }) => sum + weight, 0);
  const away = disliked.reduce((sum, { weight }) => sum - weight, 0);
  return split.map(({ likes, weight }): HeldTaste => {
    const pulls = [...likes, ...disliked].map((pull) => ({ ...pull, weight: pull.weight / (weight + away) }));
    const items = likes.slice(0, MOST_NAMED).map(({ name }) => name.itemId);
    return { pulls, sought: query(pulls), share: weight / all, items };
  });
}
