import type { Items } from './catalogue.js';
import { itemFromRow, itemRows } from './item-rows.js';
import type { Database } from './schema.js';
import type { Writer } from './writer.js';

export function items(db: Database, writer: Writer): Items {
  return {
    put: (collection, writes) => writer.run('items.put', { collection, writes }),
    patch: (collection, itemId, patch) => writer.run('items.patch', { collection, itemId, patch }),
    delete: (collection, itemId) => writer.run('items.delete', { collection, itemId }),
    async get(collection, itemId) {
      const row = (await itemRows(db, collection, [itemId]))[0];
      return row && itemFromRow(row);
    },
    async getMany(collection, itemIds) {
      const found = new Map((await itemRows(db, collection, itemIds)).map((row) => [row.item_id, row]));
      return itemIds.flatMap((itemId) => {
        const row = found.get(itemId);
        return row ? [itemFromRow(row)] : [];
      });
    },
    async list(collection, { after, limit }) {
      let query = db.selectFrom('items').selectAll().where('collection', '=', collection);
      if (after !== undefined) query = query.where('item_id', '>', after);
      const rows = await query
        .orderBy('item_id')
        .limit(limit + 1)
        .execute();
      return pageOf(rows.map(itemFromRow), limit);
    },
    async count(collection) {
      const row = await db
        .selectFrom('collections')
        .select('item_count')
        .where('name', '=', collection)
        .where('deleted_at', 'is', null)
        .executeTakeFirst();
      return row?.item_count ?? 0;
    },

    async countPictures(collection) {
      const row = await db
        .selectFrom('items')
        .select(({ fn }) => fn.countAll<number>().as('pictures'))
        .where('collection', '=', collection)
        .where('content', 'is not', null)
        .executeTakeFirst();
      return Number(row?.pictures ?? 0);
    },

    async contents(collection, { after, limit }) {
      const looked = await db
        .selectFrom('items')
        .select(['item_id as itemId', 'content'])
        .where('collection', '=', collection)
        .where('item_id', '>', after ?? '')
        .orderBy('item_id')
        .limit(limit + 1)
        .execute();
      const { rows, ...rest } = pageOf(looked, limit);
      return { rows: rows.flatMap(({ content }) => content ?? []), ...rest };
    },
  };
}

/** A page out of rows that were asked for with one more than fits. */
export function pageOf<T extends { readonly itemId: string }>(rows: readonly T[], limit: number) {
  if (rows.length <= limit) return { rows };
  const shown = rows.slice(0, limit);
  return { rows: shown, next: shown.at(-1)!.itemId };
}
