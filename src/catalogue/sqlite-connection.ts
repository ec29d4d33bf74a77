import SqliteDatabase from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { AppError } from '../errors.js';
import { catalogueError } from './catalogue-error.js';
import type { Database, Schema } from './schema.js';
import type { RunEach } from './write.js';

type Raw = SqliteDatabase.Database;

/** Statements kept prepared; texts differ with the number of rows or ids in them, so the cache is bounded. */
const CACHED_STATEMENTS = 500;

export interface SqliteConnection {
  readonly raw: Raw;
  readonly db: Database;
  readonly runEach: RunEach;
  close(): void;
}

/** Wraps better-sqlite3 so that a text is prepared once and its failures speak the catalogue's language. */
function cachedStatements(raw: Raw) {
  const cache = new Map<string, SqliteDatabase.Statement>();
  const told = <T>(run: () => T): T => {
    try {
      return run();
    } catch (cause) {
      throw catalogueError(cause);
    }
  };
  const prepare = (text: string): SqliteDatabase.Statement => {
    let statement = cache.get(text);
    if (!statement) {
      if (cache.size >= CACHED_STATEMENTS) cache.clear();
      statement = raw.prepare(text);
      cache.set(text, statement);
    }
    return statement;
  };
  return {
    prepare(text: string) {
      const statement = told(() => prepare(text));
      return {
        reader: statement.reader,
        all: (parameters: readonly unknown[]) => told(() => statement.all(parameters)),
        run: (parameters: readonly unknown[]) => told(() => statement.run(parameters)),
        iterate: (parameters: readonly unknown[]) => statement.iterate(parameters) as IterableIterator<unknown>,
      };
    },
    runEach(text: string, rows: readonly (readonly unknown[])[]): readonly number[] {
      return told(() => {
        const statement = prepare(text);
        return rows.map((parameters) => statement.run(parameters).changes);
      });
    },
    close: () => undefined,
  };
}

/** Turning the log on needs the file alone for a moment, and SQLite does not wait for that as it does for other locks. */
function useWriteAheadLog(raw: Raw): void {
  for (let attempt = 0; ; attempt++) {
    try {
      raw.pragma('journal_mode = WAL');
      return;
    } catch (cause) {
      if ((cause as { code?: string }).code !== 'SQLITE_BUSY' || attempt >= 200) throw cause;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

/**
 * Opens one connection. A `writer` makes the file where there is none and flushes each commit to disk before it
 * answers (`synchronous=FULL`); a `reader` refuses to write. Throws CATALOGUE_UNAVAILABLE.
 */
export function openSqlite(path: string, role: 'reader' | 'writer', busyTimeoutMs = 10_000): SqliteConnection {
  try {
    const raw = new SqliteDatabase(path, { timeout: busyTimeoutMs, fileMustExist: role === 'reader' });
    if (role === 'writer') useWriteAheadLog(raw);
    raw.pragma('synchronous = FULL');
    raw.pragma('foreign_keys = ON');
    // 32 MB of pages, so that reads on the event loop stay in memory. (Mapped files are faster still, and end the
    // process where the disk fails.)
    raw.pragma('cache_size = -32768');
    // Deleted rows are written over with zeros: somebody who asked to be forgotten is not in free pages either.
    raw.pragma('secure_delete = ON');
    // 64 MB of log before it is folded in: pages of big indexes are written to the file once for many commits.
    raw.pragma('wal_autocheckpoint = 16000');
    if (role === 'reader') raw.pragma('query_only = ON');
    const database = cachedStatements(raw);
    const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database }) });
    return { raw, db, runEach: database.runEach, close: () => void (raw.open && raw.close()) };
  } catch (cause) {
    const told = catalogueError(cause);
    if (told instanceof AppError) throw told;
    // A folder that is not there is a TypeError to better-sqlite3.
    throw new AppError('CATALOGUE_UNAVAILABLE', { why: (cause as Error).message }, { cause });
  }
}
