import { sql } from 'kysely';
import { EVENT_KINDS, type EventKind, type Events, type NewEvent, type Shown, type StoredEvent } from './catalogue.js';
import type { Dialect } from './dialect.js';
import { noteRemoval, REMOVALS } from './note-removal.js';
import type { GoneEvent } from './people-index.js';
import type { Database } from './schema.js';
import { chunks, holdCollection, storeRows, type Write, type WriteContext } from './write.js';
import type { Writer } from './writer.js';

export interface AddEvents {
  readonly collection: string;
  readonly events: readonly NewEvent[];
}

/** Stores events and keeps the counts that `popular` reads. An `eventId` seen before changes nothing. */
export const addEvents: Write<AddEvents, { accepted: number; duplicates: number }> = async (
  trx,
  { collection, events },
  context,
) => {
  const { now, dialect } = context;
  await holdCollection(trx, collection, dialect.holdForUse);
  const rows = events.map((event) => ({
    collection,
    user_id: event.userId ?? null,
    session_id: event.sessionId ?? null,
    item_id: event.itemId,
    kind: event.kind,
    time: event.time,
    value: event.value ?? null,
    event_id: event.eventId ?? null,
    received_at: now,
    shown: event.shown ? JSON.stringify(event.shown) : null,
    experiment: event.shown?.experiment ?? null,
  }));
  const stored = await dialect.people.entering(trx, () =>
    storeRows(trx, context, {
      table: 'events',
      rows,
      conflict: 'on conflict do nothing',
      told: ['item_id', 'kind'],
    }),
  );
  await count(trx, context, { collection, events: stored, sign: 1 });
  return { accepted: stored.length, duplicates: events.length - stored.length };
};

interface Counted {
  readonly item_id: string;
  readonly kind: string;
}

/** Adds events to the counts (`sign` 1), or takes them out (−1). */
async function count(
  trx: Database,
  context: WriteContext,
  { collection, events, sign }: { collection: string; events: readonly Counted[]; sign: 1 | -1 },
): Promise<void> {
  const counts = new Map<string, Counted & { collection: string; count: number }>();
  for (const { item_id, kind } of events) {
    const key = `${item_id}\n${kind}`;
    const row = counts.get(key);
    if (row) row.count += sign;
    else counts.set(key, { collection, item_id, kind, count: sign });
  }
  // In one order everywhere, so that two writers never wait for each other in a circle.
  const ordered = [...counts.keys()].sort().map((key) => counts.get(key)!);
  await storeRows(trx, context, {
    table: 'event_counts',
    rows: ordered,
    conflict: 'on conflict (collection, item_id, kind) do update set count = event_counts.count + excluded.count',
    told: ['item_id'],
  });
  if (sign === 1) return;
  for (const ids of chunks([...new Set(ordered.map((row) => row.item_id))]))
    await sql`delete from event_counts
      where collection = ${collection} and item_id in (${sql.join(ids)}) and count <= 0`.execute(trx);
}

const GONE = sql`seq, time, user_id, session_id, item_id, kind`;

/** Takes events away by their places in the order of arrival. A place that is empty by now counts for nothing. */
export const removeEvents: Write<{ collection: string; places: readonly number[] }, number> = async (
  trx,
  { collection, places },
  context,
) => {
  await holdCollection(trx, collection, context.dialect.holdForUse);
  const gone: (Counted & GoneEvent)[] = [];
  for (const some of chunks(places)) {
    const { rows } = await sql<Counted & GoneEvent>`delete from events
      where collection = ${collection} and seq in (${sql.join(some)}) returning ${GONE}`.execute(trx);
    gone.push(...rows);
  }
  await context.dialect.people.leave(trx, context, collection, gone);
  await count(trx, context, { collection, events: gone, sign: -1 });
  if (gone.length > 0) await noteRemoval(trx);
  return gone.length;
};

/** Events of one person that go in one transaction. */
const DROPPED_AT_ONCE = 500;

/** Marks what has arrived of a person so far. What comes later is a new beginning, and can not keep the work from ending. */
export const forgetUser: Write<{ collection: string; userId: string }, void> = async (
  trx,
  { collection, userId },
  { dialect },
) => {
  await holdCollection(trx, collection, dialect.holdForUse);
  await sql`insert into forgetting (collection, user_id, through)
    select ${collection}, ${userId}, coalesce(max(seq), 0) from events where true
    on conflict (collection, user_id) do update set through = excluded.through`.execute(trx);
};

