import type { StoredEvent } from '../catalogue/catalogue.js';
import type { LiveBehaviour } from './behaviour/live-behaviour.js';
import type { KnownHistory } from './behaviour/score-history.js';
import { rememberPerEvents } from './per-events.js';
import type { Candidate, Situation, Strategy } from './strategy.js';
import { EVENTS_READ, spokenKinds, touches } from './taste.js';

/**
 * What people who did alike did next, by the behaviour model of the release, over the events somebody has by now: the
 * sources of the model and what each weighs. Null where there is no model, where nothing that they touched is known to
 * it or looks like something it knows, and where a least similarity is asked for, which its scores are not.
 */
export const blend: Strategy = {
  needs: 'who',
  fallbacks: ['user', 'session', 'similar', 'popular', 'recent'],
  fillsUp: true,
  async candidates(situation, count) {
    const { index, request, behaviour, collection, learnt, hidden, passes } = situation;
    if (!learnt || !request.who || request.minSimilarity !== undefined) return null;
    await learnt.newcomers.catchUp();
    const events = await behaviour.of(collection, request.who, EVENTS_READ, spokenKinds(situation.weights));
    // With a context item the question is another one, which nobody may ask again.
    const again = request.context === undefined;
    const history = again
      ? remembered(events, [learnt, learnt.newcomers.version, situation.weights], () =>
          historyOf(learnt, situation, events),
        )
      : historyOf(learnt, situation, events);
    if (!history) return null;

    const key = again ? events : {};
    for (let least = count + hidden.size; ; least *= 4) {
      const { places, count: there, whole } = await learnt.shortlists.best(key, history, least);
      const found: Candidate[] = [];
      for (const { itemId, score } of places) {
        if (found.length === count) break;
        const item = index.item(itemId);
        if (!item || hidden.has(itemId) || (passes && !passes(item))) continue;
        found.push({ itemId, score, because: () => learnt.shortlists.why(history, itemId) });
      }
      if (found.length === count || whole) return found;
      least = Math.max(least, there);
    }
  },
};

const remembered = rememberPerEvents<KnownHistory | null>();

/**
 * Somebody's events, newest first, as the model knows items; an item that it doesn't know counts as the one most like it,
 * as far as it is. The context item is the newest of all. Null where nothing they like is left.
 */
function historyOf(
  { model, newcomers }: LiveBehaviour,
  { request, weights }: Situation,
  events: readonly StoredEvent[],
): KnownHistory | null {
  const touched = touches(events, weights).map(({ itemId, weight }) => ({ itemId, weight }));
  if (request.context !== undefined)
    touched.unshift({ itemId: request.context, weight: Math.max(1, ...touched.map(({ weight }) => weight)) });
  const weightOf = new Map<number, number>();
  for (const { itemId, weight } of touched) {
    const own = model.numberOf.get(itemId);
    const [lender] = own === undefined ? (newcomers.of(itemId)?.lenders ?? []) : [{ number: own, cosine: 1 }];
    if (lender && !weightOf.has(lender.number)) weightOf.set(lender.number, weight * lender.cosine);
  }
  const entries = [...weightOf].reverse(); // oldest first
  if (!entries.some(([, weight]) => weight > 0)) return null;
  return {
    items: Uint32Array.from(entries, ([number]) => number),
    weights: Float32Array.from(entries, ([, weight]) => weight),
    seen: Uint32Array.from(touched.flatMap(({ itemId }) => model.numberOf.get(itemId) ?? [])),
  };
}
