import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';

export interface SqliteProbe {
  readonly works: boolean;
  /** What was tried, or why it does not work and what to do. */
  readonly why: string;
}

/** Statements that nobody holds any more, taken away while no JavaScript runs, as a server's are. */
const collecting = (driver: string): string => `
  const Database = require(${JSON.stringify(driver)});
  const database = new Database(':memory:');
  for (let i = 0; i < 1000; i++) database.prepare('SELECT 1').get();
  gc({ type: 'major', execution: 'async' }).then(() => process.exit(0));
`;

const driverPath = (): string => createRequire(import.meta.url).resolve('better-sqlite3');

/**
 * Whether better-sqlite3 as it is built here lives through a collection of garbage, tried in a process of its own.
 * Node 24.19 and later changed a header that it is compiled with, so that a build from source aborts there (exit by
 * SIGABRT, "Assertion failed: (env) != nullptr"); prebuilt binaries and builds with older headers do not.
 */
export function probeSqlite(child = collecting(driverPath())): Promise<SqliteProbe> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--expose-gc', '-e', child], { timeout: 20_000 }, (failure, _out, errors) => {
      if (failure === null)
        resolve({ works: true, why: 'better-sqlite3 keeps running while statements are collected' });
      else {
        const [said = 'it ended'] = errors.split('\n').filter((line) => /Assertion|Error/.test(line));
        const remedy = 'use Node 22 or DATABASE_URL, or try `npm rebuild better-sqlite3 --target=24.18.0`';
        resolve({ works: false, why: `better-sqlite3 does not run as it is built here (${said.trim()}); ${remedy}` });
      }
    });
  });
}
