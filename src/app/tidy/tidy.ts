import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../../errors.js';
import type { Environment } from '../environment.js';
import type { Watched } from '../index-line.js';
import { folders } from '../stores.js';
import { isOwnFolder } from './own-folder.js';
import { tidyCheckpoints, tidyPixels } from './tidy-caches.js';
import { tidyCollection } from './tidy-collection.js';
import { tidyEvents } from './tidy-events.js';
import { tidyBehaviours, tidyIndexes } from './tidy-indexes.js';
import { tidyPictures } from './tidy-pictures.js';
import { DAY_MS, emptyReport, HOUR_MS, type Tidying, type TidyReport } from './tidying.js';

/** Jobs that ended before so long are forgotten. */
const JOBS_MS = 30 * DAY_MS;

/** What it is about, and doing it. */
type Step = readonly [what: string, run: () => Promise<void>];

export interface TidyOptions {
  readonly work: Pick<Watched, 'progress' | 'signal'>;
  /** Says what would go, and takes nothing away. */
  readonly dryRun?: boolean;
}

/**
 * Takes away what nobody needs any more, row by row and file by file, beside servers and jobs that go on: releases out
 * of the window, the indexes and embeddings that only they named, what kept indexes make superfluous in the log,
 * pictures that no item refers to, jobs that ended long ago, caches that nobody uses. A part that fails is logged and
 * named, and does not stop the others. Throws CANCELLED, and SETTINGS_INVALID where the data folder is another catalogue's.
 */
export async function tidy(
  environment: Environment,
  stores: Tidying['stores'],
  { work, dryRun = false }: TidyOptions,
): Promise<TidyReport> {
  const { config, log, newId, now } = environment;
  const at = folders(environment);
  const report = emptyReport();
  const tidying: Tidying = {
    stores,
    startedAt: now(),
    dryRun,
    report,
    goneReleases: new Set(),
    async pause() {
      await nextTurn();
      if (work.signal.aborted) throw new AppError('CANCELLED', { what: 'Tidying' });
    },
  };
  const { catalogue } = stores;
  const ownFolder = await isOwnFolder({ catalogue, dataFolder: at.data, newId, dryRun });
  if (!ownFolder)
    log.info({ folder: at.data }, 'the catalogue is empty, so files of indexes and pictures are left alone');
  const collections = await catalogue.collections.list();

  const ofFolder: Step[] = [
    ['indexes', () => tidyIndexes(tidying)],
    ['behaviour models', () => tidyBehaviours(tidying)],
    ['pictures', () => tidyPictures(tidying)],
  ];
  const steps: Step[] = [
    ...collections.map(
      (collection): Step => [
        `collection ${collection.name}`,
        () => tidyCollection(tidying, collection, config.KINDRED_KEEP_RELEASE_HOURS * HOUR_MS),
      ],
    ),
    ...collections.map(
      (collection): Step => [
        `events of ${collection.name}`,
        () => tidyEvents(tidying, collection.name, config.KINDRED_EVENT_RETENTION_DAYS),
      ],
    ),
    ...(ownFolder ? ofFolder : []),
    ['prepared pixels', () => tidyPixels(tidying, at.samples)],
    ['checkpoints', () => tidyCheckpoints(tidying, at.checkpoints)],
    ['jobs', () => tidyJobs(tidying)],
  ];
  for (const [done, [what, step]] of steps.entries()) {
    work.progress({ stage: 'tidy', done, total: steps.length, unit: 'parts', note: what });
    await tidying.pause();
    try {
      await step();
    } catch (cause) {
      if (work.signal.aborted) throw cause;
      if (cause instanceof AppError && cause.code === 'COLLECTION_NOT_FOUND') continue; // deleted meanwhile
      log.error({ what, err: cause }, 'a part could not be tidied');
      report.failed.push(what);
    }
  }
  work.progress({ stage: 'tidy', done: steps.length, total: steps.length, unit: 'parts' });
  return report;
}

async function tidyJobs({ stores, report, startedAt, dryRun, pause }: Tidying): Promise<void> {
  const { jobs } = stores.catalogue;
  const before = startedAt - JOBS_MS;
  if (dryRun) report.jobs += await jobs.countFinished(before);
  else
    for (let pruned = await jobs.prune(before); pruned > 0; pruned = await jobs.prune(before)) {
      report.jobs += pruned;
      await pause();
    }
}
