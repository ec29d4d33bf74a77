import { sql } from 'kysely';
import type { Item, Picture } from './catalogue.js';
import type { Database, ItemRow } from './schema.js';
import { chunks } from './write.js';

/** An item as the catalogue tells it, from its row. */
export function itemFromRow(row: ItemRow): Item {
  return {
    itemId: row.item_id,
    attributes: JSON.parse(row.attributes) as Item['attributes'],
    picture: pictureFromRow(row),
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function pictureFromRow(row: ItemRow): Picture | null {
  if (row.content === null) return null;
  return {
    content: row.content,
    mime: row.mime!,
    width: row.width!,
    height: row.height!,
    sizeBytes: row.size_bytes!,
  };
}

/** The columns of a picture; all null where there is none. */
export function rowFromPicture(picture: Picture | null) {
  return {
    content: picture?.content ?? null,
    mime: picture?.mime ?? null,
    width: picture?.width ?? null,
    height: picture?.height ?? null,
    size_bytes: picture?.sizeBytes ?? null,
  };
}

/** Rows of some items, in no order. */
export async function itemRows(db: Database, collection: string, itemIds: readonly string[]): Promise<ItemRow[]> {
  const found: ItemRow[] = [];
  for (const ids of chunks(itemIds)) {
    const { rows } = await sql<ItemRow>`
      select * from items where collection = ${collection} and item_id in (${sql.join(ids)})`.execute(db);
    found.push(...rows);
  }
  return found;
}
