import type { JobTable, Json } from '../catalogue/catalogue.js';
import { ORPHAN_EXIT } from '../core/start-process.js';
import { AppError, ERRORS, isDiskFull } from '../errors.js';
import { childProtocol, type EndMessage, type FromChild, type StartedJob } from './child-protocol.js';
import { throttledProgress } from './throttled-progress.js';
import type { JobHandler, Work } from './work.js';

const PROGRESS_EVERY_MS = 200;
/** How long work may go on after the parent has gone, to put its pens down. */
const ORPHAN_GRACE_MS = 1_000;

export interface JobChildOptions<Parts extends { readonly jobs: Pick<JobTable, 'get'>; close(): Promise<void> }> {
  /** Opens what handlers need, the catalogue's jobs among it. Called once there is a job. */
  readonly open: () => Promise<Parts>;
  /** The kinds of jobs there are, by name. */
  readonly handlers: (parts: Parts) => Readonly<Record<string, JobHandler>>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

function endOf(cause: unknown): EndMessage {
  if (cause instanceof AppError) {
    return { type: 'failed', code: cause.code, message: cause.message, remedy: cause.remedy };
  }
  if (isDiskFull(cause)) return endOf(new AppError('DISK_FULL', { what: 'this job' }, { cause }));
  const message = cause instanceof Error ? cause.message : String(cause);
  return { type: 'failed', code: 'INTERNAL', message, remedy: ERRORS.INTERNAL.remedy };
}

/** Says something to the parent and waits until it is on its way; a parent that has gone hears nothing. */
function tell(message: FromChild): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected) return resolve();
    process.send?.(message, undefined, undefined, () => resolve());
  });
}

function workOf(job: StartedJob, jobs: Pick<JobTable, 'get'>, signal: AbortSignal, now: () => number): Work {
  const { jobId, attempt, collection } = job;
  return {
    jobId,
    attempt,
    collection,
    input: job.input as Json,
    signal,
    progress: throttledProgress((report) => void tell({ type: 'progress', report }), now, PROGRESS_EVERY_MS),
    async holdsClaim() {
      const found = await jobs.get(jobId);
      if (found?.state !== 'running' || found.attempt !== attempt) throw new AppError('CLAIM_LOST', { jobId });
      if (found.cancelRequested || signal.aborted) throw new AppError('CANCELLED', { what: `Job ${jobId}` });
    },
  };
}

/**
 * The whole life of a job's process: says that it listens, takes one job from its parent's channel, runs the handler of
 * its kind, says how it ended, and exits. Where the parent goes, it stops. Never resolves: the process ends.
 */
export async function runJobChild<Parts extends { readonly jobs: Pick<JobTable, 'get'>; close(): Promise<void> }>(
  options: JobChildOptions<Parts>,
): Promise<never> {
  const stop = new AbortController();
  process.on('disconnect', () => {
    stop.abort();
    setTimeout(() => process.exit(ORPHAN_EXIT), ORPHAN_GRACE_MS).unref();
  });
  // Ctrl-C, or the end of a service, reaches the whole group; the parent decides what becomes of jobs, and says so here.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);

  const job = await new Promise<StartedJob>((resolve) => {
    process.on('message', (raw) => {
      const { data: message } = childProtocol.toChild.safeParse(raw);
      if (message?.type === 'start') resolve(message.job);
      else if (message) stop.abort();
    });
    void tell({ type: 'ready' });
  });
  const end = await run(job, options, stop.signal);
  await tell(end);
  process.exit(0);
}

async function run<Parts extends { readonly jobs: Pick<JobTable, 'get'>; close(): Promise<void> }>(
  job: StartedJob,
  { open, handlers, now }: JobChildOptions<Parts>,
  signal: AbortSignal,
): Promise<EndMessage> {
  let parts: Parts | undefined;
  try {
    parts = await open();
    const handler = Object.entries(handlers(parts)).find(([kind]) => kind === job.kind)?.[1];
    if (!handler) throw new AppError('REQUEST_INVALID', { why: `There is no kind of job called "${job.kind}".` });
    const result = await handler(workOf(job, parts.jobs, signal, now));
    return { type: 'done', result: result as Extract<EndMessage, { type: 'done' }>['result'] };
  } catch (cause) {
    // Stopped work ends in whatever way its libraries end; the reason is the stop.
    return endOf(signal.aborted ? new AppError('CANCELLED', { what: `Job ${job.jobId}` }, { cause }) : cause);
  } finally {
    await parts?.close().catch(() => undefined);
  }
}
