import type { JobTable } from './catalogue.js';
import { claimable, finishedBefore, jobFromRow } from './claim-job.js';
import type { Database } from './schema.js';
import type { Writer } from './writer.js';

export function jobTable(db: Database, writer: Writer, parts: { now: () => number; ids: () => string }): JobTable {
  return {
    enqueue: ({ kind, collection, input }) =>
      writer.run('jobs.enqueue', { jobId: parts.ids(), kind, collection, input }),
    async claim(worker, kinds, staleAfterMs) {
      if (kinds.length === 0) return undefined;
      // Looked at first, so that idle workers that poll do not write.
      const waiting = await db
        .selectFrom('jobs')
        .select('seq')
        .where('state', 'in', ['queued', 'running'])
        .where('kind', 'in', [...kinds])
        .where(claimable(parts.now(), staleAfterMs))
        .limit(1)
        .executeTakeFirst();
      return waiting && writer.run('jobs.claim', { worker, kinds, staleAfterMs });
    },
    beat: (jobId, attempt, progress) => writer.run('jobs.beat', { jobId, attempt, progress }),
    finish: (jobId, attempt, end) => writer.run('jobs.finish', { jobId, attempt, end }),
    release: (jobId, attempt) => writer.run('jobs.release', { jobId, attempt }),
    cancel: (jobId) => writer.run('jobs.cancel', { jobId }),
    async get(jobId) {
      const row = await db.selectFrom('jobs').selectAll().where('job_id', '=', jobId).executeTakeFirst();
      return row && jobFromRow(row);
    },
    async list({ collection, kind, state, limit }) {
      let query = db.selectFrom('jobs').selectAll();
      if (collection !== undefined) query = query.where('collection', '=', collection);
      if (kind !== undefined) query = query.where('kind', '=', kind);
      if (state !== undefined) query = query.where('state', '=', state);
      const rows = await query.orderBy('seq', 'desc').limit(limit).execute();
      return rows.map(jobFromRow);
    },
    async countFinished(before) {
      const row = await db
        .selectFrom('jobs')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where(finishedBefore(before))
        .executeTakeFirst();
      return Number(row?.count ?? 0);
    },
    prune: (before) => writer.run('jobs.prune', { before }),
  };
}
