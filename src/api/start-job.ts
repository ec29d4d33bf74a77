import type { Json } from '../catalogue/catalogue.js';
import { AppError } from '../errors.js';
import type { Answer } from './call.js';
import type { Context } from './context.js';
import { jobAnswer } from './job-answer.js';
import { knownCollection } from './known-collection.js';

/** Queues a job, or finds the equal one that is still queued: 202 and where to look. Throws COLLECTION_NOT_FOUND. */
export async function startJob(context: Context, kind: string, collection: string, input: Json): Promise<Answer> {
  const { jobKinds, catalogue } = context.deps;
  if (!jobKinds.includes(kind)) throw notBuilt(kind);
  await knownCollection(context, collection);
  const { job } = await catalogue.jobs.enqueue({ kind, collection, input });
  return {
    status: 202,
    body: jobAnswer(job),
    headers: { Location: `/v1/admin/jobs/${encodeURIComponent(job.jobId)}` },
  };
}

/** What the design names and this build does not do. */
export const notBuilt = (what: string): AppError =>
  new AppError('REQUEST_INVALID', { why: `"${what}" is not built yet.` });
