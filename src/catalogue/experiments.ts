import { AppError } from '../errors.js';
import { allotBuckets } from './allot-buckets.js';
import type { Experiment, Experiments, NewExperiment } from './catalogue.js';
import type { Database, Schema } from './schema.js';
import { holdCollection, type Write } from './write.js';
import type { Writer } from './writer.js';

/** Experiments that a collection may keep, those that are over included. */
const MOST_EXPERIMENTS = 1_000;

type Body = NewExperiment & Pick<Experiment, 'buckets'>;

const toExperiment = (row: Schema['experiments']): Experiment => ({
  ...(JSON.parse(row.body) as Body),
  collection: row.collection,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

/** Whether two are active at one time. */
const overlap = (a: NewExperiment, b: NewExperiment): boolean =>
  (b.until === null || a.from < b.until) && (a.until === null || b.from < a.until);

/** Makes or replaces an experiment. Takes no revision: whoever watches reads the experiments anew. */
export const putExperiment: Write<
  { collection: string; experiment: NewExperiment },
  { experiment: Experiment; created: boolean }
> = async (trx, { collection, experiment }, { now, dialect }) => {
  // Held as a change holds it, so that two new experiments see each other.
  await holdCollection(trx, collection, dialect.holdForChange);
  const rows = await trx.selectFrom('experiments').selectAll().where('collection', '=', collection).execute();
  const all = rows.map(toExperiment);
  const old = all.find(({ name }) => name === experiment.name);
  if (!old && all.length >= MOST_EXPERIMENTS)
    throw new AppError('REQUEST_INVALID', { why: `A collection has at most ${MOST_EXPERIMENTS} experiments.` });
  const rival = all.find((other) => other.name !== experiment.name && overlap(other, experiment));
  if (rival) throw new AppError('EXPERIMENT_OVERLAP', { name: experiment.name, other: rival.name });
  const body: Body = { ...experiment, buckets: allotBuckets(experiment.variants, old?.buckets) };
  const row: Schema['experiments'] = {
    collection,
    name: experiment.name,
    body: JSON.stringify(body),
    created_at: old?.createdAt ?? now,
    updated_at: now,
  };
  await trx
    .insertInto('experiments')
    .values(row)
    .onConflict((conflict) => conflict.columns(['collection', 'name']).doUpdateSet({ body: row.body, updated_at: now }))
    .execute();
  return { experiment: toExperiment(row), created: !old };
};

export const deleteExperiment: Write<{ collection: string; name: string }, boolean> = async (
  trx,
  { collection, name },
) => {
  const gone = await trx
    .deleteFrom('experiments')
    .where('collection', '=', collection)
    .where('name', '=', name)
    .returning('name')
    .execute();
  return gone.length > 0;
};

export function experiments(db: Database, writer: Writer): Experiments {
  const every = () => db.selectFrom('experiments').selectAll().orderBy('collection').orderBy('name');
  return {
    put: (collection, experiment) => writer.run('experiments.put', { collection, experiment }),
    delete: (collection, name) => writer.run('experiments.delete', { collection, name }),
    async get(collection, name) {
      const row = await every().where('collection', '=', collection).where('name', '=', name).executeTakeFirst();
      return row && toExperiment(row);
    },
    list: async (collection) => (await every().where('collection', '=', collection).execute()).map(toExperiment),
    all: async () => (await every().execute()).map(toExperiment),
  };
}
