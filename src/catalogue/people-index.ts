import { type RawBuilder, sql } from 'kysely';
import type { EventKind } from './catalogue.js';
import type { Database } from './schema.js';
import type { WriteContext } from './write.js';

export type Who = { userId: string } | { sessionId: string };

/** Which of somebody's events are asked for. They come in the order of their times, those of one time as they arrived. */
export interface Question {
  readonly collection: string;
  readonly who: Who;
  /** Of these kinds; of every kind where none are named. */
  readonly kinds?: readonly EventKind[] | undefined;
  /** Only those behind this place. */
  readonly after?: { readonly time: number; readonly seq: number } | undefined;
  /** Only those that had arrived up to here. */
  readonly through?: number;
  readonly first: 'newest' | 'oldest';
  readonly limit: number;
}

/** Queries whose rows answer a question, to be put into others. */
export interface Find {
  /** `seq`, `time`, `item_id` and `kind` of each event. */
  entries(question: Question): RawBuilder<unknown>;
  /** All columns of each event. */
  events(question: Question): RawBuilder<unknown>;
}

/** An event that was taken away, and where it was found. */
export interface GoneEvent {
  readonly seq: number;
  readonly time: number;
  readonly user_id: string | null;
  readonly session_id: string | null;
}

/** Answers what stands for somebody's events, by `work` where it is not known to be what it was. */
export type HoldMark = (collection: string, who: Who, work: () => Promise<string>) => Promise<string>;

/** How events are found by who did them, which each database does in its own way. */
export interface PeopleIndex {
  /** Stores events by `store`, in this transaction, and enters them. */
  entering<T>(trx: Database, store: () => Promise<T>): Promise<T>;
  leave(trx: Database, context: WriteContext, collection: string, gone: readonly GoneEvent[]): Promise<void>;
  leaveAll(trx: Database, collection: string): Promise<void>;
  readonly find: Find;
  /** What remembers marks, for as long as they are known to be right. */
  marks(db: Database): HoldMark;
  /**
   * Whether whoever was shown an `impression` (a row of `events` by that name, with a user or a session) had an event of
   * these kinds on the same item within so many milliseconds after it.
   */
  followed(kinds: readonly EventKind[], windowMs: number): RawBuilder<unknown>;
}

const isWho = (who: Who) => ('userId' in who ? sql`user_id = ${who.userId}` : sql`session_id = ${who.sessionId}`);

function question(columns: string, { collection, who, kinds, after, through, first, limit }: Question) {
  const wanted = kinds ? sql`and kind in (${sql.join(kinds)})` : sql``;
  const behind = after ? sql`and (time, seq) > (${after.time}, ${after.seq})` : sql``;
  const arrived = through === undefined ? sql`` : sql`and seq <= ${through}`;
  const order = first === 'newest' ? sql`time desc, seq desc` : sql`time, seq`;
  return sql`select ${sql.raw(columns)} from events
    where collection = ${collection} and ${isWho(who)} ${wanted} ${behind} ${arrived} order by ${order} limit ${limit}`;
}

const FIND: Find = {
  entries: (asked) => question('seq, time, item_id, kind', asked),
  events: (asked) => question('*', asked),
};

/** By the indexes of the table of events, which Postgres keeps as rows come. */
export const indexedPeople: PeopleIndex = {
  entering: (_, store) => store(),
  leave: async () => {},
  leaveAll: async () => {},
  find: FIND,
  // Places are not committed in their order here, so nothing says what is new; and the question is a short one.
  marks: () => (_collection, _who, work) => work(),
  followed(kinds, windowMs) {
    const by = (column: 'user_id' | 'session_id') => sql`exists (
      select 1 from events as later where later.collection = impression.collection
      and later.${sql.ref(column)} = impression.${sql.ref(column)}
      and later.time >= impression.time and later.time <= impression.time + cast(${windowMs} as bigint)
      and later.item_id = impression.item_id and later.kind in (${sql.join(kinds)}))`;
    return sql`case when user_id is not null then case when ${by('user_id')} then 1 else 0 end
      else case when ${by('session_id')} then 1 else 0 end end`;
  },
};
