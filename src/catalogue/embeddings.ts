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
  { dialect },
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
      const { rows } = await sql<{ item_id: string; content: string }>`
        select i.item_id, i.content from items i
        where i.collection = ${collection} and i.item_id > ${after ?? ''} and i.content is not null
          and not exists (select 1 from embeddings e where e.collection = i.collection
            and e.model_id = ${modelId} and e.item_id = i.item_id and e.content = i.content)
        order by i.item_id limit ${limit + 1}`.execute(db);
      return pageOf(
        rows.map((row) => ({ itemId: row.item_id, content: row.content })),
        limit,
      );
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
  };
}
