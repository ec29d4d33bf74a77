import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { Random } from '../../src/core/random.js';
import { type CatalogueHome, catalogueHome } from './catalogue-home.js';
import { POSTGRES_MISSING, type PostgresServer, postgresTitle, startPostgres } from './postgres-server.js';
import { listen, startProcess } from './start-process.js';

const PROGRAM = new URL('./writer-process.ts', import.meta.url);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const start = (home: CatalogueHome, prefix: string, count: number, atOnce = 8) =>
  startProcess(PROGRAM, { dataFolder: home.dataFolder, databaseUrl: home.databaseUrl, prefix, count, atOnce });

/** Follows the log as a serving process does, and remembers what it heard. */
function follow(catalogue: Catalogue) {
  const items = new Set<string>();
  let revision = 0;
  let inOrder = true;
  let reading: Promise<void> | undefined;
  const read = async (): Promise<void> => {
    for (;;) {
      // A small page, so that commits fall between two reads.
      const page = await catalogue.log.after('default', 'none', revision, 7);
      if (page.length === 0) return;
      for (const change of page) {
        if (change.revision <= revision) inOrder = false;
        revision = change.revision;
        if (change.kind === 'put') items.add(change.itemId);
        if (change.kind === 'delete') items.delete(change.itemId);
      }
    }
  };
  const wake = (): void => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
  };
  const stop = catalogue.log.watch(wake);
  return {
    async upTo(wanted: number): Promise<void> {
      while (revision < wanted) {
        wake();
        await reading;
      }
      stop();
    },
    items,
    inOrder: () => inOrder,
  };
}

const listAll = async (catalogue: Catalogue): Promise<string[]> =>
  (await catalogue.items.list('default', { limit: 100_000 })).rows.map((item) => item.itemId);

async function followsTwoWriters(home: CatalogueHome): Promise<void> {
  const catalogue = await home.open();
  const follower = follow(catalogue);
  const writers = ['a', 'b'].map((prefix) => listen(start(home, prefix, 150)));
  await Promise.all(writers.map((writer) => writer.gone));
  await follower.upTo(await catalogue.log.revision('default'));

  const there = await listAll(catalogue);
  expect(writers.map((writer) => writer.lines().length)).toEqual([200, 200]);
  expect(there).toHaveLength(200);
  expect([...follower.items].sort()).toEqual(there.toSorted());
  expect(follower.inOrder()).toBe(true);
  // 300 puts and 100 deletions, each with a revision of its own, and none given twice.
  expect(await catalogue.log.revision('default')).toBe(400);
}

describe('several processes on one SQLite catalogue', { timeout: 180_000 }, () => {
  let home: CatalogueHome;
  afterEach(async () => home.remove());

  it('lets two write at once, and a third never misses a revision', async () => {
    home = await catalogueHome();
    await followsTwoWriters(home);
  });

  it('loses nothing acknowledged and brings back nothing deleted, when ten writers are killed at random moments', async () => {
    home = await catalogueHome();
    const catalogue = await home.open();
    const random = new Random(5);
    const killed = async (prefix: string, afterMs: number): Promise<string[]> => {
      const child = start(home, prefix, 1_000_000);
      const heard = listen(child);
      await heard.first;
      await pause(afterMs);
      child.kill('SIGKILL');
      await heard.gone;
      return heard.lines();
    };
    const said: string[] = [];
    for (let wave = 0; wave < 2; wave++) {
      const lines = await Promise.all(
        Array.from({ length: 5 }, (_, i) => killed(`w${wave}${i}`, random.between(0, 300))),
      );
      expect(lines.every((each) => each.length > 0)).toBe(true);
      said.push(...lines.flat());
    }

    const there = new Set(await listAll(catalogue));
    const gone = new Set(said.filter((line) => line.startsWith('deleted ')).map((line) => line.slice(8)));
    const put = said.filter((line) => line.startsWith('put ')).map((line) => line.slice(4));
    expect(
      put.filter((itemId) => !there.has(itemId) && !gone.has(itemId) && Number(itemId.split('-')[1]) % 3 !== 0),
    ).toEqual([]);
    expect([...gone].filter((itemId) => there.has(itemId))).toEqual([]);
    expect(await catalogue.items.count('default')).toBe(there.size);
  });
});

describe.skipIf(POSTGRES_MISSING)(
  `several processes on one catalogue in ${postgresTitle}`,
  { timeout: 180_000 },
  () => {
    let server: PostgresServer;
    let home: CatalogueHome;
    beforeAll(async () => {
      server = await startPostgres();
      home = await catalogueHome(server);
    });
    afterAll(async () => {
      await home.remove();
      await server.stop();
    });

    it('lets two write at once, and a third never misses a revision', async () => {
      await followsTwoWriters(home);
    });
  },
);
