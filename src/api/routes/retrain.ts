import { handler } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { jobInput } from '../job-input.js';
import { startJob } from '../start-job.js';

/** POST …/retrain: a job. */
export const retrain = handler(ROUTES.retrain, (call) =>
  startJob(call.context, 'retrain', call.params.collection, jobInput(call.json)),
);
