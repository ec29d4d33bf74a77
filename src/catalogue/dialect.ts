import { type RawBuilder, sql } from 'kysely';
import { indexedPeople, type PeopleIndex } from './people-index.js';
import { peopleRuns, RUN_SIZES } from './people-runs.js';

/** Everything in which SQLite and Postgres differ. All else is one text for both. */
export interface Dialect {
  readonly engine: 'sqlite' | 'postgres';
  /** Column types. `id` is text that compares by its bytes, `ms` an integer of 53 bits, `serial` a key that grows. */
  readonly types: {
    readonly id: string;
    readonly ms: string;
    readonly real: string;
    readonly bytes: string;
    readonly serial: string;
  };
  /** Holds the row of a collection until commit, so that revisions commit in order. SQLite has one writer anyway. */
  readonly holdForChange: RawBuilder<unknown>;
  /** Keeps a collection from being deleted meanwhile, and lets its revisions go on. */
  readonly holdForUse: RawBuilder<unknown>;
  readonly holdForDelete: RawBuilder<unknown>;
  /** Lets several workers claim jobs without waiting for one another. */
  readonly skipLocked: RawBuilder<unknown>;
  /** Taken first in every migration: two processes that start at once apply it once. */
  readonly migrationLock: RawBuilder<unknown> | undefined;
  /** Said inside a transaction, heard by every process once it commits. SQLite processes see `data_version` instead. */
  readonly announce: RawBuilder<unknown> | undefined;
  /** Folds SQLite's log into the file and empties it; answers `busy` 1 where somebody still reads from it. */
  readonly emptyLog: RawBuilder<{ busy: number }> | undefined;
  /** How events are found by who did them. */
  readonly people: PeopleIndex;
}

export const CHANGES_CHANNEL = 'kindred_changes';

const nothing = sql``;

export const sqliteDialect: Dialect = {
  engine: 'sqlite',
  types: { id: 'text', ms: 'integer', real: 'real', bytes: 'blob', serial: 'integer primary key autoincrement' },
  holdForChange: nothing,
  holdForUse: nothing,
  holdForDelete: nothing,
  skipLocked: nothing,
  migrationLock: undefined,
  announce: undefined,
  emptyLog: sql`pragma wal_checkpoint(truncate)`,
  people: peopleRuns(RUN_SIZES),
};

export const postgresDialect: Dialect = {
  engine: 'postgres',
  types: {
    id: 'text collate "C"',
    ms: 'bigint',
    real: 'double precision',
    bytes: 'bytea',
    serial: 'bigint generated always as identity primary key',
  },
  holdForChange: sql`for no key update`,
  holdForUse: sql`for key share`,
  holdForDelete: sql`for update`,
  skipLocked: sql`for update skip locked`,
  // Any constant does, as long as nobody else in this database uses it: "kind" in ASCII.
  migrationLock: sql`select pg_advisory_xact_lock(1802071652)`,
  announce: sql`select pg_notify(${sql.lit(CHANGES_CHANNEL)}, '')`,
  emptyLog: undefined,
  people: indexedPeople,
};
