import type { Catalogue, StoredEvent } from '../catalogue/catalogue.js';
import type { Log } from '../core/log.js';
import type { Behaviour } from './planner.js';

/** People who are remembered, those who asked last, and events and seen items of all of them: about 100 MB. */
const MOST_PEOPLE = 1_000;
const MOST_HELD = 500_000;
/** Commits that come thick and fast are looked at together. */
const LOOK_MS = 200;

type Who = Parameters<Behaviour['of']>[1];

interface Remembered {
  readonly mark: string;
  /** Of the log when the mark was read: while it stays, so does the mark. */
  version: number | undefined;
  /** Events and items that are held. */
  held: number;
  events?: { readonly asked: string; readonly found: Promise<readonly StoredEvent[]> };
  seen?: Promise<ReadonlySet<string>>;
}

export interface RememberPorts {
  readonly events: Behaviour & Pick<Catalogue['events'], 'mark' | 'removals'>;
  readonly log: Pick<Catalogue['log'], 'watch' | 'version'>;
  /** Where failures are told. */
  readonly tell: Log;
  readonly mostPeople?: number;
  readonly mostHeld?: number;
}

export interface RememberedBehaviour extends Behaviour {
  /** How many people are remembered. */
  people(): number;
  close(): void;
}

/**
 * Behaviour that reads somebody's events again only where some came or went since: the catalogue is asked for their mark
 * each time (unless nobody has written anything), in any process, so that nothing is answered from events that are gone.
 * While they are the same, the same array is handed out. Once anybody's events were taken away, by any process, all that
 * is remembered is dropped: nothing of somebody who was forgotten stays in memory until others take the place.
 */
export function rememberBehaviour(ports: RememberPorts): RememberedBehaviour {
  const { events, log, tell, mostPeople = MOST_PEOPLE, mostHeld = MOST_HELD } = ports;
  const people = new Map<string, Remembered>();
  let held = 0;
  /** What was being read when all was dropped is not remembered. */
  let drops = 0;

  const drop = (key: string): void => {
    held -= people.get(key)?.held ?? 0;
    people.delete(key);
  };
  /** Counts what was found for somebody who is still remembered, and drops whoever asked longest ago. */
  const hold = (key: string, found: Remembered, count: number): void => {
    if (people.get(key) !== found) return;
    found.held += count;
    held += count;
    for (const oldest of people.keys()) {
      if ((people.size <= mostPeople && held <= mostHeld) || people.size === 1) return;
      drop(oldest);
    }
  };

  async function recall(collection: string, who: Who): Promise<{ key: string; found: Remembered }> {
    const key = JSON.stringify([collection, who]);
    const before = drops;
    const version = log.version();
    let found = people.get(key);
    if (!found || version === undefined || found.version !== version) {
      const mark = await events.mark(collection, who);
      found = people.get(key);
      if (found?.mark === mark) found.version = version;
      else found = { mark, version, held: 0 };
    }
    if (before !== drops) return { key, found };
    if (people.get(key) !== found) drop(key);
    people.delete(key); // and to the end: the first of the map is who asked longest ago
    people.set(key, found);
    hold(key, found, 0);
    return { key, found };
  }

  let removals: string | undefined;
  let soon: NodeJS.Timeout | undefined;
  let closed = false;
  async function look(): Promise<void> {
    const now = await events.removals();
    if (now !== removals) {
      people.clear();
      held = 0;
      drops++;
    }
    removals = now;
  }
  const lookSoon = (): void => {
    if (soon || closed) return;
    soon = setTimeout(() => {
      soon = undefined;
      look().catch((cause: unknown) => {
        if (closed) return;
        tell.error({ err: cause }, 'Looking whether events were taken away failed');
        lookSoon();
      });
    }, LOOK_MS).unref();
  };
  lookSoon();
  const unwatch = log.watch(lookSoon);

  return {
    async of(collection, who, limit, kinds) {
      const { key, found } = await recall(collection, who);
      const asked = `${limit} ${kinds?.join() ?? ''}`;
      if (found.events?.asked !== asked) {
        const reading = { asked, found: events.of(collection, who, limit, kinds) };
        found.events = reading;
        reading.found.then(
          (rows) => hold(key, found, rows.length),
          () => {
            if (found.events === reading) delete found.events;
          },
        );
      }
      return found.events.found;
    },
    async seenBy(collection, who) {
      const { key, found } = await recall(collection, who);
      if (!found.seen) {
        found.seen = events.seenBy(collection, who);
        found.seen.then(
          (items) => hold(key, found, items.size),
          () => delete found.seen,
        );
      }
      return found.seen;
    },
    popular: (collection, weights, limit) => events.popular(collection, weights, limit),
    evidence: (collection, chosen) => events.evidence(collection, chosen),
    people: () => people.size,
    close() {
      closed = true;
      unwatch();
      clearTimeout(soon);
      people.clear();
    },
  };
}
