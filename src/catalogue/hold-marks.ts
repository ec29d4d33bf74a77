import { sql } from 'kysely';
import { REMOVALS } from './note-removal.js';
import type { HoldMark, Who } from './people-index.js';
import type { Database } from './schema.js';

/** People whose marks are held, some hundred bytes each. */
const MOST = 20_000;
/** Where more events than this have come, all marks are worked out anew: looking at each would keep others waiting. */
const MOST_NEW = 2_000;

interface State {
  readonly newest: number | null;
  readonly removals: string | null;
  /** 1 while somebody's events go away piece by piece. */
  readonly forgetting: number;
}

interface Arrived {
  readonly collection: string;
  readonly user_id: string | null;
  readonly session_id: string | null;
}

async function arrivedWithin(db: Database, after: number, newest: number): Promise<readonly Arrived[]> {
  const { rows } = await sql<Arrived>`select collection, user_id, session_id from events
    where seq > ${after} and seq <= ${newest}`.execute(db);
  return rows;
}

const keyOf = (collection: string, who: Who): string =>
  JSON.stringify('userId' in who ? [collection, 'u', who.userId] : [collection, 's', who.sessionId]);

/**
 * A memory of marks for a database whose places grow in the order in which they are committed (SQLite): before each answer
 * it reads who has done something since, in any process, and lets go of their marks; of all marks once events were taken
 * away. So a mark is worked out, in every run of events, only for somebody who has done something.
 */
export function holdMarks(db: Database): HoldMark {
  const marks = new Map<string, string>();
  let through = -1;
  let removals: string | null = null;

  async function catchUp(): Promise<boolean> {
    const { rows } = await sql<State>`select (select max(seq) from events) as newest,
      (select value from installation where name = ${REMOVALS}) as removals,
      exists (select 1 from forgetting) as forgetting`.execute(db);
    const now = rows[0]!;
    const [newest, after] = [now.newest ?? 0, through];
    const few = newest >= after && newest - after <= MOST_NEW;
    const arrived = few && newest > after ? await arrivedWithin(db, after, newest) : [];
    // From here on in one go: nobody may hold a mark between what is let go and how far that goes.
    if (!few || now.forgetting === 1 || now.removals !== removals) marks.clear();
    for (const { collection, user_id: userId, session_id: sessionId } of arrived) {
      if (userId !== null) marks.delete(keyOf(collection, { userId }));
      if (sessionId !== null) marks.delete(keyOf(collection, { sessionId }));
    }
    through = now.removals === removals ? Math.max(newest, through) : newest;
    removals = now.removals;
    return now.forgetting === 0;
  }

  return async (collection, who, work) => {
    const settled = await catchUp();
    const key = keyOf(collection, who);
    const held = marks.get(key);
    if (held !== undefined) return held;
    const [before, removed] = [through, removals];
    const mark = await work();
    // What was worked out while others looked further may be older than what they saw.
    if (settled && before === through && removed === removals) {
      if (marks.size >= MOST) marks.clear();
      marks.set(key, mark);
    }
    return mark;
  };
}
