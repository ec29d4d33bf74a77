import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sqliteDialect } from '../../src/catalogue/dialect.js';
import { mergeRuns, type RunSizes } from '../../src/catalogue/merge-runs.js';
import { migrate } from '../../src/catalogue/migrate.js';
import { peopleRuns } from '../../src/catalogue/people-runs.js';
import { openSqlite, type SqliteConnection } from '../../src/catalogue/sqlite-connection.js';
import { Random } from '../../src/core/random.js';
import { entriesAmiss } from './small-runs.js';

const SIZES: RunSizes = { events: 8, mergedAtOnce: 4, slice: 32, every: 4 };

let folder: string;
let path: string;
let connection: SqliteConnection;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kindred-runs-'));
  path = join(folder, 'x.sqlite');
  connection = openSqlite(path, 'writer');
  await migrate(connection.db, sqliteDialect, 1);
});
afterEach(() => {
  connection.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Adds events of these users in one go. */
const add = (users: readonly string[], sizes: RunSizes) =>
  peopleRuns(sizes).entering(connection.db, async () => {
    const insert = connection.raw.prepare(`insert into events (collection, user_id, session_id, item_id, kind, time,
      received_at) values ('default', ?, null, 'i', 'view', 1, 1)`);
    for (const user of users) insert.run(user);
  });

interface Run {
  readonly run: number;
  readonly level: number;
  readonly events: number;
  readonly into_run: number | null;
}

const runs = () => connection.raw.prepare('select * from event_runs order by run').all() as Run[];
const entriesIn = (run: number) =>
  connection.raw.prepare('select count(*) from events_of_people where run = ?').pluck().get(run) as number;

describe('merging runs', () => {
  it.each([
    ['whoever comes in any order', (random: Random) => `u${random.int(500)}`],
    ['everybody is new, in the order of names', (_random: Random, i: number) => `u${String(i).padStart(9, '0')}`],
    ['there is one person only', () => 'busy'],
  ])('keeps them few where %s, and loses nothing', async (_, userOf) => {
    const random = new Random(3);
    let most = 0;
    connection.raw.exec('begin');
    for (let i = 0; i < 4_000; ) {
      const users = Array.from({ length: 1 + random.int(7) }, () => userOf(random, i++));
      await add(users, SIZES);
      most = Math.max(most, runs().length);
    }

    connection.raw.exec('commit');
    expect(entriesAmiss(path)).toEqual([]);
    // On each level those that are merged away, those that wait and the one that is made.
    const levels = Math.max(...runs().map(({ level }) => level));
    expect(levels).toBeGreaterThanOrEqual(3);
    expect(most).toBeLessThanOrEqual((levels + 1) * (2 * SIZES.mergedAtOnce + 1));
  });

  it('moves no more than a slice at a time, and every entry is in one run whenever it stops', async () => {
    const random = new Random(5);
    const sizes = { ...SIZES, slice: 8 };
    const noMerge = { ...SIZES, every: 1e9 };
    for (let i = 0; i < 40; i++) await add([`u${random.int(30)}`], noMerge);
    expect(runs().map(({ level, events }) => [level, events])).toEqual(Array(5).fill([0, 8]));

    const moved: number[] = [];
    for (let into = 0; runs().some(({ level }) => level === 0) && moved.length < 100; ) {
      const before = into === 0 ? 0 : entriesIn(into);
      await mergeRuns(connection.db, sizes, 1);
      into ||= runs().find(({ level }) => level === 1)!.run;
      if (runs().find(({ run }) => run === into) === undefined) break;
      const now = entriesIn(into);
      if (now === before) break;
      moved.push(now - before);
      expect(entriesAmiss(path)).toEqual([]);
    }

    expect(moved.length).toBeGreaterThan(1);
    expect(Math.max(...moved)).toBeLessThan(2 * sizes.slice);
    expect(moved.reduce((sum, each) => sum + each, 0)).toBe(32);
    // The fifth run waits for others of its size.
    expect(runs().map(({ level, events, into_run }) => [level, events, into_run])).toEqual([
      [0, 8, null],
      [1, 32, null],
    ]);
  });

  it('begins nothing where too few are full', async () => {
    for (let i = 0; i < 24; i++) await add(['u'], SIZES);
    await mergeRuns(connection.db, SIZES, 9);

    expect(runs()).toHaveLength(3);
  });
});
