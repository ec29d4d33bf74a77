import { handler } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { jobInput } from '../job-input.js';
import { startJob } from '../start-job.js';

/** POST …/reindex: a job. */
export const reindex = handler(ROUTES.reindex, (call) =>
  startJob(call.context, 'reindex', call.params.collection, jobInput(call.json)),
);
