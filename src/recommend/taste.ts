import type { StoredEvent } from '../catalogue/catalogue.js';
import { contextPull } from './examples.js';
import { rememberPerEvents } from './per-events.js';
import type { Candidate, KindWeights, Situation } from './strategy.js';
import { type Pull, type Query, query, towards } from './towards.js';

/** Events that a taste is made of: the newest ones. Older ones would weigh less than 1 in 600 of the newest. */
export const EVENTS_READ = 200;
/** Steps back (items, not time) at which an item weighs half as much. The wall clock has no say. */
export const HALF_LIFE = 20;

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

/**
 * The items towards which somebody's taste points: the sum of what they touched lately, weighted by kind and recency,
 * pushed away from what they dislike, and pulled towards the context item. Null where nothing is known that
 * they like, or nothing of it has an embedding.
 */
export async function taste(situation: Situation, count: number): Promise<readonly Candidate[] | null> {
  const { index, request, behaviour, collection } = situation;
  if (!request.who || index.dimension === null) return null;
  const events = await behaviour.of(collection, request.who, EVENTS_READ);
  if (request.context === undefined) {
    const sought = await remembered(events, [index, index.version, situation.weights], async () => {
      const pulls = await pullsOf(situation, events);
      return pulls && query(pulls);
    });
    return sought && towards(situation, sought, count);
  }
  const pulls = await pullsOf(situation, events);
  const sought = pulls && query([...pulls, ...(await contextPull(index, request.context))]);
  return sought && towards(situation, sought, count);
}

const remembered = rememberPerEvents<Promise<Query | null>>();

/** What somebody's events pull towards and push away from, scaled to 1 together. Null where nothing they like has an embedding. */
async function pullsOf({ index, weights }: Situation, events: readonly StoredEvent[]): Promise<Pull[] | null> {
  const held = opinions(events, weights);
  const vectors = await Promise.all(held.map(({ itemId }) => index.vector(itemId)));
  const pulls = held.flatMap(({ itemId, kind, weight }, i): Pull[] => {
    const vector = vectors[i];
    return vector ? [{ name: { itemId, event: kind }, vector, weight }] : [];
  });
  // Dislikes alone say where not to look, and that is everywhere else.
  if (!pulls.some(({ weight }) => weight > 0)) return null;

  const total = pulls.reduce((sum, { weight }) => sum + Math.abs(weight), 0);
  return pulls.map((pull) => ({ ...pull, weight: pull.weight / total }));
}
