import { AppError } from '../errors.js';
import type { NewRule, Rule, Rules } from './catalogue.js';
import type { Database, Schema } from './schema.js';
import { holdCollection, type Write } from './write.js';
import type { Writer } from './writer.js';

/** Rules that a collection may have: every process keeps them all in memory, and every request looks through them. */
const MOST_RULES = 1_000;

const toRule = (row: Schema['rules']): Rule => ({
  ...(JSON.parse(row.body) as NewRule),
  collection: row.collection,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

/** Makes or replaces a rule. Takes no revision: whoever watches reads the rules anew. */
export const putRule: Write<{ collection: string; rule: NewRule }, { rule: Rule; created: boolean }> = async (
  trx,
  { collection, rule },
  { now, dialect },
) => {
  // Held as a change holds it, so that two new rules count each other.
  await holdCollection(trx, collection, dialect.holdForChange);
  const rows = await trx
    .selectFrom('rules')
    .select(['rule_id', 'created_at'])
    .where('collection', '=', collection)
    .execute();
  const old = rows.find(({ rule_id }) => rule_id === rule.ruleId);
  if (!old && rows.length >= MOST_RULES)
    throw new AppError('REQUEST_INVALID', { why: `A collection has at most ${MOST_RULES} rules.` });
  const row: Schema['rules'] = {
    collection,
    rule_id: rule.ruleId,
    body: JSON.stringify(rule),
    created_at: old?.created_at ?? now,
    updated_at: now,
  };
  await trx
    .insertInto('rules')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['collection', 'rule_id']).doUpdateSet({ body: row.body, updated_at: now }),
    )
    .execute();
  return { rule: toRule(row), created: !old };
};

export const deleteRule: Write<{ collection: string; ruleId: string }, boolean> = async (
  trx,
  { collection, ruleId },
) => {
  const gone = await trx
    .deleteFrom('rules')
    .where('collection', '=', collection)
    .where('rule_id', '=', ruleId)
    .returning('rule_id')
    .execute();
  return gone.length > 0;
};

export function rules(db: Database, writer: Writer): Rules {
  const every = () => db.selectFrom('rules').selectAll().orderBy('collection').orderBy('rule_id');
  return {
    put: (collection, rule) => writer.run('rules.put', { collection, rule }),
    delete: (collection, ruleId) => writer.run('rules.delete', { collection, ruleId }),
    async get(collection, ruleId) {
      const row = await every().where('collection', '=', collection).where('rule_id', '=', ruleId).executeTakeFirst();
      return row && toRule(row);
    },
    list: async (collection) => (await every().where('collection', '=', collection).execute()).map(toRule),
    all: async () => (await every().execute()).map(toRule),
  };
}
