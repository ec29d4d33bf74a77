import { type RawBuilder, sql } from 'kysely';
import { AppError } from '../errors.js';
import type { Dialect } from './dialect.js';
import type { Database } from './schema.js';

/** What a write is told beside its arguments: the time of the call, and which database this is. */
export interface WriteContext {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly dialect: Dialect;
}

/**
 * One named write. It runs in a transaction of its own: what it throws undoes it, and its answer is given only once it
 * is on disk. Arguments and answers cross a thread, so they are plain data.
 */
export type Write<Args, Result> = (trx: Database, args: Args, context: WriteContext) => Promise<Result>;

export interface HeldCollection {
  readonly name: string;
  readonly encoder: string | null;
  readonly dimension: number | null;
  readonly revision: number;
  readonly compacted_through: number;
  readonly item_count: number;
}

/**
 * Reads a collection's counter row and holds it until commit: the next revision is taken inside the transaction, so
 * revisions commit in order. Throws COLLECTION_NOT_FOUND.
 */
export async function holdCollection(trx: Database, name: string, hold: RawBuilder<unknown>): Promise<HeldCollection> {
  const { rows } = await sql<HeldCollection>`
    select name, encoder, dimension, revision, compacted_through, item_count
    from collections where name = ${name} and deleted_at is null ${hold}`.execute(trx);
  const row = rows[0];
  if (!row) throw new AppError('COLLECTION_NOT_FOUND', { collection: name });
  return row;
}

/** Rows go in at most this many at a time: SQLite takes 32,766 parameters, Postgres 65,535. */
const ROWS_AT_ONCE = 500;

/** Multi-row insert with what to do on conflict. Answers what `returning` names, over all chunks. */
export async function insertRows<Row extends object, Returned = never>(
  trx: Database,
  table: string,
  rows: readonly Row[],
  suffix: RawBuilder<unknown>,
): Promise<Returned[]> {
  const returned: Returned[] = [];
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    const chunk = rows.slice(start, start + ROWS_AT_ONCE);
    const columns = Object.keys(chunk[0]!) as (keyof Row & string)[];
    const values = chunk.map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`);
    const answer = await sql<Returned>`
      insert into ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))})
      values ${sql.join(values)} ${suffix}`.execute(trx);
    returned.push(...answer.rows);
  }
  return returned;
}

/** Splits ids so that no statement has too many parameters. */
export function* chunks<T>(all: readonly T[], size = ROWS_AT_ONCE): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size);
}
