import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { besideModule, startLightWorker } from '../core/start-process.js';
import { AppError } from '../errors.js';
import { apiKeys } from './api-keys.js';
import type { Catalogue } from './catalogue.js';
import { changeLog } from './change-log.js';
import { collections } from './collections.js';
import { postgresDialect, sqliteDialect } from './dialect.js';
import { embeddings } from './embeddings.js';
import { events } from './events.js';
import { experiments } from './experiments.js';
import { installation } from './installation.js';
import { items } from './items.js';
import { jobTable } from './job-table.js';
import { migrate } from './migrate.js';
import { openPostgres } from './postgres-connection.js';
import { postgresWatch } from './postgres-watch.js';
import { postgresWriter } from './postgres-writer.js';
import { releases } from './releases.js';
import { rules } from './rules.js';
import type { Database } from './schema.js';
import { openSqlite } from './sqlite-connection.js';
import { sqliteWatch, type Watch } from './sqlite-watch.js';
import { SqliteWriter } from './sqlite-writer.js';
import type { WriterThreadData } from './sqlite-writer-thread.js';
import type { Writer } from './writer.js';

/** The file's name under the data folder. */
export const SQLITE_FILE = 'catalogue.sqlite';

export interface CatalogueOptions {
  /** Where SQLite keeps its file; made where it is not there. */
  readonly dataFolder: string;
  /** A Postgres instead of SQLite. */
  readonly databaseUrl?: string | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Fresh ids for jobs and keys. */
  readonly ids: () => string;
  /** Starts SQLite's writing thread; only tests hand in another way. */
  readonly startWriter?: (data: WriterThreadData) => Worker;
}

interface Engine {
  readonly name: Catalogue['engine'];
  readonly db: Database;
  readonly writer: Writer;
  readonly watch: Watch;
  close(): Promise<void>;
}

/**
 * Opens the catalogue and brings its schema up to date; several processes may do so at once. Throws
 * CATALOGUE_UNAVAILABLE where the folder or the server can't be used, and CATALOGUE_NEWER where a newer program wrote it.
 */
export async function openCatalogue(options: CatalogueOptions): Promise<Catalogue> {
  const engine = options.databaseUrl === undefined ? await sqliteEngine(options) : await postgresEngine(options);
  const { db, writer, watch } = engine;
  let closed: Promise<void> | undefined;
  return {
    engine: engine.name,
    collections: collections(db, writer),
    items: items(db, writer),
    embeddings: embeddings(db, writer),
    log: changeLog(db, writer, watch),
    events: events(db, writer, engine.name === 'sqlite' ? sqliteDialect : postgresDialect),
    jobs: jobTable(db, writer, options),
    releases: releases(db, writer),
    rules: rules(db, writer),
    experiments: experiments(db, writer),
    keys: apiKeys(db, writer, options.ids),
    installation: installation(db, writer),
    close: () => {
      closed ??= engine.close();
      return closed;
    },
  };
}

const startThread = (data: WriterThreadData): Worker =>
  startLightWorker(besideModule(import.meta.url, './sqlite-writer-thread'), { workerData: data });

async function sqliteEngine({ dataFolder, now, startWriter = startThread }: CatalogueOptions): Promise<Engine> {
  try {
    await mkdir(dataFolder, { recursive: true });
  } catch (cause) {
    const why = `the folder ${dataFolder} can't be made: ${(cause as Error).message}`;
    throw new AppError('CATALOGUE_UNAVAILABLE', { why }, { cause });
  }
  const path = join(dataFolder, SQLITE_FILE);
  let watch: Watch | undefined;
  const writer = await SqliteWriter.open(
    () => startWriter({ kindredSqliteFile: path, now: now() }),
    now,
    () => watch?.notify(),
  );
  try {
    const reader = openSqlite(path, 'reader');
    watch = sqliteWatch(reader.raw);
    const close = async (): Promise<void> => {
      await watch?.close();
      // The writer closes last: it is the one that may fold the log into the file.
      reader.close();
      await writer.close();
    };
    return { name: 'sqlite', db: reader.db, writer, watch, close };
  } catch (cause) {
    await writer.close();
    throw cause;
  }
}

async function postgresEngine({ databaseUrl, now }: CatalogueOptions): Promise<Engine> {
  const { db, close: closePool } = openPostgres(databaseUrl!);
  try {
    await db.transaction().execute((trx) => migrate(trx, postgresDialect, now()));
  } catch (cause) {
    await closePool();
    throw cause;
  }
  const watch = postgresWatch(databaseUrl!, db);
  const close = async (): Promise<void> => {
    await watch.close();
    await closePool();
  };
  return { name: 'postgres', db, writer: postgresWriter(db, now), watch, close };
}
