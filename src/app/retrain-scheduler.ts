import type { Environment } from './environment.js';
import { type Looking, lookEvery } from './look-every.js';
import { dueOf } from './retraining-due.js';
import type { Stores } from './stores.js';

/** How often collections are looked at: a look costs two short queries each. */
const LOOK_EVERY_MS = 60_000;

/** Queues a retraining wherever one is due. Without a policy in the settings it never looks. */
export function createRetrainScheduler(environment: Environment, stores: Stores, everyMs = LOOK_EVERY_MS): Looking {
  const { config, log } = environment;
  const never = config.KINDRED_RETRAIN_AFTER_PICTURES === 0 && config.KINDRED_RETRAIN_EVERY_HOURS === 0;
  /** Where a retraining ended without a release, the same pictures are not tried again. */
  const tried = new Map<string, number>();

  async function look(): Promise<void> {
    for (const { name, encoder, revision } of await stores.catalogue.collections.list()) {
      if (encoder === 'none' || tried.get(name) === revision) continue;
      const running = await stores.catalogue.jobs.list({ collection: name, state: 'running', limit: 10 });
      if (running.some((job) => job.kind === 'retrain' || job.kind === 'train')) continue;
      const { due, why } = await dueOf(environment, stores, name);
      if (!due) continue;
      tried.set(name, revision);
      const { job } = await stores.catalogue.jobs.enqueue({ kind: 'retrain', collection: name, input: {} });
      log.info({ collection: name, jobId: job.jobId, why }, 'a retraining is due');
    }
  }

  return lookEvery(never ? Infinity : everyMs, look, (cause) =>
    log.warn({ err: cause }, 'looking whether a retraining is due failed'),
  );
}
