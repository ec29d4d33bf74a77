import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import type { RunSizes } from '../../src/catalogue/merge-runs.js';
import { openCatalogue } from '../../src/catalogue/open-catalogue.js';
import type { PostgresServer } from './postgres-server.js';
import { writerWith } from './small-runs.js';

/** A place where one catalogue lives, that may be opened several times at once, as several processes would. */
export interface CatalogueHome {
  readonly dataFolder: string;
  readonly databaseUrl: string | undefined;
  /** A clock that tests move by hand. */
  readonly clock: { now: number };
  open(): Promise<Catalogue>;
  /** Closes all that was opened and removes the place. */
  remove(): Promise<void>;
}

let homes = 0;

/** On a server, or in a file, whose events are kept in runs of the sizes given. */
export async function catalogueHome(server?: PostgresServer, runSizes?: RunSizes): Promise<CatalogueHome> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'kindred-catalogue-'));
  const databaseUrl = await server?.freshDatabase();
  const clock = { now: 1_700_000_000_000 };
  const opened: Catalogue[] = [];
  const home = ++homes;
  let id = 0;
  return {
    dataFolder,
    databaseUrl,
    clock,
    async open() {
      const catalogue = await openCatalogue({
        dataFolder,
        databaseUrl,
        now: () => clock.now,
        ids: () => `id-${home}-${++id}`,
        ...(runSizes ? { startWriter: writerWith(runSizes) } : {}),
      });
      opened.push(catalogue);
      return catalogue;
    },
    async remove() {
      for (const catalogue of opened) await catalogue.close();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}
