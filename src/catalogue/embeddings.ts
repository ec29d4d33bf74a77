import { sql } from 'kysely';
import { isFiniteVector, vectorFromBytes, vectorToBytes } from '../core/vectors.js';
import { AppError } from '../errors.js';
import type { EmbeddedItem, Embeddings, NewEmbedding } from './catalogue.js';
import { pageOf } from './items.js';
import { OUTSIDE_CONTENT, OUTSIDE_MODEL, storeEmbeddings } from './put-items.js';
import type { Database } from './schema.js';
import { chunks, holdCollection, type Write } from './write.js';
import type { Writer } from './writer.js';

/** What a model must have seen for its embedding to be an item's present one. `i` is the item. */
export const presentContent = (modelId: string) =>
  modelId === OUTSIDE_MODEL ? sql`${sql.lit(OUTSIDE_CONTENT)}` : sql`i.content`;

/** Adds embeddings of items as they are now; the rest is left out. Takes no revision. */
export const putEmbeddings: Write<{ collection: string; rows: readonly NewEmbedding[] }, void> = async (
  trx,
  { collection, rows },
  { now, dialect },
) => {
  for (const row of rows) {
    if (!isFiniteVector(row.vector)) {
      throw new AppError('VECTOR_INVALID', { why: `The vector of "${row.itemId}" is not finite.` });
    }
  }
  // Held, so that no newer picture's embedding is written over by an older one's.
  await holdCollection(trx, collection, dialect.holdForChange);
  const present = new Map<string, string | null>();
  for (const ids of chunks([...new Set(rows.map((row) => row.itemId))])) {
    const found = await sql<{ item_id: string; content: string | null }>`
      select item_id, content from items
      where collection = ${collection} and item_id in (${sql.join(ids)})`.execute(trx);
    for (const row of found.rows) present.set(row.item_id, row.content);
  }
  const fresh = new Map(
    rows
      .filter(({ itemId, modelId, content }) =>
        modelId === OUTSIDE_MODEL
          ? present.has(itemId) && content === OUTSIDE_CONTENT
          : content === present.get(itemId),
      )
      .map(({ itemId, modelId, content, vector }) => [
        `${modelId}\n${itemId}`,
        { collection, model_id: modelId, item_id: itemId, content, vector: vectorToBytes(vector) },
      ]),
  );
  await storeEmbeddings(trx, [...fresh.values()]);
  for (const modelId of new Set(rows.map((row) => row.modelId))) await markUse(trx, collection, modelId, now);
};

/** When somebody last built on a model's embeddings: until that is long ago they are not dropped under him. */
async function markUse(trx: Database, collection: string, modelId: string, now: number): Promise<void> {
  await trx
    .insertInto('embedding_uses')
    .values({ collection, model_id: modelId, used_at: now })
    .onConflict((conflict) => conflict.columns(['collection', 'model_id']).doUpdateSet({ used_at: now }))
    .execute();
}

export const useEmbeddings: Write<{ collection: string; modelId: string }, void> = async (
  trx,
  { collection, modelId },
  { now, dialect },
) => {
  await holdCollection(trx, collection, dialect.holdForUse);
  await markUse(trx, collection, modelId, now);
};

/** Rows that go in one transaction: few, so that nobody waits long for the lock. */
const DROPPED_AT_ONCE = 500;

export interface DropEmbeddings {
  readonly collection: string;
  readonly modelId: string;
  /** Epoch milliseconds. */
  readonly idleSince: number;
}

