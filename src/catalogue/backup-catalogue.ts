import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DRAFT_PREFIX, flush } from '../core/atomic-files.js';
import { AppError, isDiskFull } from '../errors.js';
import { SQLITE_FILE } from './open-catalogue.js';
import { openSqlite } from './sqlite-connection.js';

/**
 * Copies a SQLite catalogue, as it stands at one moment, into another folder while others go on writing to it. Whole or
 * not at all. Blocks the calling thread while it copies, so call it from a command, not from a server.
 * Throws CATALOGUE_UNAVAILABLE where there is none, DISK_FULL. (Postgres has `pg_dump` for this.)
 */
export async function backupCatalogue(dataFolder: string, targetFolder: string): Promise<string> {
  await mkdir(targetFolder, { recursive: true });
  const target = join(targetFolder, SQLITE_FILE);
  const draft = join(targetFolder, `${DRAFT_PREFIX}${SQLITE_FILE}`);
  await rm(draft, { force: true });
  const source = openSqlite(join(dataFolder, SQLITE_FILE), 'reader');
  try {
    // One read transaction: a copy page by page would start again with each commit by another process.
    source.raw.pragma('query_only = OFF');
    source.raw.prepare('vacuum into ?').run(draft);
    await flush(draft);
    await rename(draft, target);
    await flush(targetFolder);
    return target;
  } catch (cause) {
    await rm(draft, { force: true });
    if (isDiskFull(cause)) throw new AppError('DISK_FULL', { what: 'the copy of the catalogue' }, { cause });
    throw cause;
  } finally {
    source.close();
  }
}
