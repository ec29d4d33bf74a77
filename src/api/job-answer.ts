import type { Job } from '../catalogue/catalogue.js';
import { AppError } from '../errors.js';
import { mayUse } from './allow.js';
import type { Context } from './context.js';
import { isoTime } from './iso-time.js';
import type { Caller } from './key-ring.js';

/** How long a look at a job waits for this process to serve what the job released, in ms. */
const SERVING_MS = 2_000;

export type JobAnswer = Readonly<Record<string, unknown>> & { readonly state: Job['state'] };

/** A job as answers show it: what is null is left out. */
export function jobAnswer(job: Job): JobAnswer {
  const { jobId, kind, collection, state, progress, result, error, createdAt, startedAt, finishedAt } = job;
  return {
    jobId,
    kind,
    collection,
    state,
    ...(progress === null ? {} : { progress: { ...progress } }),
    ...(state === 'succeeded' ? { result } : {}),
    ...(error === null ? {} : { error: { ...error } }),
    createdAt: isoTime(createdAt),
    ...(startedAt === null ? {} : { startedAt: isoTime(startedAt) }),
    ...(finishedAt === null ? {} : { finishedAt: isoTime(finishedAt) }),
  };
}

/** The job, if there is one and the key is for its collection. Throws JOB_NOT_FOUND. */
export async function knownJob(context: Context, caller: Caller, jobId: string): Promise<Job> {
  const job = await context.deps.catalogue.jobs.get(jobId);
  // A job of another collection is not told from none: its id is all that the caller knows.
  if (!job || !mayUse(caller, job.collection)) throw new AppError('JOB_NOT_FOUND', { jobId });
  return job;
}

/**
 * The job as this process may tell it: one that released an index has only succeeded once this process serves it, or
 * whoever waits for it would still be answered by the old one.
 */
export async function toldJob(context: Context, job: Job): Promise<Job> {
  const releaseId = (job.result as { releaseId?: unknown } | null)?.releaseId;
  if (job.state !== 'succeeded' || typeof releaseId !== 'string') return job;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), SERVING_MS);
  });
  const serving = context.deps.live.get(job.collection).then(async (live) => {
    await live.serving(releaseId);
    return true;
  });
  try {
    return (await Promise.race([serving, late])) ? job : { ...job, state: 'running', finishedAt: null };
  } catch (failure) {
    // The collection has gone since: nobody waits for its index any more.
    if (failure instanceof AppError && failure.code === 'COLLECTION_NOT_FOUND') return job;
    if (failure instanceof AppError && failure.code === 'NOT_READY')
      return { ...job, state: 'running', finishedAt: null };
    throw failure;
  } finally {
    clearTimeout(timer);
  }
}
