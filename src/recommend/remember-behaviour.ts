import type { Events, StoredEvent } from '../catalogue/catalogue.js';
import type { Behaviour } from './planner.js';

/** People who are remembered, those who asked last: at 200 events each, about 50 MB. */
const MOST_PEOPLE = 1_000;

type Who = Parameters<Behaviour['of']>[1];

interface Remembered {
  readonly mark: string;
  events?: { readonly asked: string; readonly found: Promise<readonly StoredEvent[]> };
  seen?: Promise<ReadonlySet<string>>;
}

/**
 * Behaviour that reads somebody's events again only where some came or went since: the catalogue is asked for their mark
 * each time, in any process, so that nothing is answered from events that are gone. While they are the same, the same
 * array is handed out.
 */
export function rememberBehaviour(events: Behaviour & Pick<Events, 'mark'>, mostPeople = MOST_PEOPLE): Behaviour {
  const people = new Map<string, Remembered>();

  async function recall(collection: string, who: Who): Promise<Remembered> {
    const key = JSON.stringify([collection, who]);
    const mark = await events.mark(collection, who);
    let found = people.get(key);
    people.delete(key); // and to the end: the first of the map is who asked longest ago
    if (found?.mark !== mark) found = { mark };
    people.set(key, found);
    if (people.size > mostPeople) people.delete(people.keys().next().value as string);
    return found;
  }

  return {
    async of(collection, who, limit, kinds) {
      const found = await recall(collection, who);
      const asked = `${limit} ${kinds?.join() ?? ''}`;
      if (found.events?.asked !== asked) {
        found.events = { asked, found: events.of(collection, who, limit, kinds) };
        found.events.found.catch(() => delete found.events);
      }
      return found.events.found;
    },
    async seenBy(collection, who) {
      const found = await recall(collection, who);
      if (!found.seen) {
        found.seen = events.seenBy(collection, who);
        found.seen.catch(() => delete found.seen);
      }
      return found.seen;
    },
    popular: (collection, weights, limit) => events.popular(collection, weights, limit),
    evidence: (collection, chosen) => events.evidence(collection, chosen),
  };
}
