import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import SqliteDatabase from 'better-sqlite3';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { sqliteDialect } from '../../src/catalogue/dialect.js';
import { commitGroup, type WaitingWrite } from '../../src/catalogue/group-commit.js';
import { migrate } from '../../src/catalogue/migrate.js';
import { openCatalogue, SQLITE_FILE } from '../../src/catalogue/open-catalogue.js';
import { openSqlite, type SqliteConnection } from '../../src/catalogue/sqlite-connection.js';
import { SqliteWriter } from '../../src/catalogue/sqlite-writer.js';
import type { WriterThreadData } from '../../src/catalogue/sqlite-writer-thread.js';
import { besideModule, startLightWorker } from '../../src/core/start-process.js';
import { entriesAmiss } from './small-runs.js';

const THREAD = besideModule(
  new URL('../../src/catalogue/open-catalogue.ts', import.meta.url).href,
  './sqlite-writer-thread',
);
const startThread = (data: WriterThreadData): Worker => startLightWorker(THREAD, { workerData: data });

const folder = mkdtempSync(join(tmpdir(), 'kindred-sqlite-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let places = 0;
const place = (): string => {
  const path = join(folder, String(++places));
  mkdirSync(path);
  return path;
};
const open = (dataFolder: string, startWriter = startThread): Promise<Catalogue> =>
  openCatalogue({ dataFolder, now: () => 1, ids: () => 'id', startWriter });

describe('the connection that writes to SQLite', () => {
  it('flushes each commit to disk before it answers, in a write-ahead log', () => {
    const { raw, close } = openSqlite(join(place(), 'x.sqlite'), 'writer');

    // 2 is FULL: the log is flushed at each commit.
    expect(raw.pragma('synchronous', { simple: true })).toBe(2);
    expect(raw.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(raw.pragma('foreign_keys', { simple: true })).toBe(1);
    expect(raw.pragma('busy_timeout', { simple: true })).toBe(10_000);
    close();
  });

  it('leaves reading connections unable to write', () => {
    const path = join(place(), 'x.sqlite');
    openSqlite(path, 'writer').close();
    const { raw, close } = openSqlite(path, 'reader');

    expect(() => raw.exec('create table t (x)')).toThrow(/readonly/);
    close();
  });
});

describe('group commit', () => {
  let connection: SqliteConnection;
  let ids = 0;
  const put = (itemId: string, note = ''): WaitingWrite => ({
    id: ids++,
    name: 'items.put',
    args: { collection: 'default', writes: [{ itemId, attributes: { note } }] },
    now: 1,
  });
  const stored = () => connection.raw.prepare('select item_id from items order by item_id').pluck().all();

  beforeEach(async () => {
    connection = openSqlite(join(place(), 'x.sqlite'), 'writer');
    await migrate(connection.db, sqliteDialect, 1);
  });
  afterEach(() => connection.close());

  it('fails one write and keeps its neighbours', async () => {
    const bad: WaitingWrite = { ...put('bad'), args: { collection: 'nowhere', writes: [{ itemId: 'bad' }] } };
    const outcomes = await commitGroup(connection, [put('a'), bad, put('b')], sqliteDialect);

    expect(outcomes.map((each) => 'error' in each)).toEqual([false, true, false]);
    expect(outcomes[1]).toMatchObject({ error: { code: 'COLLECTION_NOT_FOUND', details: { collection: 'nowhere' } } });
    expect(stored()).toEqual(['a', 'b']);
    expect(connection.raw.inTransaction).toBe(false);
  });

  it('says DISK_FULL for the write that has no room, stores those that have, and stays readable', async () => {
    await commitGroup(connection, [put('old', 'x'.repeat(1_000))], sqliteDialect);
    const pages = connection.raw.pragma('page_count', { simple: true }) as number;
    connection.raw.pragma(`max_page_count = ${pages + 4}`);

    const outcomes = await commitGroup(
      connection,
      [put('small'), put('huge', 'x'.repeat(200_000)), put('tiny')],
      sqliteDialect,
    );

    expect(outcomes.map((each) => ('error' in each ? each.error : 'stored'))).toMatchObject([
      'stored',
      { code: 'DISK_FULL' },
      'stored',
    ]);
    expect(stored()).toEqual(['old', 'small', 'tiny']);
    connection.raw.pragma('max_page_count = 1000000');
    expect(await commitGroup(connection, [put('huge', 'x'.repeat(200_000))], sqliteDialect)).toMatchObject([
      { value: [{}] },
    ]);
  });
});

describe('the thread that writes', () => {
  it('commits what waits together: far fewer flushes than writes', async () => {
    let groups = 0;
    const start = () => startThread({ kindredSqliteFile: join(place(), 'x.sqlite'), now: 1 });
    const writer = await SqliteWriter.open(
      start,
      () => 1,
      () => groups++,
    );
    await Promise.all(
      Array.from({ length: 64 }, (_, i) =>
        writer.run('items.put', { collection: 'default', writes: [{ itemId: `i${i}` }] }),
      ),
    );

    expect(groups).toBeLessThanOrEqual(16);
    await writer.close();
    await expect(writer.run('items.delete', { collection: 'default', itemId: 'i1' })).rejects.toMatchObject({
      code: 'CATALOGUE_UNAVAILABLE',
    });
  });

  it('is started once more where it dies; what waited is refused, and reads go on', async () => {
    const workers: Worker[] = [];
    const catalogue = await open(place(), (data) => {
      workers.push(startThread(data));
      return workers.at(-1)!;
    });
    await catalogue.items.put('default', [{ itemId: 'kept' }]);

    const waiting = catalogue.items.put('default', [{ itemId: 'waiting' }]);
    await Promise.all([
      workers[0]!.terminate(),
      expect(waiting).rejects.toMatchObject({ code: 'CATALOGUE_UNAVAILABLE' }),
    ]);
    await catalogue.items.put('default', [{ itemId: 'after' }]);
    expect(workers).toHaveLength(2);

    await workers[1]!.terminate();
    await expect(catalogue.items.put('default', [{ itemId: 'no' }])).rejects.toMatchObject({
      code: 'CATALOGUE_UNAVAILABLE',
      status: 503,
    });
    expect(await catalogue.items.get('default', 'kept')).toMatchObject({ itemId: 'kept' });
    await catalogue.close();
  });

  it('lets waiting writes finish when it is closed', async () => {
    const home = place();
    const catalogue = await open(home);
    const waiting = Array.from({ length: 20 }, (_, i) => catalogue.items.put('default', [{ itemId: `i${i}` }]));
    await catalogue.close();
    await Promise.all(waiting);

    const file = new SqliteDatabase(join(home, SQLITE_FILE), { readonly: true });
    expect(file.prepare('select count(*) from items').pluck().get()).toBe(20);
    file.close();
  });
});

describe('opening a SQLite catalogue', () => {
  it('may be done by several at once, also the first time', async () => {
    const home = place();
    const opened = await Promise.all([open(home), open(home), open(home)]);

    await Promise.all(opened.map((each, i) => each.items.put('default', [{ itemId: `i${i}` }])));
    expect(await opened[0]!.items.count('default')).toBe(3);
    for (const each of opened) await each.close();
  });

  it('brings one of the first schema up to date, with all that is in it', async () => {
    const home = place();
    const first = await open(home);
    await first.items.put('default', [{ itemId: 'kept' }]);
    await first.close();
    const file = new SqliteDatabase(join(home, SQLITE_FILE));
    file.exec(`drop table embedding_uses; drop table rules; drop table forgetting;
      drop table event_runs; drop table events_of_people;
      create index events_by_user on events (collection, user_id, time);
      create index events_by_session on events (collection, session_id, time);
      alter table releases drop column behaviour_id;
      drop table experiments; drop index events_of_experiment;
      alter table events drop column shown; alter table events drop column experiment;
      update schema_version set version = 1`);
    file.close();

    const again = await open(home);
    await again.embeddings.use('default', 'm');
    expect(await again.items.get('default', 'kept')).toBeDefined();
    await again.close();
  });

  it('brings events into runs, where they are found as before', async () => {
    const home = place();
    const first = await open(home);
    const event = (time: number) =>
      ({ itemId: `i${time}`, kind: 'view', time, userId: `u${time % 3}`, sessionId: 's' }) as const;
    await first.events.add('default', [4, 9, 1, 6, 3].map(event));
    await first.close();
    const path = join(home, SQLITE_FILE);
    const file = new SqliteDatabase(path);
    file.exec(`drop table event_runs; drop table events_of_people;
      create index events_of_user on events (collection, user_id, time, seq, item_id, kind) where user_id is not null;
      create index events_of_session on events (collection, session_id, time, seq, item_id, kind)
        where session_id is not null;
      update schema_version set version = 6`);
    file.close();

    const again = await open(home);
    await again.events.add('default', [event(5), event(0)]);
    const times = async (who: { userId: string } | { sessionId: string }) =>
      (await again.events.of('default', who, 9)).map(({ time }) => time);
    expect(await times({ userId: 'u0' })).toEqual([9, 6, 3, 0]);
    expect(await times({ sessionId: 's' })).toEqual([9, 6, 5, 4, 3, 1, 0]);
    expect(await again.events.count('default')).toBe(7);
    await again.events.forget('default', 'u0');
    while ((await again.events.dropUser('default', 'u0')) > 0);
    expect(await times({ sessionId: 's' })).toEqual([5, 4, 1]);
    await again.close();
    expect(entriesAmiss(path)).toEqual([]);
  });

  it('is refused to an older program', async () => {
    const home = place();
    await (await open(home)).close();
    const file = new SqliteDatabase(join(home, SQLITE_FILE));
    file.exec('update schema_version set version = 999');
    file.close();

    await expect(open(home)).rejects.toMatchObject({
      code: 'CATALOGUE_NEWER',
      message: expect.stringContaining('999'),
    });
  });

  it('says what to do where the folder can not be made or the file is no catalogue', async () => {
    const home = place();
    writeFileSync(join(home, 'file'), '');
    await expect(open(join(home, 'file', 'data'))).rejects.toMatchObject({
      code: 'CATALOGUE_UNAVAILABLE',
      remedy: expect.stringContaining('KINDRED_DATA'),
    });

    writeFileSync(join(home, SQLITE_FILE), 'this is not a database, whatever its name says. '.repeat(100));
    await expect(open(home)).rejects.toMatchObject({ code: 'CATALOGUE_UNAVAILABLE' });
  });
});

/** A file system of two megabytes, where this user may mount one. */
function smallDisk(): string | undefined {
  const path = place();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', path], { stdio: 'ignore' });
    return path;
  } catch {
    return undefined;
  }
}

const disk = smallDisk();
describe.skipIf(disk === undefined)(`a full disk${disk ? '' : ' (SKIPPED: mounting needs root)'}`, () => {
  afterAll(() => void execFileSync('umount', ['-l', disk!]));

  it('refuses writes with DISK_FULL, changes nothing, serves what there is, and goes on once there is room', async () => {
    const catalogue = await open(disk!);
    await catalogue.items.put('default', [{ itemId: 'old', attributes: { kept: true } }]);
    const ballast = join(disk!, 'ballast');
    let refused: unknown;
    const acknowledged: string[] = [];
    for (let i = 0; i < 200 && !refused; i++) {
      try {
        await catalogue.items.put('default', [{ itemId: `i${i}`, attributes: { note: 'x'.repeat(30_000) } }]);
        acknowledged.push(`i${i}`);
        if (i === 3) writeFileSync(ballast, Buffer.alloc(500_000));
      } catch (cause) {
        refused = cause;
      }
    }

    expect(refused).toMatchObject({ code: 'DISK_FULL', status: 503 });
    expect(await catalogue.items.get('default', 'old')).toMatchObject({ attributes: { kept: true } });
    expect(await catalogue.items.count('default')).toBe(acknowledged.length + 1);
    rmSync(ballast);
    expect(await catalogue.items.put('default', [{ itemId: 'again' }])).toMatchObject([{ created: true }]);
    await catalogue.close();

    const again = await open(disk!);
    expect(await again.items.getMany('default', acknowledged)).toHaveLength(acknowledged.length);
    await again.close();
  });
});
