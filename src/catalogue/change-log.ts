import { sql } from 'kysely';
import { vectorFromBytes } from '../core/vectors.js';
import type { Change, ChangeLog } from './catalogue.js';
import { presentContent } from './embeddings.js';
import type { Database } from './schema.js';
import { holdCollection, type Write } from './write.js';
import type { Writer } from './writer.js';

interface ChangeRow {
  kind: Change['kind'];
  revision: number;
  id: string;
  attributes: string | null;
  content: string | null;
  vector: Uint8Array | null;
  created_at: number | null;
}

function toChange(row: ChangeRow): Change {
  if (row.kind === 'delete') return { kind: 'delete', revision: row.revision, itemId: row.id };
  if (row.kind === 'release') return { kind: 'release', revision: row.revision, releaseId: row.id };
  return {
    kind: 'put',
    revision: row.revision,
    itemId: row.id,
    attributes: JSON.parse(row.attributes!) as Extract<Change, { kind: 'put' }>['attributes'],
    content: row.content,
    vector: row.vector && vectorFromBytes(row.vector),
    createdAt: row.created_at!,
  };
}

/** Tombstones that go in one transaction: few, so that nobody waits long for the lock. */
const DROPPED_AT_ONCE = 500;

export interface Compacted {
  /** Lines that were dropped. */
  readonly lines: number;
  /** False where there is more to drop. */
  readonly done: boolean;
}

/** Drops tombstones and old lines that every kept index contains, oldest first, as many as one transaction may. */
export const compactLog: Write<{ collection: string; throughRevision: number }, Compacted> = async (
  trx,
  { collection, throughRevision },
  { dialect },
) => {
  const held = await holdCollection(trx, collection, dialect.holdForChange);
  const wanted = Math.min(throughRevision, held.revision);
  if (wanted <= held.compacted_through) return { lines: 0, done: true };
  const last = await trx
    .selectFrom('tombstones')
    .select('revision')
    .where('collection', '=', collection)
    .where('revision', '<=', wanted)
    .orderBy('revision')
    .offset(DROPPED_AT_ONCE - 1)
    .limit(1)
    .executeTakeFirst();
  const through = last?.revision ?? wanted;
  let lines = 0;
  for (const table of ['tombstones', 'release_log'] as const) {
    const { numDeletedRows } = await trx
      .deleteFrom(table)
      .where('collection', '=', collection)
      .where('revision', '<=', through)
      .executeTakeFirstOrThrow();
    lines += Number(numDeletedRows);
  }
  await trx.updateTable('collections').set({ compacted_through: through }).where('name', '=', collection).execute();
  return { lines, done: through === wanted };
};

export function changeLog(db: Database, writer: Writer, watching: Pick<ChangeLog, 'watch' | 'version'>): ChangeLog {
  const counter = async (collection: string) =>
    db
      .selectFrom('collections')
      .select(['revision', 'compacted_through'])
      .where('name', '=', collection)
      .executeTakeFirst();
  return {
    revision: async (collection) => (await counter(collection))?.revision ?? 0,
    compactedThrough: async (collection) => (await counter(collection))?.compacted_through ?? 0,
    async compactable(collection, throughRevision) {
      const { rows } = await sql<{ lines: number }>`
        select (select count(*) from tombstones where collection = ${collection} and revision <= ${throughRevision})
          + (select count(*) from release_log where collection = ${collection} and revision <= ${throughRevision})
          as lines`.execute(db);
      return Number(rows[0]!.lines);
    },
    async compact(collection, throughRevision) {
      for (let dropped = 0; ; ) {
        const { lines, done } = await writer.run('log.compact', { collection, throughRevision });
        dropped += lines;
        if (done) return dropped;
      }
    },
    watch: (changed) => watching.watch(changed),
    version: () => watching.version(),
    async after(collection, modelId, revision, limit) {
      // One statement is one snapshot: three would let a follower see revision 7 of one table before 6 of another.
      const { rows } = await sql<ChangeRow>`
        select 'put' as kind, revision, item_id as id, attributes, content, vector, created_at from (
          select i.revision, i.item_id, i.attributes, i.content, e.vector, i.created_at
          from items i left join embeddings e on e.collection = i.collection and e.model_id = ${modelId}
            and e.item_id = i.item_id and e.content = ${presentContent(modelId)}
          where i.collection = ${collection} and i.revision > ${revision} order by i.revision limit ${limit}) puts
        union all
        select 'delete', revision, item_id, null, null, null, null from (
          select revision, item_id from tombstones
          where collection = ${collection} and revision > ${revision} order by revision limit ${limit}) deletes
        union all
        select 'release', revision, release_id, null, null, null, null from (
          select revision, release_id from release_log
          where collection = ${collection} and revision > ${revision} order by revision limit ${limit}) switches
        order by revision limit ${limit}`.execute(db);
      return rows.map(toChange);
    },
  };
}
