import { sql } from 'kysely';
import type { Database } from './schema.js';

export interface RunSizes {
  /** Events in a run of level 0, after which the next is begun. */
  readonly events: number;
  /** Runs of one level that become one run of the next. */
  readonly mergedAtOnce: number;
  /** Entries that are moved at once, less than twice as many at most. */
  readonly slice: number;
  /**
   * Events after which one slice is moved. An event has two entries, for its user and its session, and each is moved once
   * a level: moving keeps up on `slice / (2 * every)` levels.
   */
  readonly every: number;
}

interface Merge {
  readonly into: number;
  readonly runs: readonly number[];
}

/** The place of an entry in its run. */
type Key = readonly [collection: string, who: string, time: number, seq: number];

const KEY = sql.raw('collection, who, time, seq');

/** Runs that are full, and neither merged away nor still being filled by a merge. */
const settled = ({ events }: RunSizes) => sql`into_run is null and (level > 0 or events >= ${events})
  and not exists (select 1 from event_runs as source where source.into_run = each.run)`;

/** Begins a merge on each level that has enough runs: nothing is moved yet. */
async function begin(trx: Database, sizes: RunSizes): Promise<void> {
  const { rows } = await sql<{ level: number; runs: number }>`
    select level, count(*) as runs from event_runs as each where ${settled(sizes)} group by level`.execute(trx);
  for (const { level } of rows.filter(({ runs }) => runs >= sizes.mergedAtOnce)) {
    const made = await sql<{ run: number }>`
      insert into event_runs (level, events) values (${level + 1}, 0) returning run`.execute(trx);
    await sql`update event_runs set into_run = ${made.rows[0]!.run} where run in (
      select run from event_runs as each where level = ${level} and ${settled(sizes)}
        and run <> ${made.rows[0]!.run} order by run limit ${sizes.mergedAtOnce})`.execute(trx);
  }
}

/** The merge to go on with: small runs first, which are done soon and spare whoever asks the most. */
async function current(trx: Database): Promise<Merge | undefined> {
  const { rows } = await sql<{ run: number; into_run: number }>`
    select run, into_run from event_runs where into_run is not null order by level, into_run, run`.execute(trx);
  const into = rows[0]?.into_run;
  if (into === undefined) return undefined;
  return { into, runs: rows.filter((row) => row.into_run === into).map(({ run }) => run) };
}

const isBefore = (a: Key, b: Key): boolean => {
  const at = a.findIndex((part, i) => part !== b[i]);
  return at >= 0 && a[at]! < b[at]!;
};

/** A key with no more than `entries` of each run up to it; undefined where less than that is left in all of them. */
async function boundary(trx: Database, runs: readonly number[], entries: number): Promise<Key | undefined> {
  let lowest: Key | undefined;
  for (const run of runs) {
    const { rows } = await sql<{ collection: string; who: string; time: number; seq: number }>`
      select ${KEY} from events_of_people where run = ${run} order by ${KEY} limit 1 offset ${entries - 1}`.execute(
      trx,
    );
    const row = rows[0];
    if (!row) continue;
    const key = [row.collection, row.who, row.time, row.seq] as const;
    if (!lowest || isBefore(key, lowest)) lowest = key;
  }
  return lowest;
}

/** Moves what stands first in the runs, and says how much that was; all that is left, and the runs go with it. */
async function move(trx: Database, { into, runs }: Merge, entries: number): Promise<number> {
  const key = await boundary(trx, runs, Math.max(1, Math.floor(entries / runs.length)));
  const upTo = key ? sql`and (${KEY}) <= (${sql.join(key)})` : sql``;
  const parts = runs.map((run) => sql`select * from events_of_people where run = ${run} ${upTo}`);
  const moved = await sql`insert into events_of_people (run, ${KEY}, item_id, kind)
    select cast(${into} as integer), ${KEY}, item_id, kind from (${sql.join(parts, sql` union all `)}) as moved
    order by ${KEY}`.execute(trx);
  for (const run of runs) await sql`delete from events_of_people where run = ${run} ${upTo}`.execute(trx);
  if (key) return Number(moved.numAffectedRows);
  await sql`update event_runs set events = (select sum(events) from event_runs where into_run = ${into})
    where run = ${into}`.execute(trx);
  await sql`delete from event_runs where into_run = ${into}`.execute(trx);
  return Number.POSITIVE_INFINITY;
}

/**
 * Goes on with merging by this many slices, and stops where nothing is left to merge. Each entry stays in exactly one
 * run: it leaves one and enters another in the same transaction, so a merge may be broken off anywhere. An entry is moved
 * once a level, and levels grow by `mergedAtOnce`, as in O'Neil et al. 1996, "The log-structured merge-tree".
 */
export async function mergeRuns(trx: Database, sizes: RunSizes, slices: number): Promise<void> {
  for (let left = slices; left > 0; left--) {
    await begin(trx, sizes);
    const merge = await current(trx);
    if (!merge) return;
    // Where runs hold different stretches of people, one boundary moves little.
    for (let moved = 0; moved < sizes.slice; ) moved += await move(trx, merge, sizes.slice);
  }
}
