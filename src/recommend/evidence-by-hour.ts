import type { EventKind, Evidence } from '../catalogue/catalogue.js';
import type { Behaviour } from './planner.js';

/** As long as this, equal requests of one person are given equal draws from equal counts: an hour, in ms. */
export const HOUR_MS = 3_600_000;
/** Events that say that an item was chosen. */
export const CHOSEN_KINDS: readonly EventKind[] = ['click', 'like', 'cart', 'purchase'];

export type EvidenceByHour = (collection: string, now: number) => Promise<ReadonlyMap<string, Evidence>>;

/** Counts of all items as they stood when the first request of this hour asked: pages of one answer must not disagree. */
export function evidenceByHour(behaviour: Pick<Behaviour, 'evidence'>): EvidenceByHour {
  const held = new Map<string, { readonly hour: number; readonly read: ReturnType<Behaviour['evidence']> }>();
  return (collection, now) => {
    const hour = Math.floor(now / HOUR_MS);
    const known = held.get(collection);
    if (known?.hour === hour) return known.read;
    const read = behaviour.evidence(collection, CHOSEN_KINDS);
    held.set(collection, { hour, read });
    read.catch(() => held.delete(collection)); // asked for again by the next request
    return read;
  };
}
