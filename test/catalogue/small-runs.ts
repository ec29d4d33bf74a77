import type { Worker } from 'node:worker_threads';
import SqliteDatabase from 'better-sqlite3';
import type { RunSizes } from '../../src/catalogue/merge-runs.js';
import type { WriterThreadData } from '../../src/catalogue/sqlite-writer-thread.js';
import { besideModule, startLightWorker } from '../../src/core/start-process.js';

/** So small that runs fill, merges begin and are broken off all the time. */
export const SMALL_RUNS: RunSizes = { events: 5, mergedAtOnce: 3, slice: 8, every: 2 };

const THREAD = besideModule(
  new URL('../../src/catalogue/open-catalogue.ts', import.meta.url).href,
  './sqlite-writer-thread',
);

/** The writing thread with runs of these sizes. */
export const writerWith =
  (runSizes: RunSizes) =>
  (data: WriterThreadData): Worker =>
    startLightWorker(THREAD, { workerData: { ...data, runSizes } });

/** Entries of the runs that stand twice or have no event, and those that events should have and do not. */
export function entriesAmiss(path: string): unknown[] {
  const file = new SqliteDatabase(path, { readonly: true });
  try {
    const there = 'select collection, who, time, seq, item_id, kind from events_of_people';
    const due = `select * from (select collection, 'u' || user_id as who, time, seq, item_id, kind from events where user_id is not null
      union all select collection, 's' || session_id, time, seq, item_id, kind from events where session_id is not null)`;
    return [
      ...file.prepare(`select 'stray' as amiss, * from (${there} except ${due})`).all(),
      ...file.prepare(`select 'missing' as amiss, * from (${due} except ${there})`).all(),
      ...file.prepare(`select 'twice' as amiss, * from (${there}) group by seq, who having count(*) > 1`).all(),
      ...file
        .prepare("select 'in no run' as amiss, * from events_of_people where run not in (select run from event_runs)")
        .all(),
    ];
  } finally {
    file.close();
  }
}
