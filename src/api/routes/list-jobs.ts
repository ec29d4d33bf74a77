import { mayUse } from '../allow.js';
import { handler, ok } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { jobAnswer } from '../job-answer.js';

/** GET /v1/admin/jobs. */
export const listJobs = handler(ROUTES.listJobs, async (call) => {
  const { collection, state, limit } = call.query;
  const jobs = await call.context.deps.catalogue.jobs.list({
    limit,
    ...(collection === undefined ? {} : { collection }),
    ...(state === undefined ? {} : { state }),
  });
  return ok({ jobs: jobs.filter((job) => mayUse(call.caller, job.collection)).map(jobAnswer) });
});
