import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { catalogueError } from './catalogue-error.js';
import type { Database, Schema } from './schema.js';

/** Postgres's type number of bigint, which `pg` answers as text unless told otherwise. */
const BIGINT = 20;

/** Every bigint here is a revision, a count or milliseconds: all far below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === BIGINT ? Number : pg.types.getTypeParser(oid, format)) as pg.CustomTypesConfig['getTypeParser'],
};

export interface PostgresConnection {
  readonly db: Database;
  close(): Promise<void>;
}

export const postgresOptions = (url: string): pg.ClientConfig => ({
  connectionString: url,
  connectionTimeoutMillis: 5_000,
  keepAlive: true,
  application_name: 'kindred',
  types,
});

/** The pool, with its failures told in the catalogue's language. */
function toldPool(pool: pg.Pool): PostgresPool {
  const told = async <T>(run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (cause) {
      throw catalogueError(cause);
    }
  };
  // The same wrapper for the same client: Kysely remembers connections by identity.
  const wrapped = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  return {
    connect: () =>
      told(async () => {
        const client = await pool.connect();
        let wrapper = wrapped.get(client);
        if (!wrapper) {
          const query = (text: string, parameters: unknown[]) => told(() => client.query(text, parameters));
          wrapper = {
            // Kysely's second form (cursors) is only used for streams, of which there are none here.
            query: query as unknown as PostgresPoolClient['query'],
            release: (destroy?: boolean) => client.release(destroy),
          };
          wrapped.set(client, wrapper);
        }
        return wrapper;
      }),
    end: () => pool.end(),
  };
}

export function openPostgres(url: string): PostgresConnection {
  const pool = new pg.Pool({ ...postgresOptions(url), max: 10, idleTimeoutMillis: 30_000, allowExitOnIdle: true });
  // A connection that breaks while idle is replaced by the next query; without a listener it would end the process.
  pool.on('error', () => undefined);
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: toldPool(pool) }) });
  return { db, close: () => db.destroy() };
}