/** The mark goes with the last of the events: until then whoever goes on after a crash finds the person again. */
export const dropUser: Write<{ collection: string; userId: string }, number> = async (
  trx,
  { collection, userId },
  context,
) => {
  await holdCollection(trx, collection, context.dialect.holdForUse);
  const mark = sql`collection = ${collection} and user_id = ${userId}`;
  const marked = await sql<{ through: number }>`select through from forgetting where ${mark}`.execute(trx);
  const through = marked.rows[0]?.through;
  if (through === undefined) return 0;
  const { find } = context.dialect.people;
  const theirs = find.entries({ collection, who: { userId }, through, first: 'oldest', limit: DROPPED_AT_ONCE });
  const { rows } = await sql<Counted & GoneEvent>`delete from events
    where seq in (select seq from (${theirs}) as theirs) returning ${GONE}`.execute(trx);
  await context.dialect.people.leave(trx, context, collection, rows);
  await count(trx, context, { collection, events: rows, sign: -1 });
  if (rows.length > 0) return rows.length;
  const done = await sql`delete from forgetting where ${mark} returning user_id`.execute(trx);
  if (done.rows.length > 0) await noteRemoval(trx);
  return 0;
};

interface EventRow {
  user_id: string | null;
  session_id: string | null;
  item_id: string;
  kind: string;
  time: number;
  value: number | null;
  event_id: string | null;
  received_at: number;
  shown: string | null;
}

const toEvent = (row: EventRow): StoredEvent => ({
  itemId: row.item_id,
  kind: row.kind as EventKind,
  time: row.time,
  receivedAt: row.received_at,
  ...(row.user_id === null ? {} : { userId: row.user_id }),
  ...(row.session_id === null ? {} : { sessionId: row.session_id }),
  ...(row.value === null ? {} : { value: row.value }),
  ...(row.event_id === null ? {} : { eventId: row.event_id }),
  ...(row.shown === null ? {} : { shown: JSON.parse(row.shown) as Shown }),
});

const COLUMNS = sql`user_id, session_id, item_id, kind, time, value, event_id, received_at, shown`;

/** The newest events of somebody that are looked at, so that nobody has so many that a request takes long. */
const LOOKED_AT = 10_000;

const SEEN_KINDS = EVENT_KINDS.filter((kind) => kind !== 'impression');

/** A place in a person's history: a time, and the order of arrival within it. */
const placeText = ({ time, seq }: { time: number; seq: number }): string => `${time}:${seq}`;

function placeOf(text: string): { time: number; seq: number } {
  const [time, seq] = text.split(':').map(Number);
  return { time: time!, seq: seq! };
}

/** People who are looked up at once to be forgotten. */
const FORGOTTEN_AT_ONCE = 100;

