import { type RawBuilder, sql } from 'kysely';
import { holdMarks } from './hold-marks.js';
import { mergeRuns, type RunSizes } from './merge-runs.js';
import type { Find, GoneEvent, PeopleIndex, Question, Who } from './people-index.js';
import type { Database } from './schema.js';

/** What a server writes with: tests hand in small ones, so that little is enough for runs to fill and merge. */
export const RUN_SIZES: RunSizes = { events: 8_192, mergedAtOnce: 16, slice: 4_096, every: 512 };

/** Users and sessions share the runs, and never a name. */
const nameOf = (who: Who): string => ('userId' in who ? `u${who.userId}` : `s${who.sessionId}`);

const USER = sql`'u' || user_id`;
const SESSION = sql`'s' || session_id`;

async function openRun(trx: Database, { events }: RunSizes): Promise<number> {
  const { rows } = await sql<{ run: number }>`
    select run from event_runs where level = 0 and events < ${events} order by run limit 1`.execute(trx);
  if (rows[0]) return rows[0].run;
  const made = await sql<{ run: number }>`insert into event_runs (level, events) values (0, 0) returning run`.execute(
    trx,
  );
  return made.rows[0]!.run;
}

async function newestPlace(trx: Database): Promise<number> {
  const { rows } = await sql<{ seq: number | null }>`select max(seq) as seq from events`.execute(trx);
  return rows[0]?.seq ?? 0;
}

/** In the order of the run, so that a batch goes through its pages once. */
async function enter(trx: Database, run: number, before: number): Promise<void> {
  const each = (who: RawBuilder<unknown>, column: string) => sql`
    select collection, ${who} as who, time, seq, item_id, kind from events
    where seq > ${before} and ${sql.ref(column)} is not null`;
  await sql`insert into events_of_people (run, collection, who, time, seq, item_id, kind)
    select cast(${run} as integer), * from (${each(USER, 'user_id')} union all ${each(SESSION, 'session_id')}) as arrived
    order by collection, who, time, seq`.execute(trx);
}

/** Before every time, and after every time. */
const EDGE = { newest: sql`-9223372036854775807`, oldest: sql`9223372036854775807` };

/**
 * Of each run what lies within as many of its entries as are wanted in all, so that nobody has so many that it takes long;
 * the best of those are taken. It is one statement, and so one moment, runs included.
 */
function entriesOf({ collection, who, kinds, after, through, first, limit }: Question): RawBuilder<unknown> {
  const name = nameOf(who);
  const theirs = (entry: 'each' | 'bound') => {
    const column = (of: string) => sql.ref(`${entry}.${of}`);
    const wanted = kinds ? sql`and ${column('kind')} in (${sql.join(kinds)})` : sql``;
    const behind = after ? sql`and (${column('time')}, ${column('seq')}) > (${after.time}, ${after.seq})` : sql``;
    const arrived = through === undefined ? sql`` : sql`and ${column('seq')} <= ${through}`;
    return sql`${column('run')} = event_runs.run and ${column('collection')} = ${collection}
      and ${column('who')} = ${name} ${wanted} ${behind} ${arrived}`;
  };
  const [within, way] = first === 'newest' ? [sql`>=`, sql`desc`] : [sql`<=`, sql`asc`];
  return sql`select each.seq, each.time, each.item_id, each.kind
    from event_runs cross join events_of_people as each on ${theirs('each')} and each.time ${within} coalesce((
      select bound.time from events_of_people as bound where ${theirs('bound')}
      order by bound.time ${way}, bound.seq ${way} limit 1 offset ${limit - 1}), ${EDGE[first]})
    order by each.time ${way}, each.seq ${way} limit ${limit}`;
}

const FIND: Find = {
  entries: entriesOf,
  events: (question) => sql`
    select * from events where seq in (select seq from (${entriesOf(question)}) as entries)
    order by ${question.first === 'newest' ? sql`time desc, seq desc` : sql`time, seq`}`,
};

/** Where an event stands: under its user, its session, or both. */
const places = (collection: string, { seq, time, user_id, session_id }: GoneEvent): (readonly unknown[])[] => [
  ...(user_id === null ? [] : [[collection, nameOf({ userId: user_id }), time, seq]]),
  ...(session_id === null ? [] : [[collection, nameOf({ sessionId: session_id }), time, seq]]),
];

/**
 * By sorted runs, for SQLite (`docs/decisions/0008-runs-of-events.md`). An entry is in exactly one run at any moment: a
 * batch goes into the newest run, which is small, so that it touches few pages; runs that are full are merged into larger
 * ones, some thousand entries at a time (`mergeRuns`). Whoever asks looks into every run.
 */
export const peopleRuns = (sizes: RunSizes): PeopleIndex => ({
  async entering(trx, store) {
    const before = await newestPlace(trx);
    const stored = await store();
    const last = await newestPlace(trx);
    if (last === before) return stored;
    const run = await openRun(trx, sizes);
    await enter(trx, run, before);
    await sql`update event_runs set events = events + ${last - before} where run = ${run}`.execute(trx);
    const due = Math.floor(last / sizes.every) - Math.floor(before / sizes.every);
    await mergeRuns(trx, sizes, due);
    return stored;
  },
  async leave(_, { runEach }, collection, gone) {
    const text = `delete from events_of_people where run in (select run from event_runs)
      and collection = ? and who = ? and time = ? and seq = ?`;
    runEach!(
      text,
      gone.flatMap((event) => places(collection, event)),
    );
  },
  async leaveAll(trx, collection) {
    await sql`delete from events_of_people
      where run in (select run from event_runs) and collection = ${collection}`.execute(trx);
  },
  find: FIND,
  marks: holdMarks,
  followed: (kinds, windowMs) => sql`exists (
    select 1 from event_runs cross join events_of_people as later on later.run = event_runs.run
    and later.collection = impression.collection
    and later.who = case when impression.user_id is not null then 'u' || impression.user_id
      else 's' || impression.session_id end
    and later.time >= impression.time and later.time <= impression.time + ${windowMs}
    and later.item_id = impression.item_id and later.kind in (${sql.join(kinds)}))`,
});
