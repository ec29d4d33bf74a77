import type { EventKind, Evidence, StoredEvent } from '../../catalogue/catalogue.js';
import type { Behaviour } from '../planner.js';
import type { Somebody } from './variant-of.js';

/** Behaviour as it was at a moment of the past, in memory. */
export interface Replay {
  readonly behaviour: Behaviour;
  /** Goes on to a moment (epoch milliseconds), never back: events before it have happened, and no others. */
  goTo(time: number): void;
}

const nameOf = (who: Somebody): string => ('userId' in who ? `user ${who.userId}` : `session ${who.sessionId}`);

/**
 * Plays events again in the order in which they happened, so that what would have been recommended can be asked for any
 * moment without a look at what came after. Says of each moment what the catalogue's `events` said then.
 */
export function replayBehaviour(events: readonly StoredEvent[]): Replay {
  const ordered = [...events].sort((a, b) => a.time - b.time);
  const people = new Map<string, StoredEvent[]>();
  const counts = new Map<string, Map<EventKind, number>>();
  let next = 0;

  const file = (name: string, event: StoredEvent) => {
    const own = people.get(name);
    if (own) own.push(event);
    else people.set(name, [event]);
  };
  const sum = (weigh: (kind: EventKind) => number, kinds: ReadonlyMap<EventKind, number>): number =>
    [...kinds].reduce((total, [kind, count]) => total + weigh(kind) * count, 0);
  const of = (who: Somebody): readonly StoredEvent[] => people.get(nameOf(who)) ?? [];
  return {
    goTo(time) {
      for (; next < ordered.length && ordered[next]!.time < time; next++) {
        const event = ordered[next]!;
        if (event.userId !== undefined) file(nameOf({ userId: event.userId }), event);
        if (event.sessionId !== undefined) file(nameOf({ sessionId: event.sessionId }), event);
        const kinds = counts.get(event.itemId) ?? new Map<EventKind, number>();
        kinds.set(event.kind, (kinds.get(event.kind) ?? 0) + 1);
        counts.set(event.itemId, kinds);
      }
    },
    behaviour: {
      async of(_collection, who, limit, kinds) {
        const own = kinds ? of(who).filter(({ kind }) => kinds.includes(kind)) : of(who);
        return own.slice(-limit).reverse();
      },
      async seenBy(_collection, who) {
        return new Set(of(who).flatMap(({ kind, itemId }) => (kind === 'impression' ? [] : [itemId])));
      },
      async popular(_collection, weights, limit) {
        return [...counts]
          .map(([itemId, kinds]) => ({ itemId, weight: sum((kind) => weights[kind], kinds) }))
          .sort((a, b) => b.weight - a.weight || Buffer.compare(Buffer.from(a.itemId), Buffer.from(b.itemId)))
          .slice(0, limit);
      },
      async evidence(_collection, chosen) {
        const told = (kinds: ReadonlyMap<EventKind, number>): Evidence => ({
          shown: kinds.get('impression') ?? 0,
          chosen: sum((kind) => (chosen.includes(kind) ? 1 : 0), kinds),
        });
        return new Map([...counts].map(([itemId, kinds]) => [itemId, told(kinds)]));
      },
    },
  };
}
