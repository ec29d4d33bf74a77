import type { Catalogue } from './catalogue.js';
import type { Database } from './schema.js';
import type { Write } from './write.js';
import type { Writer } from './writer.js';

/** Keeps the value that came first, and answers it. */
export const keepValue: Write<{ name: string; value: string }, string> = async (trx, { name, value }) => {
  await trx
    .insertInto('installation')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const row = await trx.selectFrom('installation').select('value').where('name', '=', name).executeTakeFirstOrThrow();
  return row.value;
};

export function installation(db: Database, writer: Writer): Catalogue['installation'] {
  return {
    async getOrCreate(name, make) {
      const row = await db.selectFrom('installation').select('value').where('name', '=', name).executeTakeFirst();
      return row ? row.value : writer.run('installation.keep', { name, value: make() });
    },
  };
}
