import { z } from 'zod';
import { EstimateRequest } from '../api/contract/experiment-schemas.js';
import type { Attributes } from '../catalogue/catalogue.js';
import { WHITENS } from '../indexing/index-whitening.js';
import type { JobHandler, Work } from '../jobs/work.js';
import { learnBehaviour } from './behaviour-line.js';
import { collectionSource } from './collection-source.js';
import type { Environment } from './environment.js';
import { estimateApart } from './estimate-line.js';
import { forgetPeople } from './forget-people.js';
import { asJson, buildOf, reindex, releaseIndex } from './index-line.js';
import { retrainCollection } from './retraining-line.js';
import type { Stores } from './stores.js';
import { tidy } from './tidy/tidy.js';
import { trainModel } from './training-line.js';

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

/** Every kind of long work the server can be asked for. Adding one: its function and its row here. */
const HANDLERS = {
  /** The same model, a fresh graph, whitened as it was or as is asked for. */
  reindex: (environment, stores, work) => {
    const { whiten } = ReindexInput.parse(work.input ?? {});
    return reindex(environment, stores, { collection: work.collection, work, whiten });
  },

  /** A fresh encoder from the collection's own pictures, released whatever served before. */
  train: async (environment, stores, work) => {
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
  retrain: (environment, stores, work) => {
    const { minutes } = TrainInput.parse(work.input ?? {});
    return retrainCollection(environment, stores, { collection: work.collection, minutes, work });
  },

  /** Whoever is to be forgotten in the collection. */
  forget: (_environment, stores, work) => forgetPeople(stores.catalogue.events, work),

  /** A behaviour model of all events, released with the index and encoder that are served. */
  behaviour: (environment, stores, work) => learnBehaviour(environment, stores, { collection: work.collection, work }),

  /** What another way of recommending would have been worth, from the log. */
  estimate: (environment, stores, work) => {
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
  tidy: (environment, stores, work) => tidy(environment, stores, { work }),
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
