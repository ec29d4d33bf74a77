import type { Json } from '../../catalogue/catalogue.js';
import { handler } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { startJob } from '../start-job.js';

/** POST …/estimate: a job. */
export const estimate = handler(ROUTES.estimate, (call) =>
  // It came as JSON, so it is JSON.
  startJob(call.context, 'estimate', call.params.collection, call.json as unknown as Json),
);
