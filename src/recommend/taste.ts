import type { StoredEvent } from '../catalogue/catalogue.js';
import { alikeThreshold } from './alike-threshold.js';
import { contextPull } from './examples.js';
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
  /** What these ask for without a context item; null where they cancel out. */
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
  const held = await tastesOf(situation, await behaviour.of(collection, request.who, EVENTS_READ));
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
const kept = new WeakMap<readonly StoredEvent[], Pick<Situation, 'index' | 'weights'> & Split>();
interface Split {
  readonly state: string;
  readonly tastes: readonly HeldTaste[];
}

async function tastesOf({ index, weights }: Situation, events: readonly StoredEvent[]): Promise<readonly HeldTaste[]> {
  const state = `${index.indexId} ${index.releaseId} ${index.revision}`;
  const before = kept.get(events);
  if (before?.index === index && before.weights === weights && before.state === state) return before.tastes;
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
  const tastes = split.map(({ likes, weight }): HeldTaste => {
    const pulls = [...likes, ...disliked].map((pull) => ({ ...pull, weight: pull.weight / (weight + away) }));
    const sought = query(pulls);
    const items = likes.slice(0, MOST_NAMED).map(({ name }) => name.itemId);
    return { pulls, sought: sought && { ...sought, lasting: true }, share: weight / all, items };
  });
  kept.set(events, { index, weights, state, tastes });
  return tastes;
}
