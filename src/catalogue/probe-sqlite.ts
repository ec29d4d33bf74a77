import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';

export interface SqliteProbe {
  readonly works: boolean;
  /** What was tried, or why it does not work and what to do. */
  readonly why: string;
}

/** Statements that nobody holds any more, taken away from timers while no JavaScript runs, as a server's are. */
const collecting = (driver: string): string => `
  const Database = require(${JSON.stringify(driver)});
  const database = new Database(':memory:');
  let [ticks, kept] = [0, []];
  setInterval(() => {
    for (let i = 0; i < 500; i++) database.prepare('SELECT 1').get();
    for (let i = 0; i < 20_000; i++) kept.push({ at: i, row: [i] });
    if (ticks % 10 === 9) kept = [];
    if (ticks++ === 40) process.exit(0);
  }, 1);
`;

const driverPath = (): string => createRequire(import.meta.url).resolve('better-sqlite3');

const OLDER_HEADERS =
  'build it with the headers of Node 24.18 (`npm_config_target=24.18.0 npm rebuild better-sqlite3`), use Node 22, or set DATABASE_URL';

/**
 * Whether better-sqlite3 as it is built here lives through a collection of garbage, tried in a process of its own.
 * Node 24.19 and later changed a header that it is compiled with, so that a build from source aborts there (exit by
 * SIGABRT, "Assertion failed: (env) != nullptr"); prebuilt binaries and builds with older headers do not.
 */
export function probeSqlite(child = collecting(driverPath())): Promise<SqliteProbe> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['-e', child], { timeout: 20_000 }, (failure, _out, errors) => {
      if (failure === null)
        resolve({ works: true, why: 'better-sqlite3 keeps running while statements are collected' });
      else {
        const [said = 'it ended'] = errors.split('\n').filter((line) => /Assertion|Error/.test(line));
        const remedy = said.includes('Assertion') ? OLDER_HEADERS : 'run `npm rebuild better-sqlite3`';
        resolve({ works: false, why: `better-sqlite3 does not run as it is built here (${said.trim()}); ${remedy}` });
      }
    });
  });
}
