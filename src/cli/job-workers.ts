import { createBehaviourScheduler } from '../app/behaviour-scheduler.js';
import { JOB_KINDS } from '../app/job-handlers.js';
import { createRetrainScheduler } from '../app/retrain-scheduler.js';
import type { Stores } from '../app/stores.js';
import { createTidyScheduler } from '../app/tidy-scheduler.js';
import { besideModule, startChild } from '../core/start-process.js';
import { createJobRunner } from '../jobs/job-runner.js';
import type { World } from './world.js';

/** What does long work beside the server: the job runner, and whoever asks for training and tidying when they are due. */
export interface JobWorkers {
  close(): Promise<void>;
}

/** Starts claiming jobs. Each runs in a process of its own, started with this one's settings. */
export function startJobWorkers(world: World, stores: Stores): JobWorkers {
  const { KINDRED_DATA, KINDRED_MODELS } = world.config;
  const threads = world.config.KINDRED_THREADS;
  const runner = createJobRunner({
    catalogue: stores.catalogue,
    startChild: () =>
      startChild(besideModule(import.meta.url, './job-child'), [], {
        env: {
          ...process.env,
          KINDRED_DATA,
          KINDRED_MODELS,
          ...(threads === undefined ? {} : { KINDRED_THREADS: String(threads) }),
        },
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      }),
    worker: `${process.pid}-${world.newId().slice(0, 8)}`,
    kinds: JOB_KINDS,
    now: world.now,
    log: world.log,
  });
  const schedulers = [
    createRetrainScheduler(world, stores),
    createBehaviourScheduler(world, stores),
    createTidyScheduler(world, stores),
  ];
  return {
    async close() {
      for (const scheduler of schedulers) scheduler.close();
      await runner.close();
    },
  };
}
