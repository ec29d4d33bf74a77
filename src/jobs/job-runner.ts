import type { ChildProcess } from 'node:child_process';
import { getPriority, setPriority } from 'node:os';
import type { Catalogue, Job } from '../catalogue/catalogue.js';
import type { Log } from '../core/log.js';
import { ERRORS } from '../errors.js';
import { ChildRun } from './child-run.js';

export interface JobRunnerOptions {
  readonly catalogue: Pick<Catalogue, 'jobs'> & { readonly log: Pick<Catalogue['log'], 'watch'> };
  /** Starts the process that calls `runJobChild`; the job itself follows over its channel. */
  readonly startChild: (job: Job) => ChildProcess;
  /** Who claims: a name for people, unique among workers. */
  readonly worker: string;
  readonly kinds: readonly string[];
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly log: Log;
  /** Jobs at once (1). */
  readonly concurrency?: number;
  /**
   * How far jobs stand below this process where both want a processor: 0 to 19 (10: a tenth of the weight, since answering
   * comes first; at 19 a re-index under eight clients that never pause did not end).
   */
  readonly niceness?: number;
  /** How often to look for jobs where nothing woke the runner (1 s). */
  readonly pollMs?: number;
  readonly beatMs?: number;
  /** A job whose heart has not beaten for so long is claimed again (15 s). */
  readonly staleAfterMs?: number;
  /** How long a child may take to stop when asked (10 s). */
  readonly graceMs?: number;
}

export interface JobRunner {
  /** Looks for jobs now. Commits by any process wake it too. */
  wake(): void;
  /** The jobs that run here. */
  running(): readonly string[];
  /** Takes no more jobs, stops those that run and hands them back: the next worker goes on with them. */
  close(): Promise<void>;
}

/** At once, before the child has threads: each thread stands where the one stood that made it. */
function lower({ pid }: ChildProcess, niceness: number): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, Math.min(19, getPriority() + niceness));
  } catch {
    // Not allowed here, or gone already: then it runs as it is.
  }
}

/** Claims jobs from the catalogue, as many at once as it may, and runs each in a process of its own. */
export function createJobRunner(options: JobRunnerOptions): JobRunner {
  const { catalogue, kinds, log, now, startChild, worker } = options;
  const { concurrency = 1, pollMs = 1_000, beatMs = 1_000, staleAfterMs = 15_000, graceMs = 10_000 } = options;
  const { niceness = 10 } = options;
  const runs = new Map<string, ChildRun>();
  let closing = false;
  let looking: Promise<void> | undefined;
  let lookAgain = false;

  const start = (job: Job): void => {
    const key = `${job.jobId}/${job.attempt}`;
    log.info({ jobId: job.jobId, kind: job.kind, attempt: job.attempt }, 'a job starts');
    const child = startChild(job);
    lower(child, niceness);
    const run = new ChildRun({ job, child, jobs: catalogue.jobs, now, log, beatMs, graceMs });
    runs.set(key, run);
    void run.ended.then(() => {
      runs.delete(key);
      wake();
    });
  };

  const look = async (): Promise<void> => {
    while (runs.size < concurrency && !closing) {
      const job = await catalogue.jobs.claim(worker, kinds, staleAfterMs);
      if (!job) return;
      if (closing) {
        await catalogue.jobs.release(job.jobId, job.attempt);
        return;
      }
      try {
        start(job);
      } catch (cause) {
        const error = { code: 'INTERNAL', message: String(cause), remedy: ERRORS.INTERNAL.remedy };
        await catalogue.jobs.finish(job.jobId, job.attempt, { state: 'failed', error });
      }
    }
  };

  function wake(): void {
    if (closing) return;
    if (looking !== undefined) {
      lookAgain = true;
      return;
    }
    lookAgain = false;
    looking = look()
      .catch((cause: unknown) => log.warn({ err: cause }, 'jobs could not be claimed'))
      .then(() => {
        looking = undefined;
        if (lookAgain) wake();
      });
  }

  const timer = setInterval(wake, pollMs);
  const unwatch = catalogue.log.watch(wake);
  wake();

  return {
    wake,
    running: () => [...runs.keys()].map((key) => key.slice(0, key.lastIndexOf('/'))),
    async close() {
      closing = true;
      clearInterval(timer);
      unwatch();
      await looking;
      for (const run of runs.values()) run.shutDown();
      await Promise.all([...runs.values()].map((run) => run.ended));
    },
  };
}
