import { cp, mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { folders, openStores } from '../../app/stores.js';
import { backupCatalogue } from '../../catalogue/backup-catalogue.js';
import { DRAFT_PREFIX } from '../../core/atomic-files.js';
import { AppError } from '../../errors.js';
import { type Register, runs } from '../runs.js';

/** Whoever copies what never changes can go on where it stopped: files that are there are complete. */
const copyNew = (from: string, to: string): Promise<void> =>
  cp(from, to, { recursive: true, force: false, errorOnExist: false, filter: (path) => !path.includes(DRAFT_PREFIX) });

/** `kindred snapshot`: a copy of the data folder of one moment, made while the server runs, that can be served as it is. */
export const snapshot: Register = (program) => {
  program
    .command('snapshot <folder>')
    .description('Copy the catalogue, pictures and indexes into a new folder while the server runs.')
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ kindred snapshot ./backup && KINDRED_DATA=./backup kindred serve --port 8081\n',
    )
    .action(
      runs(async (world, terminal, _flags, [target = '']) => {
        const at = folders(world);
        const to = resolve(target);
        if (world.config.DATABASE_URL !== undefined) {
          throw new AppError('REQUEST_INVALID', {
            why: 'The catalogue is in Postgres: copy it with pg_dump, and the blobs folder with rsync.',
          });
        }
        if ((await readdir(to).catch(() => [])).length > 0)
          throw new AppError('REQUEST_INVALID', { why: `${to} is not empty.` });
        await (await openStores(world)).close(); // the schema is up to date, or this program may not read it
        await mkdir(to, { recursive: true });
        // The catalogue first: every picture and index it names is on disk by then, and neither ever changes.
        await backupCatalogue(at.data, to);
        for (const [from, name] of [
          [at.blobs, 'blobs'],
          [at.indexes, 'indexes'],
        ] as const) {
          if ((await readdir(from).catch(() => [])).length > 0) await copyNew(from, join(to, name));
        }
        if (terminal.json) terminal.print(JSON.stringify({ folder: to }));
        else
          terminal.print(`Copied to ${to}. Models are not part of it: copy ${at.models} too, or keep KINDRED_MODELS.`);
        return 0;
      }),
    );
};
