import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import express from 'express';

/**
 * The bare twin: Express, better-sqlite3 and one prepared statement, nothing else. It writes the same columns under the
 * indexes that answer the same questions, flushed as Kindred flushes, and checks nothing: what it takes is taken for an event.
 */
const [folder] = process.argv.slice(2) as [string];
const database = new SqliteDatabase(join(folder, 'twin.sqlite'));
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');
database.pragma('cache_size = -32768');
database.exec(`
  create table events (
    seq integer primary key autoincrement, collection text not null, user_id text, session_id text,
    item_id text not null, kind text not null, time integer not null, value real, event_id text,
    received_at integer not null);
  create unique index events_once on events (collection, event_id) where event_id is not null;
  create index events_by_user on events (collection, user_id, time) where user_id is not null;
  create index events_by_session on events (collection, session_id, time) where session_id is not null;`);
const insert = database.prepare(`
  insert into events (collection, user_id, session_id, item_id, kind, time, value, event_id, received_at)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`);

interface Event {
  readonly userId?: string;
  readonly sessionId?: string;
  readonly itemId: string;
  readonly kind: string;
  readonly time?: number;
  readonly value?: number;
  readonly eventId?: string;
}

const store = database.transaction((collection: string, events: readonly Event[]): number => {
  const now = Date.now();
  let accepted = 0;
  for (const { userId = null, sessionId = null, itemId, kind, time = now, value = null, eventId = null } of events)
    accepted += insert.run(collection, userId, sessionId, itemId, kind, time, value, eventId, now).changes;
  return accepted;
});

const app = express();
app.disable('x-powered-by');
app.disable('etag');
const lines = express.text({ type: 'application/x-ndjson', limit: '16mb' });
app.post('/v1/collections/:collection/events', express.json({ limit: '16mb' }), lines, (request, response) => {
  const { body } = request as { body: string | Event | Event[] };
  const events =
    typeof body === 'string'
      ? body.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Event]))
      : Array.isArray(body)
        ? body
        : [body];
  const accepted = store(request.params.collection, events);
  response.json({ accepted, duplicates: events.length - accepted, failed: [] });
});

process.on('disconnect', () => process.exit(0));
const server = app.listen(0, '127.0.0.1', () => {
  process.send!({ url: `http://127.0.0.1:${(server.address() as { port: number }).port}` });
});
