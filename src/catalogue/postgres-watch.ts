import { sql } from 'kysely';
import pg from 'pg';
import { CHANGES_CHANNEL } from './dialect.js';
import { postgresOptions } from './postgres-connection.js';
import type { Database } from './schema.js';
import type { Watch } from './sqlite-watch.js';

/** How often revisions are looked at where a notification was missed, and how often a lost listener tries again. */
const POLL_MS = 500;

/** LISTEN on a connection of its own, opened with the first watcher, and polling under it. */
export function postgresWatch(url: string, db: Database): Watch {
  const watchers = new Set<() => void>();
  let listener: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let seen = '';
  let looking = false;
  const tell = (): void => {
    for (const changed of [...watchers]) changed();
  };

  const listen = async (): Promise<void> => {
    const client = new pg.Client(postgresOptions(url));
    listener = client;
    const lost = (): void => {
      if (listener === client) listener = undefined;
      client.end().catch(() => undefined);
    };
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', tell);
    try {
      await client.connect();
      await client.query(`listen ${CHANGES_CHANNEL}`);
      // What happened before it listened.
      tell();
    } catch {
      lost();
    }
  };

  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    try {
      if (!listener) void listen();
      const { rows } = await sql<{ token: string }>`
        select concat(coalesce(sum(revision), 0), '/', count(*)) as token from collections`.execute(db);
      const token = rows[0]?.token ?? '';
      if (token !== seen) {
        seen = token;
        tell();
      }
    } catch {
      // The server is away; the next look tries again.
    } finally {
      looking = false;
    }
  };

  const stop = async (): Promise<void> => {
    clearInterval(timer);
    timer = undefined;
    const client = listener;
    listener = undefined;
    await client?.end().catch(() => undefined);
  };

  return {
    watch(changed) {
      const watcher = () => changed();
      watchers.add(watcher);
      if (!timer) {
        timer = setInterval(() => void look(), POLL_MS).unref();
        void look();
      }
      return () => {
        watchers.delete(watcher);
        if (watchers.size === 0) void stop();
      };
    },
    version: () => undefined,
    notify: () => undefined,
    async close() {
      watchers.clear();
      await stop();
    },
  };
}
