import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Catalogue, Job, Json } from '../../src/catalogue/catalogue.js';
import { openCatalogue } from '../../src/catalogue/open-catalogue.js';
import { noLog } from '../../src/core/log.js';
import { createJobRunner, type JobRunner, type JobRunnerOptions } from '../../src/jobs/job-runner.js';
import { listen, startProcess } from '../catalogue/start-process.js';

const JOB_PROCESS = new URL('./job-process.ts', import.meta.url);
const RUNNER_PROCESS = new URL('./runner-process.ts', import.meta.url);
const KINDS = ['count', 'refuse', 'trip', 'crash', 'wait', 'deaf', 'publish', 'unheard-of'];

const until = async <T>(look: () => Promise<T | undefined | false>, withinMs = 100_000): Promise<T> => {
  for (const end = performance.now() + withinMs; ; ) {
    const found = await look();
    if (found) return found;
    if (performance.now() > end) throw new Error('waited too long');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('the runner of jobs', { timeout: 120_000 }, () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'kindred-jobs-'));
  let catalogue: Catalogue;
  let runner: JobRunner | undefined;
  const started: number[] = [];
  let ids = 0;

  beforeAll(async () => {
    catalogue = await openCatalogue({ dataFolder, now: () => Date.now(), ids: () => `job-${++ids}` });
  });
  afterEach(async () => {
    await runner?.close();
    runner = undefined;
  });
  afterAll(async () => {
    await catalogue.close();
    rmSync(dataFolder, { recursive: true, force: true });
  });

  const run = (options: Partial<JobRunnerOptions> = {}): JobRunner => {
    runner = createJobRunner({
      catalogue,
      kinds: KINDS,
      worker: 'test',
      now: () => Date.now(),
      log: noLog,
      concurrency: 4,
      beatMs: 50,
      pollMs: 100,
      graceMs: 400,
      niceness: 1, // enough to be seen, and not so much that a busy machine starves the test
      startChild: () => {
        const child = startProcess(JOB_PROCESS, { dataFolder });
        started.push(child.pid!);
        return child;
      },
      ...options,
    });
    return runner;
  };
  const enqueue = async (kind: string, input: Json = {}): Promise<string> =>
    (await catalogue.jobs.enqueue({ kind, collection: 'default', input })).job.jobId;
  const ended = (jobId: string): Promise<Job> =>
    until(async () => {
      const job = await catalogue.jobs.get(jobId);
      return job?.finishedAt != null && job;
    });

  it('runs jobs side by side, each in a process of its own, and keeps how each ended', async () => {
    run();
    const [count, refuse, trip, crash, unknown] = await Promise.all([
      enqueue('count', { total: 5_000 }),
      enqueue('refuse'),
      enqueue('trip'),
      enqueue('crash'),
      enqueue('unheard-of'),
    ]);

    expect(await ended(count!)).toMatchObject({
      state: 'succeeded',
      attempt: 1,
      result: { counted: 5_000 },
      progress: { stage: 'count', done: 5_000, total: 5_000, unit: 'sheep' },
    });
    expect((await ended(count!)).result).not.toMatchObject({ pid: process.pid });
    expect(await ended(refuse!)).toMatchObject({
      state: 'failed',
      error: { code: 'TOO_FEW_SAMPLES', remedy: expect.stringContaining('Add pictures') },
    });
    expect(await ended(trip!)).toMatchObject({
      state: 'failed',
      error: { code: 'INTERNAL', message: 'a stone on the way' },
    });
    // Whatever killed it would kill it again: it is not tried a second time by itself.
    expect(await ended(crash!)).toMatchObject({
      state: 'failed',
      attempt: 1,
      error: { code: 'INTERNAL', message: 'The process of this job was ended by SIGKILL.' },
    });
    expect(await ended(unknown!)).toMatchObject({ state: 'failed', error: { code: 'REQUEST_INVALID' } });
  });

  it('stops a job that is cancelled, kills one that does not listen, and leaves the server its turn', async () => {
    const { running } = run();
    const [wait, deaf] = await Promise.all([enqueue('wait'), enqueue('deaf')]);
    await until(async () => (await catalogue.jobs.get(wait))?.progress);
    expect(running().toSorted()).toEqual([wait, deaf].toSorted());
    const pid = started.at(-2)!;
    const threads = process.platform === 'linux' ? readdirSync(`/proc/${pid}/task`).map(Number) : [pid];
    for (const thread of threads) expect(getPriority(thread)).toBe(Math.min(19, getPriority() + 1));
    await Promise.all([catalogue.jobs.cancel(wait), catalogue.jobs.cancel(deaf)]);

    expect(await ended(wait)).toMatchObject({ state: 'cancelled', result: null });
    expect(await ended(deaf)).toMatchObject({ state: 'cancelled' });
    await until(async () => started.every((pid) => !isAlive(pid)));
  });

  it('hands its jobs back when it is closed, and the next runner goes on with them', async () => {
    const first = run();
    const jobId = await enqueue('wait');
    await until(async () => (await catalogue.jobs.get(jobId))?.progress);
    await first.close();
    expect(started.some(isAlive)).toBe(false);
    expect(await catalogue.jobs.get(jobId)).toMatchObject({ state: 'running', attempt: 1 });

    run();
    await until(async () => (await catalogue.jobs.get(jobId))?.attempt === 2);
    await catalogue.jobs.cancel(jobId);
    expect(await ended(jobId)).toMatchObject({ state: 'cancelled', attempt: 2 });
  });

  it('refuses to publish for a job that is in other hands by now', async () => {
    run({ kinds: ['publish'], beatMs: 60_000, concurrency: 1 });
    const jobId = await enqueue('publish', { afterMs: 600 });
    await until(async () => (await catalogue.jobs.get(jobId))?.state === 'running');
    // As if this worker's heart had stopped: another one claims the job.
    await catalogue.jobs.release(jobId, 1);
    expect(await catalogue.jobs.claim('another', ['publish'], 15_000)).toMatchObject({ attempt: 2 });
    await until(async () => runner?.running().length === 0);

    expect(await catalogue.jobs.get(jobId)).toMatchObject({ state: 'running', attempt: 2, result: null });
    await catalogue.jobs.finish(jobId, 2, { state: 'cancelled' });
  });

  it('leaves no orphan where the parent is killed, and the job is claimed by the next', async () => {
    const doomed = startProcess(RUNNER_PROCESS, { dataFolder });
    const heard = listen(doomed);
    const jobId = await enqueue('wait');
    await until(async () => (await catalogue.jobs.get(jobId))?.progress);
    const child = Number(heard.lines()[0]);
    expect(isAlive(child)).toBe(true);
    doomed.kill('SIGKILL');
    await heard.gone;
    await until(async () => !isAlive(child), 10_000);

    run({ kinds: ['wait'], staleAfterMs: 300 });
    await until(async () => (await catalogue.jobs.get(jobId))?.attempt === 2);
    await catalogue.jobs.cancel(jobId);
    expect(await ended(jobId)).toMatchObject({ state: 'cancelled' });
  });
});
