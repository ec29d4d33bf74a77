import { z } from 'zod';
import type { Attributes, Json } from '../catalogue/catalogue.js';
import { WHITENS } from '../indexing/index-whitening.js';
import type { JobHandler, Work } from '../jobs/work.js';
import type { Environment } from './environment.js';
import type { Stores } from './stores.js';

const HOUR_MS = 3_600_000;

/** What a train or retrain request may say. */
export const TrainInput = z.strictObject({
  minutes: z
    .number()
    .positive()
    .max(24 * 60)
    .optional(),
});

/** What a reindex request may say. */
export const ReindexInput = z.strictObject({ whiten: z.enum(WHITENS).optional() });

type Row = (environment: Environment, stores: Stores, work: Work) => Promise<object>;

/**
 * Every kind of long work the server can be asked for, loaded by the process that does it: the server, which names them,
 * never holds what training takes. Adding one: its function and its row here.
 */
const HANDLERS = {
  /** The same model, a fresh graph, whitened as it was or as is asked for. */
  reindex: async (environment, stores, work) => {
    const { reindex } = await import('./index-line.js');
    const { whiten } = ReindexInput.parse(work.input ?? {});
    return reindex(environment, stores, { collection: work.collection, work, whiten });
  },

  /** A fresh encoder from the collection's own pictures, released whatever served before. */
  train: async (environment, stores, work) => {
    const { trainModel } = await import('./training-line.js');
    const { buildOf, releaseIndex } = await import('./index-line.js');
    const { collectionSource } = await import('./collection-source.js');
    const { collection } = work;
    const { minutes = environment.config.KINDRED_RETRAIN_MINUTES } = TrainInput.parse(work.input ?? {});
    const { manifest, skipped } = await trainModel(environment, stores, {
      source: collectionSource(stores, collection),
      name: collection.slice(0, 40),
      settings: { budget: { minutes } },
      resume: 'if-it-fits',
      work,
    });
    const built = await buildOf(environment, stores, { collection, modelId: manifest.modelId, work });
    return {
      ...(await releaseIndex(environment, stores, { collection, built, origin: 'train', work })),
      unreadable: skipped.length,
    };
  },

  /** The whole cycle, with its verdict: unchanged, rejected or released. */
  retrain: async (environment, stores, work) => {
    const { retrainCollection } = await import('./retraining-line.js');
    const { minutes } = TrainInput.parse(work.input ?? {});
    return retrainCollection(environment, stores, { collection: work.collection, minutes, work });
  },

  /** Whoever is to be forgotten in the collection. */
  forget: async (_environment, stores, work) =>
    (await import('./forget-people.js')).forgetPeople(stores.catalogue.events, work),

  /** A behaviour model of all events, released with the index and encoder that are served. */
  behaviour: async (environment, stores, work) =>
    (await import('./behaviour-line.js')).learnBehaviour(environment, stores, { collection: work.collection, work }),

  /** What another way of recommending would have been worth, from the log. */
  estimate: async (environment, stores, work) => {
    const { estimateApart } = await import('./estimate-line.js');
    const { EstimateRequest } = await import('../api/contract/experiment-schemas.js');
    const { request, success, clip } = EstimateRequest.parse(work.input ?? {});
    return estimateApart(environment, stores, {
      collection: work.collection,
      // It came as JSON, so it is JSON.
      wishes: request as unknown as Attributes,
      success: { kinds: success.kinds, windowMs: success.windowHours * HOUR_MS },
      clip,
      work,
    });
  },

  /** The whole installation, whatever collection the job is filed under. */
  tidy: async (environment, stores, work) => (await import('./tidy/tidy.js')).tidy(environment, stores, { work }),
} satisfies Record<string, Row>;

export const JOB_KINDS = Object.keys(HANDLERS) as (keyof typeof HANDLERS)[];

/** The handlers as a job's process calls them. */
export function jobHandlers(environment: Environment, stores: Stores): Readonly<Record<string, JobHandler>> {
  return Object.fromEntries(
    Object.entries<Row>(HANDLERS).map(([kind, handle]) => [
      kind,
      async (work: Work) => asJson(await handle(environment, stores, work)),
    ]),
  );
}

/** A result as the catalogue keeps it. */
const asJson = (value: object): Json => JSON.parse(JSON.stringify(value)) as Json;
