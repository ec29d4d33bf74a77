import { AppError } from '../../errors.js';
import { handler, ok } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { jobAnswer, knownJob } from '../job-answer.js';

/** DELETE /v1/admin/jobs/{jobId}. */
export const cancelJob = handler(ROUTES.cancelJob, async (call) => {
  const { jobId } = call.params;
  await knownJob(call.context, call.caller, jobId);
  const job = await call.context.deps.catalogue.jobs.cancel(jobId);
  if (!job) throw new AppError('JOB_NOT_FOUND', { jobId });
  return ok(jobAnswer(job));
});
