import { jobHandlers } from '../app/job-handlers.js';
import { openStores } from '../app/stores.js';
import { runJobChild } from '../jobs/run-job-child.js';
import { openWorld } from './world.js';

/** The process of one job: the server starts it, hands it the job over its channel, and may stop it. */
export async function jobChild(): Promise<void> {
  const world = openWorld();
  await runJobChild({
    open: async () => {
      const stores = await openStores(world);
      return { stores, jobs: stores.catalogue.jobs, close: () => stores.close() };
    },
    handlers: ({ stores }) => jobHandlers(world, stores),
    now: world.now,
  });
}

await jobChild();
