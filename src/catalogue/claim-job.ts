import { sql } from 'kysely';
import { fingerprint, stableJson } from '../core/fingerprint.js';
import type { Job, JobProgress, JobTable, Json } from './catalogue.js';
import type { JobRow } from './schema.js';
import { holdCollection, type Write } from './write.js';

/** A job whose worker died this many times is given up: it would bring down each next worker too. */
const MAX_ATTEMPTS = 5;

type StoredJob = { [K in keyof JobRow]: K extends 'seq' ? number : JobRow[K] };

const parsed = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T));

export const jobFromRow = (row: Omit<StoredJob, 'seq'>): Job => ({
  jobId: row.job_id,
  kind: row.kind,
  collection: row.collection,
  input: JSON.parse(row.input) as Json,
  state: row.state as Job['state'],
  attempt: row.attempt,
  progress: parsed<JobProgress>(row.progress),
  result: parsed<Json>(row.result),
  error: parsed<NonNullable<Job['error']>>(row.error),
  cancelRequested: row.cancel_requested === 1,
  createdAt: row.created_at,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
});

export interface Enqueue {
  readonly jobId: string;
  readonly kind: string;
  readonly collection: string;
  readonly input: Json;
}

export const enqueueJob: Write<Enqueue, { job: Job; created: boolean }> = async (
  trx,
  { jobId, kind, collection, input },
  { now, dialect },
) => {
  // Held for change, so that no worker takes the equal job between the two looks at it.
  await holdCollection(trx, collection, dialect.holdForChange);
  const inputHash = fingerprint(stableJson(input));
  const equal = await trx
    .selectFrom('jobs')
    .selectAll()
    .where('kind', '=', kind)
    .where('collection', '=', collection)
    .where('input_hash', '=', inputHash)
    .where('state', '=', 'queued')
    .executeTakeFirst();
  if (equal) return { job: jobFromRow(equal), created: false };
  const row = await trx
    .insertInto('jobs')
    .values({
      job_id: jobId,
      kind,
      collection,
      input: JSON.stringify(input),
      input_hash: inputHash,
      state: 'queued',
      attempt: 0,
      cancel_requested: 0,
      created_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { job: jobFromRow(row), created: true };
};

export interface Claim {
  readonly worker: string;
  readonly kinds: readonly string[];
  readonly staleAfterMs: number;
}

/** A worker's heart is taken to have stopped when its last beat is older than this time. */
export const claimable = (now: number, staleAfterMs: number) =>
  sql<boolean>`(state = 'queued' or (state = 'running' and heartbeat_at < ${now - staleAfterMs}))`;

export const finishedBefore = (time: number) =>
  sql<boolean>`(state in ('succeeded', 'failed', 'cancelled') and finished_at < ${time})`;

export const claimJob: Write<Claim, Job | undefined> = async (
  trx,
  { worker, kinds, staleAfterMs },
  { now, dialect },
) => {
  const stale = sql`state = 'running' and heartbeat_at < ${now - staleAfterMs}`;
  await sql`update jobs set state = 'cancelled', finished_at = ${now}
    where cancel_requested = 1 and ${stale}`.execute(trx);
  const error: Job['error'] = {
    code: 'INTERNAL',
    message: `Its worker stopped ${MAX_ATTEMPTS} times without a word.`,
    remedy: 'Look for the reason in the log of the worker (memory is the usual one), then start the job again.',
  };
  await sql`update jobs set state = 'failed', finished_at = ${now}, error = ${JSON.stringify(error)}
    where attempt >= ${MAX_ATTEMPTS} and ${stale}`.execute(trx);
  const { rows } = await sql<StoredJob>`
    update jobs set state = 'running', attempt = attempt + 1, worker = ${worker}, heartbeat_at = ${now},
      started_at = coalesce(started_at, ${now}), progress = null
    where seq = (select seq from jobs where kind in (${sql.join(kinds)}) and ${claimable(now, staleAfterMs)}
      order by seq limit 1 ${dialect.skipLocked})
    returning *`.execute(trx);
  return rows[0] && jobFromRow(rows[0]);
};

export interface Beat {
  readonly jobId: string;
  readonly attempt: number;
  readonly progress: JobProgress | null;
}

export const beatJob: Write<Beat, boolean> = async (trx, { jobId, attempt, progress }, { now }) => {
  const { rows } = await sql<{ cancel_requested: number }>`
    update jobs set heartbeat_at = ${now}, progress = ${progress && JSON.stringify(progress)}
    where job_id = ${jobId} and attempt = ${attempt} and state = 'running'
    returning cancel_requested`.execute(trx);
  return rows[0]?.cancel_requested === 0;
};

export interface Finish {
  readonly jobId: string;
  readonly attempt: number;
  readonly end: Parameters<JobTable['finish']>[2];
}

export const finishJob: Write<Finish, boolean> = async (trx, { jobId, attempt, end }, { now }) => {
  const finished = await trx
    .updateTable('jobs')
    .set({
      state: end.state,
      finished_at: now,
      result: end.state === 'succeeded' ? JSON.stringify(end.result) : null,
      error: end.state === 'failed' ? JSON.stringify(end.error) : null,
    })
    .where('job_id', '=', jobId)
    .where('attempt', '=', attempt)
    .where('state', '=', 'running')
    .returning('job_id')
    .execute();
  return finished.length > 0;
};

/** Hands an unfinished job back, as a worker does that is shut down: the next one need not wait for a stopped heart. */
export const releaseJob: Write<{ jobId: string; attempt: number }, boolean> = async (trx, { jobId, attempt }) => {
  // Its heart counts as stopped long ago. (Queued again, it might be the equal of one that waits already.)
  const released = await trx
    .updateTable('jobs')
    .set({ heartbeat_at: 0 })
    .where('job_id', '=', jobId)
    .where('attempt', '=', attempt)
    .where('state', '=', 'running')
    .returning('job_id')
    .execute();
  return released.length > 0;
};

/** Rows that go in one transaction. */
const PRUNED_AT_ONCE = 500;

/** Deletes some of the jobs that ended before a time. */
export const pruneJobs: Write<{ before: number }, number> = async (trx, { before }) => {
  const { rows } = await sql<{ seq: number }>`
    delete from jobs where seq in (
      select seq from jobs where ${finishedBefore(before)} order by seq limit ${sql.lit(PRUNED_AT_ONCE)})
    returning seq`.execute(trx);
  return rows.length;
};

export const cancelJob: Write<{ jobId: string }, Job | undefined> = async (trx, { jobId }, { now }) => {
  const { rows } = await sql<StoredJob>`
    update jobs set cancel_requested = case when state in ('queued', 'running') then 1 else cancel_requested end,
      finished_at = case when state = 'queued' then ${now} else finished_at end,
      state = case when state = 'queued' then 'cancelled' else state end
    where job_id = ${jobId} returning *`.execute(trx);
  return rows[0] && jobFromRow(rows[0]);
};
