import { sql } from 'kysely';
import { AppError } from '../errors.js';
import type { Dialect } from './dialect.js';
import { MIGRATIONS, type Migration } from './migrations.js';
import type { Database } from './schema.js';

/**
 * Brings a catalogue up to this program's schema. Call it inside a transaction that excludes other migrators; applying
 * it twice changes nothing. Throws CATALOGUE_NEWER where a newer program has been here.
 */
export async function migrate(
  trx: Database,
  dialect: Dialect,
  now: number,
  steps: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  if (dialect.migrationLock) await dialect.migrationLock.execute(trx);
  await sql`create table if not exists schema_version (only_row integer primary key, version integer not null)`.execute(
    trx,
  );
  const row = await trx.selectFrom('schema_version').select('version').executeTakeFirst();
  const found = row?.version ?? 0;
  const known = steps.at(-1)?.version ?? 0;
  if (found > known) throw new AppError('CATALOGUE_NEWER', { found: String(found), known: String(known) });
  if (found === known) return;

  for (const step of steps.filter((each) => each.version > found)) {
    for (const statement of step.statements(dialect.types, dialect.engine)) await sql.raw(statement).execute(trx);
    // The collection that exists from the start is as old as its catalogue.
    if (step.version === 1) await trx.updateTable('collections').set({ created_at: now }).execute();
  }
  await sql`insert into schema_version (only_row, version) values (1, ${known})
    on conflict (only_row) do update set version = excluded.version`.execute(trx);
}
