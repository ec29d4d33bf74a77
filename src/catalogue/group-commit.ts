import type { Database as RawDatabase } from 'better-sqlite3';
import { catalogueError } from './catalogue-error.js';
import type { Dialect } from './dialect.js';
import { type ErrorWire, errorToWire } from './error-wire.js';
import type { Database } from './schema.js';
import type { SqliteConnection } from './sqlite-connection.js';
import type { WriteContext } from './write.js';
import type { WriteName } from './writer.js';
import { WRITES } from './writes.js';

/** One write that waits: its name, what it was handed, and when it was asked for. */
export interface WaitingWrite {
  readonly id: number;
  readonly name: WriteName;
  readonly args: unknown;
  readonly now: number;
}

export type WriteOutcome =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: ErrorWire };

type AnyWrite = (trx: Database, args: unknown, context: WriteContext) => Promise<unknown>;

/** How long a group waits for another process's transaction, and how often it looks. */
const LOCK_WAIT_MS = 20_000;
const LOCK_PAUSE_MS = 1;

/**
 * Commits waiting writes in one transaction with one flush. Each stands under a savepoint, so that one that fails does
 * not fail the others; nothing is answered before COMMIT. Where the transaction itself is lost (a full disk), each
 * write gets a transaction of its own, so that only those fail for which there is no room.
 */
export async function commitGroup(
  connection: SqliteConnection,
  group: readonly WaitingWrite[],
  dialect: Dialect,
): Promise<readonly WriteOutcome[]> {
  try {
    return await oneTransaction(connection, group, dialect);
  } catch (cause) {
    if (group.length === 1) return [{ id: group[0]!.id, error: errorToWire(catalogueError(cause)) }];
    const outcomes: WriteOutcome[] = [];
    for (const write of group) outcomes.push(...(await commitGroup(connection, [write], dialect)));
    return outcomes;
  }
}

async function oneTransaction(
  connection: SqliteConnection,
  group: readonly WaitingWrite[],
  dialect: Dialect,
): Promise<readonly WriteOutcome[]> {
  const { raw } = connection;
  await begin(raw);
  try {
    const outcomes: WriteOutcome[] = [];
    const savepoint = group.length > 1;
    for (const write of group) outcomes.push(await underSavepoint(connection, write, { dialect, savepoint }));
    raw.exec('commit');
    return outcomes;
  } finally {
    if (raw.inTransaction) raw.exec('rollback');
  }
}

/** Waits for the write lock with short pauses: SQLite's own waiting backs off so far that a busy neighbour starves it. */
async function begin(raw: RawDatabase): Promise<void> {
  const deadline = performance.now() + LOCK_WAIT_MS;
  raw.pragma('busy_timeout = 0');
  try {
    for (;;) {
      try {
        raw.exec('begin immediate');
        return;
      } catch (cause) {
        const busy = String((cause as { code?: unknown }).code).startsWith('SQLITE_BUSY');
        if (!busy || performance.now() > deadline) throw cause;
        await new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS));
      }
    }
  } finally {
    raw.pragma('busy_timeout = 10000');
  }
}

async function underSavepoint(
  { raw, db, runEach }: SqliteConnection,
  write: WaitingWrite,
  { dialect, savepoint }: { dialect: Dialect; savepoint: boolean },
): Promise<WriteOutcome> {
  const run = WRITES[write.name] as AnyWrite;
  if (savepoint) raw.exec('savepoint one_write');
  try {
    const value = await run(db, write.args, { now: write.now, dialect, runEach });
    if (savepoint) raw.exec('release one_write');
    return { id: write.id, value };
  } catch (cause) {
    // A full disk may have undone the whole transaction already; then the group is tried one by one.
    if (!savepoint || !raw.inTransaction) throw cause;
    raw.exec('rollback to one_write');
    raw.exec('release one_write');
    return { id: write.id, error: errorToWire(catalogueError(cause)) };
  }
}
