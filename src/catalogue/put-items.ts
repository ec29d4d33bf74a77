import { sql } from 'kysely';
import { stableJson } from '../core/fingerprint.js';
import { isFiniteVector, vectorToBytes } from '../core/vectors.js';
import { AppError } from '../errors.js';
import type { Attributes, ItemWrite, Json, NewEmbedding, WriteResult } from './catalogue.js';
import { itemFromRow, itemRows, rowFromPicture } from './item-rows.js';
import type { Database, EmbeddingRow, ItemRow } from './schema.js';
import { chunks, type HeldCollection, holdCollection, insertRows, type Write } from './write.js';

/** The model id, and the content, of vectors that come from outside. */
export const OUTSIDE_MODEL = 'none';
export const OUTSIDE_CONTENT = 'vector';

const embeddingKey = (itemId: string, modelId: string): string => `${modelId}\n${itemId}`;

type KnownEmbedding = Pick<EmbeddingRow, 'content' | 'vector'>;

/** Checks a vector against its collection. The first one from outside says the dimension. Answers the dimension. */
function checkVector(held: HeldCollection, dimension: number | null, embedding: NewEmbedding): number | null {
  if (embedding.vector.length === 0 || !isFiniteVector(embedding.vector)) {
    throw new AppError('VECTOR_INVALID', { why: `The vector of "${embedding.itemId}" is empty or not finite.` });
  }
  if (embedding.modelId !== OUTSIDE_MODEL) return dimension;
  if (held.encoder !== OUTSIDE_MODEL) throw new AppError('VECTORS_NOT_TAKEN', { collection: held.name });
  const received = embedding.vector.length;
  if (dimension !== null && received !== dimension) {
    throw new AppError('VECTOR_INVALID', { why: `Expected ${dimension} numbers, received ${received}.` });
  }
  return received;
}

/** Embeddings there are for these writes. Vectors themselves are compared only where they come from outside. */
async function knownEmbeddings(
  trx: Database,
  collection: string,
  given: readonly NewEmbedding[],
): Promise<Map<string, KnownEmbedding>> {
  const known = new Map<string, KnownEmbedding>();
  for (const part of chunks(given)) {
    const { rows } = await sql<EmbeddingRow>`
      select model_id, item_id, content, vector from embeddings
      where collection = ${collection}
        and model_id in (${sql.join([...new Set(part.map((each) => each.modelId))])})
        and item_id in (${sql.join([...new Set(part.map((each) => each.itemId))])})`.execute(trx);
    for (const row of rows) known.set(embeddingKey(row.item_id, row.model_id), row);
  }
  return known;
}

/** Whether an embedding says something new: another picture's, or another vector brought from outside. */
function isNews(known: KnownEmbedding | undefined, content: string, modelId: string, bytes: Buffer): boolean {
  if (known?.content !== content) return true;
  return modelId === OUTSIDE_MODEL && !bytes.equals(known.vector);
}

/** The attributes' text to store, which is the old one where they mean the same. */
function attributesText(old: string | undefined, attributes: Attributes | undefined): string {
  if (attributes === undefined) return old ?? '{}';
  const text = JSON.stringify(attributes);
  if (old === undefined || text === old) return text;
  return stableJson(JSON.parse(old)) === stableJson(attributes) ? old : text;
}

export interface PutItems {
  readonly collection: string;
  readonly writes: readonly ItemWrite[];
}

