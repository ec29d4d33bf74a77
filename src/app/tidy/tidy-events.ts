import { DAY_MS, type Tidying } from './tidying.js';

/** Events in one transaction. */
const AT_ONCE = 500;

/**
 * Takes away what happened more than `days` before this tidying, by the wall clock and the time of the event: one event
 * with a wrong time can not expire the others. Without `days` nothing expires.
 */
export async function tidyEvents(tidying: Tidying, collection: string, days: number | undefined): Promise<void> {
  if (days === undefined) return;
  const { events } = tidying.stores.catalogue;
  const time = tidying.startedAt - days * DAY_MS;
  if (tidying.dryRun) {
    tidying.report.events += await events.countBefore(collection, time);
    return;
  }
  for (let after = 0; ; ) {
    const places = await events.before(collection, time, { after, limit: AT_ONCE });
    const last = places.at(-1);
    if (last === undefined) return;
    tidying.report.events += await events.remove(collection, places);
    after = last;
    await tidying.pause();
  }
}
