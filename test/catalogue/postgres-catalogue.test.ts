import { afterAll, describe } from 'vitest';
import { catalogueContract } from '../contracts/catalogue.contract.js';
import { catalogueHome } from './catalogue-home.js';
import { POSTGRES_MISSING, type PostgresServer, postgresTitle, startPostgres } from './postgres-server.js';

describe.skipIf(POSTGRES_MISSING)(`a real server, ${postgresTitle}`, () => {
  let server: PostgresServer | undefined;
  afterAll(async () => server?.stop());

  catalogueContract('Postgres', async () => {
    server = await startPostgres();
    return catalogueHome(server);
  });
});
