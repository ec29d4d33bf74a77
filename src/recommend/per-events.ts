import type { StoredEvent } from '../catalogue/catalogue.js';

/** Makes something of somebody's events, or hands out what was made of the same array while `of` is the same too. */
export type PerEvents<T> = (events: readonly StoredEvent[], of: readonly unknown[], make: () => T) => T;

/**
 * A memory of what was worked out from people's events. It goes with the array of events: nothing of somebody stays here
 * longer than their events do in memory.
 */
export function rememberPerEvents<T>(): PerEvents<T> {
  const kept = new WeakMap<readonly StoredEvent[], { readonly of: readonly unknown[]; readonly made: T }>();
  return (events, of, make) => {
    const before = kept.get(events);
    if (before?.of.every((each, i) => each === of[i])) return before.made;
    const made = make();
    kept.set(events, { of, made });
    return made;
  };
}
