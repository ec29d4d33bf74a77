import { sql } from 'kysely';
import { AppError } from '../errors.js';
import type { Release, Releases } from './catalogue.js';
import type { Database, ReleaseRow } from './schema.js';
import { chunks, holdCollection, type Write } from './write.js';
import type { Writer } from './writer.js';

const toRelease = (row: ReleaseRow): Release => ({
  releaseId: row.release_id,
  collection: row.collection,
  indexId: row.index_id,
  modelId: row.model_id,
  behaviourId: row.behaviour_id,
  active: row.active === 1,
  createdAt: row.created_at,
  activatedAt: row.activated_at,
  origin: row.origin,
});

export type NewRelease = Parameters<Releases['add']>[0];

export const addRelease: Write<NewRelease, Release> = async (trx, release, { now, dialect }) => {
  await holdCollection(trx, release.collection, dialect.holdForUse);
  const row = await trx
    .insertInto('releases')
    .values({
      release_id: release.releaseId,
      collection: release.collection,
      index_id: release.indexId,
      model_id: release.modelId,
      behaviour_id: release.behaviourId ?? null,
      origin: release.origin,
      active: 0,
      created_at: now,
      activated_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return toRelease(row);
};

export interface Activate {
  readonly releaseId: string;
  readonly expected?: string | null;
}

/** The one switch: compare, set, and a line in the log that every process follows. Throws RELEASE_NOT_FOUND. */
export const activateRelease: Write<Activate, Awaited<ReturnType<Releases['activate']>>> = async (
  trx,
  { releaseId, expected },
  { now, dialect },
) => {
  const target = await trx
    .selectFrom('releases')
    .select('collection')
    .where('release_id', '=', releaseId)
    .executeTakeFirst();
  if (!target) throw new AppError('RELEASE_NOT_FOUND', { releaseId });
  const { collection } = target;
  const held = await holdCollection(trx, collection, dialect.holdForChange);
  const active = await trx
    .selectFrom('releases')
    .select('release_id')
    .where('collection', '=', collection)
    .where('active', '=', 1)
    .executeTakeFirst();
  if (active?.release_id === releaseId) return 'already-active';
  if (expected !== undefined && (active?.release_id ?? null) !== expected) return 'moved-on';

  const revision = held.revision + 1;
  await trx
    .updateTable('releases')
    .set({ active: 0 })
    .where('collection', '=', collection)
    .where('active', '=', 1)
    .execute();
  await trx.updateTable('releases').set({ active: 1, activated_at: now }).where('release_id', '=', releaseId).execute();
  await trx.insertInto('release_log').values({ collection, revision, release_id: releaseId }).execute();
  await trx.updateTable('collections').set({ revision }).where('name', '=', collection).execute();
  return 'activated';
};

export interface RemoveReleases {
  readonly collection: string;
  readonly releaseIds: readonly string[];
  /** Epoch milliseconds. */
  readonly idleSince: number;
}

/** Forgets releases that nobody serves and that were made and activated before `idleSince`. Answers which. */
export const removeReleases: Write<RemoveReleases, readonly string[]> = async (
  trx,
  { collection, releaseIds, idleSince },
  { dialect },
) => {
  // Held as a switch holds it: one that comes first is seen here, one that comes later finds no such release.
  await holdCollection(trx, collection, dialect.holdForChange);
  const removed: string[] = [];
  for (const ids of chunks(releaseIds)) {
    const { rows } = await sql<{ release_id: string }>`
      delete from releases where collection = ${collection} and release_id in (${sql.join(ids)}) and active = 0
        and created_at < ${idleSince} and (activated_at is null or activated_at < ${idleSince})
      returning release_id`.execute(trx);
    removed.push(...rows.map((row) => row.release_id));
  }
  return removed;
};

export function releases(db: Database, writer: Writer): Releases {
  const all = () => db.selectFrom('releases').selectAll();
  return {
    add: (release) => writer.run('releases.add', release),
    activate: (releaseId, expected) =>
      writer.run('releases.activate', expected === undefined ? { releaseId } : { releaseId, expected }),
    remove: (collection, which) => writer.run('releases.remove', { collection, ...which }),
    async list(collection) {
      const rows = await all()
        .where('collection', '=', collection)
        .orderBy('created_at', 'desc')
        .orderBy('release_id')
        .execute();
      return rows.map(toRelease);
    },
    async get(releaseId) {
      const row = await all().where('release_id', '=', releaseId).executeTakeFirst();
      return row && toRelease(row);
    },
    async active(collection) {
      const row = await all().where('collection', '=', collection).where('active', '=', 1).executeTakeFirst();
      return row && toRelease(row);
    },
  };
}
