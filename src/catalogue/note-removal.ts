import { sql } from 'kysely';
import type { Database } from './schema.js';

/** Where it is counted how often events were taken away. */
export const REMOVALS = 'event-removals';

/** Whoever remembers events hears of it through the log. Last in its transaction: all removals wait for this row. */
export const noteRemoval = (trx: Database) =>
  sql`insert into installation (name, value) values (${REMOVALS}, '1') on conflict (name)
    do update set value = cast(cast(installation.value as bigint) + 1 as text)`.execute(trx);
