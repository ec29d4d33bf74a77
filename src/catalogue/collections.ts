import { sql } from 'kysely';
import { AppError } from '../errors.js';
import type { Attributes, Catalogue, Collection } from './catalogue.js';
import { noteRemoval } from './note-removal.js';
import type { Database } from './schema.js';
import type { Write } from './write.js';
import type { Writer } from './writer.js';

interface CollectionRow {
  name: string;
  encoder: string | null;
  dimension: number | null;
  revision: number;
  created_at: number;
  /** JSON. */
  explore: string | null;
}

const COLUMNS = ['collections.name', 'encoder', 'dimension', 'revision', 'created_at'] as const;

/** Where the exploring of a collection is kept among the values of the installation. */
const EXPLORE = 'explore/';

const toCollection = (row: CollectionRow): Collection => ({
  name: row.name,
  encoder: row.encoder,
  dimension: row.dimension,
  explore: row.explore === null ? null : (JSON.parse(row.explore) as Attributes),
  revision: row.revision,
  createdAt: row.created_at,
});

export interface PutCollection {
  readonly name: string;
  readonly settings: { encoder?: string | null; dimension?: number; explore?: Attributes | null };
}

/** Makes, revives or changes a collection. A revived one goes on from its old revision, so no follower is misled. */
export const putCollection: Write<PutCollection, { collection: Collection; created: boolean }> = async (
  trx,
  { name, settings },
  { now, dialect },
) => {
  const { rows } = await sql<CollectionRow & { deleted_at: number | null; item_count: number }>`
    select * from collections where name = ${name} ${dialect.holdForChange}`.execute(trx);
  const old = rows[0];
  const alive = old !== undefined && old.deleted_at === null;
  const encoder = settings.encoder === undefined ? (alive ? old.encoder : null) : settings.encoder;
  const keptDimension = alive && old.encoder === encoder ? old.dimension : null;
  const dimension = settings.dimension ?? keptDimension;
  if (alive && old.item_count > 0) {
    const moved = encoder !== old.encoder || (old.dimension !== null && dimension !== old.dimension);
    if (moved) throw new AppError('COLLECTION_ENCODER_FIXED', { collection: name });
  }
  const row = {
    name,
    encoder,
    dimension,
    revision: old?.revision ?? 0,
    compacted_through: old?.revision ?? 0,
    item_count: 0,
    created_at: alive ? old.created_at : now,
    deleted_at: null,
  };
  // A row that appeared meanwhile (Postgres) is simply set: both callers asked for a collection of this name.
  await trx
    .insertInto('collections')
    .values(row)
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet({ encoder, dimension, created_at: row.created_at, deleted_at: null }),
    )
    .execute();
  const explore = await keptExplore(trx, name, settings.explore);
  return { collection: toCollection({ ...row, explore }), created: !alive };
};

/** Keeps how a collection explores, where something is said of it; answers what is kept, as JSON. */
async function keptExplore(
  trx: Database,
  collection: string,
  said: Attributes | null | undefined,
): Promise<string | null> {
  const name = EXPLORE + collection;
  if (said === null) {
    await trx.deleteFrom('installation').where('name', '=', name).execute();
    return null;
  }
  if (said === undefined) {
    const kept = await trx.selectFrom('installation').select('value').where('name', '=', name).executeTakeFirst();
    return kept?.value ?? null;
  }
  const value = JSON.stringify(said);
  await trx
    .insertInto('installation')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
  return value;
}

const TABLES = [
  'items',
  'tombstones',
  'embeddings',
  'embedding_uses',
  'events',
  'event_counts',
  'forgetting',
  'jobs',
  'releases',
  'release_log',
  'rules',
  'experiments',
] as const;

/** Removes all that is in a collection. Its counter stays and moves on: an index of the old one is seen to be stale. */
export const deleteCollection: Write<{ name: string }, boolean> = async (trx, { name }, { now, dialect }) => {
  const { rows } = await sql<{ revision: number }>`
    select revision from collections where name = ${name} and deleted_at is null ${dialect.holdForDelete}`.execute(trx);
  const old = rows[0];
  if (!old) return false;
  await dialect.people.leaveAll(trx, name);
  for (const table of TABLES) await trx.deleteFrom(table).where('collection', '=', name).execute();
  await keptExplore(trx, name, null);
  const revision = old.revision + 1;
  await trx
    .updateTable('collections')
    .set({ revision, compacted_through: revision, item_count: 0, deleted_at: now })
    .where('name', '=', name)
    .execute();
  await noteRemoval(trx);
  return true;
};

export function collections(db: Database, writer: Writer): Catalogue['collections'] {
  const live = () =>
    db
      .selectFrom('collections')
      .leftJoin('installation', (join) =>
        join.on('installation.name', '=', sql<string>`${sql.lit(EXPLORE)} || collections.name`),
      )
      .select([...COLUMNS, 'installation.value as explore'])
      .where('deleted_at', 'is', null);
  return {
    put: (name, settings) => writer.run('collections.put', { name, settings }),
    async get(name) {
      const row = await live().where('collections.name', '=', name).executeTakeFirst();
      return row && toCollection(row);
    },
    async list() {
      return (await live().orderBy('collections.name').execute()).map(toCollection);
    },
    delete: (name) => writer.run('collections.delete', { name }),
  };
}
