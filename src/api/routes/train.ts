import { handler } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { jobInput } from '../job-input.js';
import { startJob } from '../start-job.js';

/** POST …/train: a job. */
export const train = handler(ROUTES.train, (call) =>
  startJob(call.context, 'train', call.params.collection, jobInput(call.json)),
);
