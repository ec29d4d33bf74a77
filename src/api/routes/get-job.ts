import { handler, ok } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { jobAnswer, knownJob, toldJob } from '../job-answer.js';

/** GET /v1/admin/jobs/{jobId}. */
export const getJob = handler(ROUTES.getJob, async (call) => {
  const job = await knownJob(call.context, call.caller, call.params.jobId);
  return ok(jobAnswer(await toldJob(call.context, job)));
});