export function events(db: Database, writer: Writer, dialect: Dialect): Events {
  const { find, followed, marks } = dialect.people;
  const holdMark = marks(db);
  return {
    add: async (collection, added) =>
      added.length === 0 ? { accepted: 0, duplicates: 0 } : writer.run('events.add', { collection, events: added }),
    async of(collection, who, limit, kinds) {
      const newest = find.events({ collection, who, kinds, first: 'newest', limit });
      const { rows } = await sql<EventRow>`${newest}`.execute(db);
      return rows.map(toEvent);
    },
    async seenBy(collection, who) {
      const looked = find.entries({ collection, who, kinds: SEEN_KINDS, first: 'newest', limit: LOOKED_AT });
      const { rows } = await sql<{ item_id: string }>`
        select distinct item_id from (${looked}) looked_at`.execute(db);
      return new Set(rows.map((row) => row.item_id));
    },
    async popular(collection, weights, limit) {
      const cases = EVENT_KINDS.map(
        (kind) => sql`when kind = ${sql.lit(kind)} then cast(${weights[kind]} as double precision)`,
      );
      const { rows } = await sql<{ item_id: string; weight: number }>`
        select item_id, sum(count * case ${sql.join(cases, sql` `)} else 0 end) as weight from event_counts
        where collection = ${collection} group by item_id order by weight desc, item_id limit ${limit}`.execute(db);
      return rows.map((row) => ({ itemId: row.item_id, weight: row.weight }));
    },
    async evidence(collection, chosen) {
      const total = (kinds: readonly EventKind[]) =>
        sql<number>`cast(sum(case when kind in (${sql.join(kinds)}) then count else 0 end) as bigint)`;
      const { rows } = await sql<{ item_id: string; shown: number; chosen: number }>`
        select item_id, ${total(['impression'])} as shown, ${total(chosen)} as chosen from event_counts
        where collection = ${collection} group by item_id`.execute(db);
      return new Map(rows.map((row) => [row.item_id, { shown: Number(row.shown), chosen: Number(row.chosen) }]));
    },
    async outcomes(collection, { name, from, success: { kinds, windowMs } }, { after, limit }) {
      const { rows } = await sql<{ seq: number; who: string; shown: string; success: number }>`
        select seq, shown, case when user_id is not null then 'user ' || user_id else 'session ' || session_id end as who,
          ${followed(kinds, windowMs)} as success
        from events as impression
        where collection = ${collection} and experiment = ${name} and seq > ${after} and time >= ${from}
          and (user_id is not null or session_id is not null)
        order by seq limit ${limit}`.execute(db);
      return rows.map(({ seq, who, shown, success }) => ({
        place: seq,
        who,
        variant: (JSON.parse(shown) as Shown).variant ?? '',
        success: Number(success) === 1,
      }));
    },
    async count(collection) {
      const { rows } = await sql<{ total: number }>`
        select cast(coalesce(sum(count), 0) as bigint) as total from event_counts
        where collection = ${collection}`.execute(db);
      return rows[0]?.total ?? 0;
    },
    async history(collection, userId, { after, limit }) {
      const place = after === undefined ? undefined : placeOf(after);
      const question = { collection, who: { userId }, after: place, first: 'oldest', limit: limit + 1 } as const;
      const { rows } = await sql<EventRow & { seq: number }>`${find.events(question)}`.execute(db);
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return { rows: page.map(toEvent), ...(rows.length > limit && last ? { next: placeText(last) } : {}) };
    },
    async countBefore(collection, time) {
      const { rows } = await sql<{ total: number }>`
        select count(*) as total from events where collection = ${collection} and time < ${time}`.execute(db);
      return Number(rows[0]?.total ?? 0);
    },
    async before(collection, time, { after, limit }) {
      const { rows } = await sql<{ seq: number }>`
        select seq from events where collection = ${collection} and time < ${time} and seq > ${after}
        order by seq limit ${limit}`.execute(db);
      return rows.map(({ seq }) => seq);
    },
    remove: async (collection, places) =>
      places.length === 0 ? 0 : writer.run('events.remove', { collection, places }),
    forget: (collection, userId) => writer.run('events.forget', { collection, userId }),
    async toForget(collection) {
      const { rows } = await sql<{ user_id: string }>`
        select user_id from forgetting where collection = ${collection}
        order by user_id limit ${FORGOTTEN_AT_ONCE}`.execute(db);
      return rows.map((row) => row.user_id);
    },
    dropUser: (collection, userId) => writer.run('events.dropUser', { collection, userId }),
    async wipe() {
      if (!dialect.emptyLog) return true;
      const { rows } = await dialect.emptyLog.execute(db);
      return rows[0]?.busy === 0;
    },
    async since(collection, { after, limit }) {
      const { rows } = await sql<EventRow & { seq: number }>`
        select seq, ${COLUMNS} from events
        where collection = ${collection} and seq > ${after} order by seq limit ${limit}`.execute(db);
      return rows.map((row) => ({ ...toEvent(row), place: row.seq }));
    },
    async mark(collection, who) {
      // One that goes lets an older one in, which changes the sum where it changes nothing else.
      const looked = find.entries({ collection, who, first: 'newest', limit: LOOKED_AT });
      return holdMark(collection, who, async () => {
        const { rows } = await sql<{ total: number; newest: number | null; sum: number | null }>`
          select count(*) as total, max(seq) as newest, sum(seq) as sum from (${looked}) looked_at`.execute(db);
        return `${rows[0]?.total ?? 0} ${rows[0]?.newest ?? 0} ${rows[0]?.sum ?? 0}`;
      });
    },
    async removals() {
      const row = await db.selectFrom('installation').select('value').where('name', '=', REMOVALS).executeTakeFirst();
      return row?.value ?? '0';
    },
    async countSince(collection, { after, limit }) {
      const { rows } = await sql<{ total: number | null; place: number | null }>`
        select sum(case when kind = 'impression' then 0 else 1 end) as total, max(seq) as place from (
          select seq, kind from events where collection = ${collection} and seq > ${after} order by seq limit ${limit}
        ) arrived`.execute(db);
      return { events: Number(rows[0]?.total ?? 0), place: rows[0]?.place ?? after };
    },
  };
}
