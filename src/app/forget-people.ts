import { setTimeout as pause } from 'node:timers/promises';
import type { Events } from '../catalogue/catalogue.js';
import { AppError } from '../errors.js';
import type { Work } from '../jobs/work.js';

/** How long readers may stand in the way of emptying the database's log, and how often it is tried. */
const WIPE_MS = 60_000;
const TRY_MS = 100;

/**
 * Takes away the marked events of everybody who is to be forgotten in a collection, then empties the database's log, where
 * they stand too. (A copy of an entry may stay in a gap of a page until SQLite uses the gap; `VACUUM` alone ends that.)
 * The list is in the catalogue, not in the job: the record of a job stays, and names nobody. What a killed attempt
 * left undone, the next one does. Throws CANCELLED, CLAIM_LOST, and OVERLOADED where the log can't be emptied.
 */
export async function forgetPeople(
  events: Pick<Events, 'toForget' | 'dropUser' | 'wipe'>,
  { collection, holdsClaim, progress }: Pick<Work, 'collection' | 'holdsClaim' | 'progress'>,
): Promise<{ people: number; events: number }> {
  const gone = { people: 0, events: 0 };
  for (let people = await events.toForget(collection); people.length > 0; people = await events.toForget(collection)) {
    for (const userId of people) {
      for (let dropped = 1; dropped > 0; ) {
        await holdsClaim();
        dropped = await events.dropUser(collection, userId);
        gone.events += dropped;
        progress({ stage: 'forget', done: gone.events, unit: 'events' });
      }
      gone.people++;
    }
  }
  // Also where nobody was left: an attempt before this one may have been killed right here.
  for (let waitedMs = 0; !(await events.wipe()); waitedMs += TRY_MS) {
    if (waitedMs >= WIPE_MS) throw new AppError('OVERLOADED', {});
    await pause(TRY_MS);
  }
  return gone;
}
