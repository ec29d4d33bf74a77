import { handler } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { startJob } from '../start-job.js';

/** POST …/behaviour/train: a job. */
export const trainBehaviour = handler(ROUTES.trainBehaviour, (call) =>
  startJob(call.context, 'behaviour', call.params.collection, {}),
);
