import { type RawBuilder, sql } from 'kysely';
import { AppError } from '../errors.js';
import type { Dialect } from './dialect.js';
import type { Database } from './schema.js';

/** What a write is told beside its arguments: the time of the call, and which database this is. */
export interface WriteContext {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly dialect: Dialect;
  /** Where the database is in this process. */
  readonly runEach?: RunEach;
}

/** Runs one statement for each row of parameters; answers how many rows of the table each time changed. */
export type RunEach = (text: string, rows: readonly (readonly unknown[])[]) => readonly number[];

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

/**
 * Inserts small rows, with what to do on conflict, and answers those that were stored (as far as `told` names their
 * columns). In this process a prepared statement runs row by row: one with many rows takes one and a half times as
 * long, and more than twice with RETURNING. Over a connection many rows share a way there and back.
 */
export async function storeRows<Row extends object, Told extends keyof Row & string>(
  trx: Database,
  { runEach }: Pick<WriteContext, 'runEach'>,
  { table, rows, conflict, told }: { table: string; rows: readonly Row[]; conflict: string; told: readonly Told[] },
): Promise<readonly Pick<Row, Told>[]> {
  if (!runEach) {
    const returning = sql`returning ${sql.join(told.map((column) => sql.ref(column)))}`;
    return insertRows<Row, Pick<Row, Told>>(trx, table, rows, sql`${sql.raw(conflict)} ${returning}`);
  }
  if (rows.length === 0) return [];
  const columns = Object.keys(rows[0]!) as (keyof Row & string)[];
  const text = `insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')}) ${conflict}`;
  const changed = runEach(
    text,
    rows.map((row) => columns.map((column) => row[column])),
  );
  return rows.filter((_, i) => changed[i]! > 0);
}

/** Splits ids so that no statement has too many parameters. */
export function* chunks<T>(all: readonly T[], size = ROWS_AT_ONCE): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size);
}
