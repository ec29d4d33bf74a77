import type { Environment } from './environment.js';
import { type Looking, lookEvery } from './look-every.js';
import type { Stores } from './stores.js';

/** How often it is looked whether a tidying is due: two short queries. */
const LOOK_EVERY_MS = 600_000;
const HOUR_MS = 3_600_000;

/**
 * Queues a tidying of the whole installation every KINDRED_TIDY_EVERY_HOURS, however often servers start and however
 * many there are: the newest such job says when it was last asked for. The first is due that long after the first look.
 */
export function createTidyScheduler(environment: Environment, stores: Stores, everyMs = LOOK_EVERY_MS): Looking {
  const { config, log, now } = environment;
  const { collections, installation, jobs } = stores.catalogue;
  const everyHours = config.KINDRED_TIDY_EVERY_HOURS;

  async function look(): Promise<void> {
    const [last] = await jobs.list({ kind: 'tidy', limit: 1 });
    if (last?.state === 'queued' || last?.state === 'running') return;
    const since = last?.createdAt ?? Number(await installation.getOrCreate('tidy-since', () => String(now())));
    if (now() - since < everyHours * HOUR_MS) return;
    const names = (await collections.list()).map(({ name }) => name);
    // A job belongs to a collection, and this one to none more than to another.
    const collection = names.includes('default') ? 'default' : names[0];
    if (collection === undefined) return;
    const { job, created } = await jobs.enqueue({ kind: 'tidy', collection, input: {} });
    if (created) log.info({ jobId: job.jobId }, 'a tidying is due');
  }

  return lookEvery(everyHours === 0 ? Infinity : everyMs, look, (cause) =>
    log.warn({ err: cause }, 'looking whether a tidying is due failed'),
  );
}
