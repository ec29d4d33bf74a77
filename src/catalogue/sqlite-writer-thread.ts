import { isMainThread, type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { sqliteDialect } from './dialect.js';
import { type ErrorWire, errorToWire } from './error-wire.js';
import { commitGroup, type WaitingWrite, type WriteOutcome } from './group-commit.js';
import type { RunSizes } from './merge-runs.js';
import { migrate } from './migrate.js';
import { peopleRuns } from './people-runs.js';
import { openSqlite, type SqliteConnection } from './sqlite-connection.js';

/** What the thread is started with. */
export interface WriterThreadData {
  readonly kindredSqliteFile: string;
  readonly now: number;
  /** Only tests hand in others. */
  readonly runSizes?: RunSizes;
}

export type ToWriter = { readonly write: WaitingWrite } | { readonly close: true };
export type FromWriter =
  | { readonly ready: true }
  | { readonly failed: ErrorWire }
  | { readonly outcomes: readonly WriteOutcome[] }
  | { readonly closed: true };

/** Writes in one transaction at most: enough that a flush is shared, few enough that the first does not wait long. */
const GROUP = 256;

async function openAndMigrate({ kindredSqliteFile, now }: WriterThreadData): Promise<SqliteConnection> {
  const connection = openSqlite(kindredSqliteFile, 'writer');
  try {
    connection.raw.exec('begin immediate');
    await migrate(connection.db, sqliteDialect, now);
    connection.raw.exec('commit');
    return connection;
  } catch (cause) {
    connection.close();
    throw cause;
  }
}

/** The body of the thread that owns SQLite's only writing connection: it takes what waits and commits it together. */
export async function sqliteWriterThread(port: MessagePort, settings: WriterThreadData): Promise<void> {
  const tell = (message: FromWriter): void => port.postMessage(message);
  let connection: SqliteConnection;
  try {
    connection = await openAndMigrate(settings);
  } catch (cause) {
    tell({ failed: errorToWire(cause) });
    port.close();
    return;
  }

  const { runSizes } = settings;
  const dialect = runSizes ? { ...sqliteDialect, people: peopleRuns(runSizes) } : sqliteDialect;
  const waiting: WaitingWrite[] = [];
  let working = false;
  let closing = false;
  const work = async (): Promise<void> => {
    while (waiting.length > 0) {
      tell({ outcomes: await commitGroup(connection, waiting.splice(0, GROUP), dialect) });
      // Lets messages in that came during the flush: they are the next group.
      await new Promise((resolve) => setImmediate(resolve));
    }
    working = false;
    if (closing) {
      connection.close();
      tell({ closed: true });
      port.close();
    }
  };
  port.on('message', (message: ToWriter) => {
    if ('write' in message) waiting.push(message.write);
    else closing = true;
    if (working) return;
    working = true;
    setImmediate(() => void work());
  });
  tell({ ready: true });
}

const started = workerData as Partial<WriterThreadData> | null;
if (!isMainThread && parentPort && started?.kindredSqliteFile !== undefined) {
  void sqliteWriterThread(parentPort, started as WriterThreadData);
}