/** Deletes some of a model's embeddings, unless anything stands on them. Looks and deletes in one transaction. */
export const dropEmbeddings: Write<DropEmbeddings, number> = async (
  trx,
  { collection, modelId, idleSince },
  { dialect },
) => {
  // Held as for a deletion, so that no release of this model is added meanwhile.
  const held = await holdCollection(trx, collection, dialect.holdForDelete);
  if (modelId === OUTSIDE_MODEL || modelId === held.encoder) return 0;
  const stands = await sql`
    select 1 from releases where collection = ${collection} and model_id = ${modelId}
    union all
    select 1 from embedding_uses where collection = ${collection} and model_id = ${modelId} and used_at >= ${idleSince}
    limit 1`.execute(trx);
  if (stands.rows.length > 0) return 0;
  const { rows } = await sql<{ item_id: string }>`
    delete from embeddings where collection = ${collection} and model_id = ${modelId} and item_id in (
      select item_id from embeddings where collection = ${collection} and model_id = ${modelId}
      order by item_id limit ${sql.lit(DROPPED_AT_ONCE)})
    returning item_id`.execute(trx);
  if (rows.length < DROPPED_AT_ONCE)
    await sql`delete from embedding_uses where collection = ${collection} and model_id = ${modelId}`.execute(trx);
  return rows.length;
};

interface EmbeddedRow {
  item_id: string;
  revision: number;
  vector: Uint8Array;
}

const toEmbedded = (row: EmbeddedRow): EmbeddedItem => ({
  itemId: row.item_id,
  revision: row.revision,
  vector: vectorFromBytes(row.vector),
});

export function embeddings(db: Database, writer: Writer): Embeddings {
  const present = (collection: string, modelId: string) => sql`
    select i.item_id, i.revision, e.vector from items i
    join embeddings e on e.collection = i.collection and e.model_id = ${modelId} and e.item_id = i.item_id
      and e.content = ${presentContent(modelId)}
    where i.collection = ${collection}`;
  return {
    put: (collection, rows) => writer.run('embeddings.put', { collection, rows }),
    async list(collection, modelId, { after, limit }) {
      const { rows } = await sql<EmbeddedRow>`${present(collection, modelId)}
        and i.item_id > ${after ?? ''} order by i.item_id limit ${limit + 1}`.execute(db);
      return pageOf(rows.map(toEmbedded), limit);
    },
    async missing(collection, modelId, { after, limit }) {
      if (modelId === OUTSIDE_MODEL) return { rows: [] };
      // The page first, then what of it is missing: where little is, a search for a full page would read all items.
      const looked = await sql<{ itemId: string; content: string | null; embedded: string | null }>`
        select i.item_id as "itemId", i.content, e.content as embedded from (
          select item_id, content from items where collection = ${collection} and item_id > ${after ?? ''}
          order by item_id limit ${limit + 1}) i
        left join embeddings e on e.collection = ${collection} and e.model_id = ${modelId} and e.item_id = i.item_id
        order by i.item_id`.execute(db);
      const { rows, ...rest } = pageOf(looked.rows, limit);
      const missing = rows.flatMap(({ itemId, content, embedded }) =>
        content === null || content === embedded ? [] : { itemId, content },
      );
      return { rows: missing, ...rest };
    },
    async get(collection, modelId, itemIds) {
      const found = new Map<string, EmbeddedItem>();
      for (const ids of chunks(itemIds)) {
        const { rows } = await sql<EmbeddedRow>`${present(collection, modelId)}
          and i.item_id in (${sql.join(ids)})`.execute(db);
        for (const row of rows) found.set(row.item_id, toEmbedded(row));
      }
      return itemIds.flatMap((itemId) => found.get(itemId) ?? []);
    },
    async models(collection) {
      // From one model to the next by the key: a `distinct` would read every row.
      const models: string[] = [];
      for (;;) {
        const { rows } = await sql<{ model_id: string }>`select model_id from embeddings
          where collection = ${collection} and model_id > ${models.at(-1) ?? ''}
          order by model_id limit 1`.execute(db);
        if (!rows[0]) return models;
        models.push(rows[0].model_id);
      }
    },
    async count(collection, modelId) {
      const row = await db
        .selectFrom('embeddings')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('collection', '=', collection)
        .where('model_id', '=', modelId)
        .executeTakeFirst();
      return Number(row?.count ?? 0);
    },
    use: (collection, modelId) => writer.run('embeddings.use', { collection, modelId }),
    drop: (collection, modelId, idleSince) => writer.run('embeddings.drop', { collection, modelId, idleSince }),
  };
}
