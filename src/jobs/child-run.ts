import type { ChildProcess } from 'node:child_process';
import type { Job, JobProgress, JobTable } from '../catalogue/catalogue.js';
import type { Log } from '../core/log.js';
import { AppError, ERRORS } from '../errors.js';
import { childProtocol, type EndMessage, type ToChild } from './child-protocol.js';
import { ProgressEstimate } from './progress-estimate.js';

export interface ChildRunOptions {
  readonly job: Job;
  readonly child: ChildProcess;
  readonly jobs: JobTable;
  readonly now: () => number;
  readonly log: Log;
  readonly beatMs: number;
  /** How long a child may take to stop when asked, before it is killed. */
  readonly graceMs: number;
}

/** How often an end is written again where the catalogue is away. */
const FINISH_ATTEMPTS = 20;
const FINISH_PAUSE_MS = 1_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * One claimed job and the process that works on it. The parent beats the job's heart and carries its progress to the
 * catalogue; the child only talks to the parent. A child that ends without a word has failed, and is not tried again by
 * itself: whatever killed it (memory, as a rule) would do so again. A *parent* that ends leaves a job whose heart has
 * stopped, which the next worker claims.
 */
export class ChildRun {
  /** Resolves once the process is gone and its end is written (or can't be). Never rejects. */
  readonly ended: Promise<void>;
  readonly #options: ChildRunOptions;
  readonly #estimate: ProgressEstimate;
  #progress: JobProgress | null = null;
  #end: EndMessage | undefined;
  #stopping: 'cancel' | 'shutdown' | 'lost' | undefined;
  #beating = false;
  #killer: NodeJS.Timeout | undefined;

  constructor(options: ChildRunOptions) {
    this.#options = options;
    this.#estimate = new ProgressEstimate(options.now);
    options.child.on('message', (raw) => this.#hear(raw));
    const heart = setInterval(() => void this.#beat(), options.beatMs);
    this.ended = this.#untilGone()
      .then((how) => {
        clearInterval(heart);
        clearTimeout(this.#killer);
        return this.#settle(how);
      })
      .catch((cause: unknown) => {
        options.log.error({ jobId: options.job.jobId, err: cause }, 'the end of a job could not be written');
      });
  }

  /** Asks the child to stop, so that the job can go on elsewhere; kills it where it takes too long. */
  shutDown(): void {
    this.#stop('shutdown');
  }

  #untilGone(): Promise<string> {
    const { child } = this.#options;
    return new Promise((resolve) => {
      child.on('error', (cause) => {
        if (child.pid === undefined) resolve(`could not be started: ${cause.message}`);
      });
      // `close` comes after the channel has been read to its end, so a last message is never missed.
      child.on('close', (code, signal) =>
        resolve(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`),
      );
    });
  }

  #hear(raw: unknown): void {
    const { child, job, log } = this.#options;
    const parsed = childProtocol.fromChild.safeParse(raw);
    if (!parsed.success) {
      log.warn({ jobId: job.jobId }, 'a job said something that is not in the protocol');
      return;
    }
    const message = parsed.data;
    if (message.type === 'ready') {
      const { jobId, kind, collection, attempt, input } = job;
      this.#say({ type: 'start', job: { jobId, kind, collection, attempt, input: structuredClone(input) as never } });
      if (this.#stopping) this.#say({ type: 'cancel' });
    } else if (message.type === 'progress') {
      const { stage, done, unit, total, note } = message.report;
      this.#progress = this.#estimate.estimate({
        stage,
        done,
        unit,
        ...(total === undefined ? {} : { total }),
        ...(note === undefined ? {} : { note }),
      });
    } else {
      this.#end = message;
      // It exits by itself; one that can't is helped.
      this.#killer ??= setTimeout(() => child.kill('SIGKILL'), this.#options.graceMs);
    }
  }

  #say(message: ToChild): void {
    const { child } = this.#options;
    // A child that has just gone makes `send` fail; its `close` tells the rest.
    if (child.connected) child.send(message, () => undefined);
  }

  async #beat(): Promise<void> {
    const { job, jobs, log } = this.#options;
    if (this.#beating || this.#end) return;
    this.#beating = true;
    try {
      if (await jobs.beat(job.jobId, job.attempt, this.#progress)) return;
      const now = await jobs.get(job.jobId);
      const ours = now?.state === 'running' && now.attempt === job.attempt;
      this.#stop(ours ? 'cancel' : 'lost');
    } catch (cause) {
      log.warn({ jobId: job.jobId, err: cause }, 'a heart-beat could not be written');
    } finally {
      this.#beating = false;
    }
  }

  #stop(why: 'cancel' | 'shutdown' | 'lost'): void {
    const { child, graceMs } = this.#options;
    if (this.#stopping === 'lost' || this.#stopping === why) return;
    this.#stopping = why;
    // Somebody else has the job: there is nothing left to save.
    if (why === 'lost') child.kill('SIGKILL');
    this.#say({ type: 'cancel' });
    this.#killer ??= setTimeout(() => child.kill('SIGKILL'), graceMs);
  }

  async #settle(how: string): Promise<void> {
    const { job, jobs, log } = this.#options;
    const end = this.#end;
    if (this.#progress) await jobs.beat(job.jobId, job.attempt, this.#progress).catch(() => false);
    const stopped = end?.type !== 'done' && (end === undefined || end.code === 'CANCELLED');
    if (this.#stopping === 'lost' || (end?.type === 'failed' && end.code === 'CLAIM_LOST')) {
      return log.warn({ jobId: job.jobId }, 'a job is in other hands by now');
    }
    if (stopped && this.#stopping === 'shutdown') {
      await this.#write(() => jobs.release(job.jobId, job.attempt));
      return log.info({ jobId: job.jobId }, 'a job was handed back');
    }
    if (stopped && (this.#stopping === 'cancel' || end)) {
      await this.#write(() => jobs.finish(job.jobId, job.attempt, { state: 'cancelled' }));
      return log.info({ jobId: job.jobId, kind: job.kind }, 'a job was cancelled');
    }
    if (end?.type === 'done') {
      const result = end.result as Job['result'];
      await this.#write(() => jobs.finish(job.jobId, job.attempt, { state: 'succeeded', result }));
      return log.info({ jobId: job.jobId, kind: job.kind }, 'a job succeeded');
    }
    const error = end
      ? { code: end.code, message: end.message, ...(end.remedy === undefined ? {} : { remedy: end.remedy }) }
      : { code: 'INTERNAL', message: `The process of this job ${how}.`, remedy: ERRORS.INTERNAL.remedy };
    await this.#write(() => jobs.finish(job.jobId, job.attempt, { state: 'failed', error }));
    log.error({ jobId: job.jobId, kind: job.kind, error }, 'a job failed');
  }

  /** An end must be written even where the catalogue is away for a moment. */
  async #write(run: () => Promise<boolean>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await run();
        return;
      } catch (cause) {
        const again = cause instanceof AppError && cause.status === 503 && attempt < FINISH_ATTEMPTS;
        if (!again || this.#stopping === 'shutdown') throw cause;
        await pause(FINISH_PAUSE_MS);
      }
    }
  }
}
