import { handler } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { startJob } from '../start-job.js';

/** DELETE …/users/{userId}: a job. It is queued after the person is marked, so that one that has run has seen the mark. */
export const forgetUser = handler(ROUTES.forgetUser, async ({ context, params: { collection, userId } }) => {
  await context.deps.catalogue.events.forget(collection, userId);
  return startJob(context, 'forget', collection, {});
});
