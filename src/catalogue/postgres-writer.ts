import { type Dialect, postgresDialect } from './dialect.js';
import type { Database } from './schema.js';
import type { WriteAnswer, WriteArgs, WriteName, Writer } from './writer.js';
import { WRITES } from './writes.js';

/** Deadlock and serialisation failure: nothing was done, and the same again will do. */
const AGAIN = new Set(['40P01', '40001', '23505']);
const ATTEMPTS = 4;

type AnyWrite = (trx: Database, args: unknown, context: { now: number; dialect: Dialect }) => Promise<unknown>;

/** Each write in a transaction of its own; Postgres lets writers of different collections go side by side. */
export function postgresWriter(db: Database, now: () => number): Writer {
  return {
    async run<N extends WriteName>(name: N, args: WriteArgs<N>): Promise<WriteAnswer<N>> {
      const write = WRITES[name] as AnyWrite;
      const called = now();
      for (let attempt = 1; ; attempt++) {
        try {
          const answer = await db.transaction().execute(async (trx) => {
            const value = await write(trx, args, { now: called, dialect: postgresDialect });
            if (!name.startsWith('events.') && name !== 'jobs.beat') await postgresDialect.announce?.execute(trx);
            return value;
          });
          // The table of writes says which answer belongs to which name.
          return answer as WriteAnswer<N>;
        } catch (cause) {
          const code = String((cause as { code?: unknown }).code);
          if (!AGAIN.has(code) || attempt === ATTEMPTS) throw cause;
        }
      }
    },
    close: async () => undefined,
  };
}
