import { sql } from 'kysely';
import { byteOrder } from '../core/vectors.js';
import { EVENT_KINDS, type EventKind, type Events, type NewEvent, type StoredEvent } from './catalogue.js';
import type { Database } from './schema.js';
import { holdCollection, insertRows, type Write } from './write.js';
import type { Writer } from './writer.js';

export interface AddEvents {
  readonly collection: string;
  readonly events: readonly NewEvent[];
}

/** Stores events and keeps the counts that `popular` reads. An `eventId` seen before changes nothing. */
export const addEvents: Write<AddEvents, { accepted: number; duplicates: number }> = async (
  trx,
  { collection, events },
  { now, dialect },
) => {
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
  }));
  const stored = await insertRows<(typeof rows)[number], { item_id: string; kind: string }>(
    trx,
    'events',
    rows,
    sql`on conflict do nothing returning item_id, kind`,
  );
  const counts = new Map<string, { collection: string; item_id: string; kind: string; count: number }>();
  for (const { item_id, kind } of stored) {
    const key = `${kind}\n${item_id}`;
    const row = counts.get(key);
    if (row) row.count++;
    else counts.set(key, { collection, item_id, kind, count: 1 });
  }
  // In one order everywhere, so that two writers never wait for each other in a circle.
  const ordered = [...counts.values()].sort((a, b) => byteOrder(a.item_id, b.item_id) || byteOrder(a.kind, b.kind));
  await insertRows(
    trx,
    'event_counts',
    ordered,
    sql`on conflict (collection, item_id, kind) do update set count = event_counts.count + excluded.count`,
  );
  return { accepted: stored.length, duplicates: events.length - stored.length };
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
});

export type Who = { userId: string } | { sessionId: string };

const isWho = (who: Who) => ('userId' in who ? sql`user_id = ${who.userId}` : sql`session_id = ${who.sessionId}`);

export function events(db: Database, writer: Writer): Events {
  return {
    add: async (collection, added) =>
      added.length === 0 ? { accepted: 0, duplicates: 0 } : writer.run('events.add', { collection, events: added }),
    async of(collection, who, limit) {
      const { rows } = await sql<EventRow>`
        select user_id, session_id, item_id, kind, time, value, event_id, received_at from events
        where collection = ${collection} and ${isWho(who)} order by time desc, seq desc limit ${limit}`.execute(db);
      return rows.map(toEvent);
    },
    async seenBy(collection, who) {
      const { rows } = await sql<{ item_id: string }>`
        select distinct item_id from events
        where collection = ${collection} and ${isWho(who)} and kind <> 'impression'`.execute(db);
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
    async count(collection) {
      const { rows } = await sql<{ total: number }>`
        select cast(coalesce(sum(count), 0) as bigint) as total from event_counts
        where collection = ${collection}`.execute(db);
      return rows[0]?.total ?? 0;
    },
    async since(collection, { after, limit }) {
      const { rows } = await sql<EventRow & { seq: number }>`
        select seq, user_id, session_id, item_id, kind, time, value, event_id, received_at from events
        where collection = ${collection} and seq > ${after} order by seq limit ${limit}`.execute(db);
      return rows.map((row) => ({ ...toEvent(row), place: row.seq }));
    },
    async mark(collection, who) {
      const { rows } = await sql<{ total: number; newest: number | null }>`
        select count(*) as total, max(seq) as newest from events
        where collection = ${collection} and ${isWho(who)}`.execute(db);
      return `${rows[0]?.total ?? 0} ${rows[0]?.newest ?? 0}`;
    },
  };
}