/** Stores items with their embeddings; each that changed takes a revision of its own, in order. */
export const putItems: Write<PutItems, readonly WriteResult[]> = async (trx, { collection, writes }, context) => {
  const held = await holdCollection(trx, collection, context.dialect.holdForChange);
  const given = writes.flatMap((write) => write.embeddings ?? []);
  const ids = [...new Set(writes.map((write) => write.itemId))];
  const rows = new Map((await itemRows(trx, collection, ids)).map((row) => [row.item_id, row]));
  const known = given.length > 0 ? await knownEmbeddings(trx, collection, given) : new Map<string, KnownEmbedding>();

  let { revision, dimension } = held;
  const created: string[] = [];
  const changedRows = new Map<string, ItemRow>();
  const newEmbeddings = new Map<string, EmbeddingRow>();
  const results = writes.map((write): WriteResult => {
    const old = rows.get(write.itemId);
    const text = attributesText(old?.attributes, write.attributes);
    const newPicture = write.picture !== undefined && write.picture.content !== old?.content;
    const content = write.picture?.content ?? old?.content ?? null;
    let changed = old === undefined || newPicture || text !== old.attributes;
    for (const embedding of write.embeddings ?? []) {
      dimension = checkVector(held, dimension, embedding);
      const { modelId, vector } = embedding;
      const sees = modelId === OUTSIDE_MODEL ? OUTSIDE_CONTENT : content;
      if (embedding.itemId !== write.itemId || embedding.content !== sees) continue;
      const bytes = vectorToBytes(vector);
      const key = embeddingKey(write.itemId, modelId);
      if (!isNews(known.get(key), sees, modelId, bytes)) continue;
      const row = { collection, model_id: modelId, item_id: write.itemId, content: sees, vector: bytes };
      known.set(key, row);
      newEmbeddings.set(key, row);
      changed = true;
    }
    if (old && !changed) return { item: itemFromRow(old), created: false, changed: false };
    const row: ItemRow = {
      collection,
      item_id: write.itemId,
      attributes: text,
      ...(old && !newPicture ? pictureColumns(old) : rowFromPicture(write.picture ?? null)),
      revision: ++revision,
      created_at: old?.created_at ?? context.now,
      updated_at: context.now,
    };
    if (!old) created.push(write.itemId);
    rows.set(write.itemId, row);
    changedRows.set(write.itemId, row);
    return { item: itemFromRow(row), created: !old, changed: true };
  });

  await storeItems(trx, [...changedRows.values()], [...newEmbeddings.values()]);
  await forgetTombstones(trx, collection, created);
  if (revision !== held.revision) {
    await sql`update collections set revision = ${revision}, dimension = ${dimension},
      item_count = item_count + ${sql.lit(created.length)} where name = ${collection}`.execute(trx);
  }
  return results;
};

const pictureColumns = ({ content, mime, width, height, size_bytes }: ItemRow) => ({
  content,
  mime,
  width,
  height,
  size_bytes,
});

async function storeItems(trx: Database, items: readonly ItemRow[], vectors: readonly EmbeddingRow[]): Promise<void> {
  await insertRows(
    trx,
    'items',
    items,
    sql`on conflict (collection, item_id) do update set
      attributes = excluded.attributes, content = excluded.content, mime = excluded.mime, width = excluded.width,
      height = excluded.height, size_bytes = excluded.size_bytes, revision = excluded.revision,
      updated_at = excluded.updated_at`,
  );
  await storeEmbeddings(trx, vectors);
}

/** Adds embeddings, or replaces those of a former content. */
export async function storeEmbeddings(trx: Database, vectors: readonly EmbeddingRow[]): Promise<void> {
  await insertRows(
    trx,
    'embeddings',
    vectors,
    sql`on conflict (collection, model_id, item_id) do update set content = excluded.content, vector = excluded.vector`,
  );
}

async function forgetTombstones(trx: Database, collection: string, itemIds: readonly string[]): Promise<void> {
  for (const ids of chunks(itemIds)) {
    await sql`delete from tombstones where collection = ${collection} and item_id in (${sql.join(ids)})`.execute(trx);
  }
}

/** RFC 7396 on JSON objects: null removes a field, an object is merged, anything else replaces. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch;
  const base = target !== null && typeof target === 'object' && !Array.isArray(target) ? target : {};
  const merged = new Map<string, Json>(Object.entries(base));
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) merged.delete(field);
    else merged.set(field, mergePatch(merged.get(field), value));
  }
  // `fromEntries` defines its fields, so a field called __proto__ stays a field.
  return Object.fromEntries(merged);
}

export const patchItem: Write<
  { collection: string; itemId: string; patch: Attributes },
  WriteResult | undefined
> = async (trx, { collection, itemId, patch }, context) => {
  await holdCollection(trx, collection, context.dialect.holdForChange);
  const old = (await itemRows(trx, collection, [itemId]))[0];
  if (!old) return undefined;
  const attributes = mergePatch(JSON.parse(old.attributes) as Json, patch) as Attributes;
  return (await putItems(trx, { collection, writes: [{ itemId, attributes }] }, context))[0];
};

/** Removes an item and its embeddings, and leaves a tombstone. */
export const deleteItem: Write<{ collection: string; itemId: string }, number | undefined> = async (
  trx,
  { collection, itemId },
  { dialect },
) => {
  const held = await holdCollection(trx, collection, dialect.holdForChange);
  const gone = await sql<{ item_id: string }>`
    delete from items where collection = ${collection} and item_id = ${itemId} returning item_id`.execute(trx);
  if (gone.rows.length === 0) return undefined;
  const revision = held.revision + 1;
  await sql`delete from embeddings where collection = ${collection} and item_id = ${itemId}`.execute(trx);
  await sql`insert into tombstones (collection, item_id, revision) values (${collection}, ${itemId}, ${revision})
    on conflict (collection, item_id) do update set revision = excluded.revision`.execute(trx);
  await sql`update collections set revision = ${revision}, item_count = item_count - 1
    where name = ${collection}`.execute(trx);
  return revision;
};
