import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogueContract } from '../contracts/catalogue.contract.js';
import { catalogueHome } from './catalogue-home.js';
import { POSTGRES_MISSING, type PostgresServer, postgresTitle, startPostgres } from './postgres-server.js';

/** Runs statements as somebody beside the catalogue. */
async function beside(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

describe.skipIf(POSTGRES_MISSING)(`a real server, ${postgresTitle}`, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(async () => server.stop());

  catalogueContract('Postgres', () => catalogueHome(server));

  it('may be opened by several at once, also the first time', async () => {
    const home = await catalogueHome(server);
    const opened = await Promise.all([home.open(), home.open(), home.open()]);

    await Promise.all(opened.map((each, i) => each.items.put('default', [{ itemId: `i${i}` }])));
    expect(await opened[0]!.items.count('default')).toBe(3);
    await home.remove();
  });

  it('is refused to an older program', async () => {
    const home = await catalogueHome(server);
    await (await home.open()).close();
    await beside(home.databaseUrl!, 'update schema_version set version = 999');

    await expect(home.open()).rejects.toMatchObject({ code: 'CATALOGUE_NEWER' });
    await home.remove();
  });

  it('says what to do where no server answers', async () => {
    const home = { ...(await catalogueHome()), databaseUrl: 'postgresql://nobody@127.0.0.1:1/none' };
    const { openCatalogue } = await import('../../src/catalogue/open-catalogue.js');

    await expect(openCatalogue({ ...home, now: () => 1, ids: () => 'id' })).rejects.toMatchObject({
      code: 'CATALOGUE_UNAVAILABLE',
      remedy: expect.stringContaining('DATABASE_URL'),
    });
    await home.remove();
  });

  it('goes on, and watches on, after every connection was cut', async () => {
    const home = await catalogueHome(server);
    const catalogue = await home.open();
    let heard = 0;
    const stop = catalogue.log.watch(() => heard++);
    await catalogue.items.put('default', [{ itemId: 'before' }]);
    await beside(
      home.databaseUrl!,
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    );
    // What was under way may fail, with the catalogue's own error; the next call has a new connection.
    await catalogue.items.count('default').catch((cause: unknown) => {
      expect(cause).toMatchObject({ code: 'CATALOGUE_UNAVAILABLE' });
    });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    heard = 0;
    await catalogue.items.put('default', [{ itemId: 'after' }]);
    await new Promise((resolve) => setTimeout(resolve, 1_000));

    expect(heard).toBeGreaterThan(0);
    expect(await catalogue.items.count('default')).toBe(2);
    stop();
    await home.remove();
  });

  it('refuses text that it can not hold as a bad request', async () => {
    const home = await catalogueHome(server);
    const catalogue = await home.open();

    await expect(catalogue.items.put('default', [{ itemId: 'nul\u0000' }])).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      status: 400,
    });
    await home.remove();
  });
});
