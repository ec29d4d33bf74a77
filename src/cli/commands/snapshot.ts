import { constants } from 'node:fs';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { folders, openStores } from '../../app/stores.js';
import { backupCatalogue } from '../../catalogue/backup-catalogue.js';
import { DRAFT_PREFIX } from '../../core/atomic-files.js';
import { AppError } from '../../errors.js';
import { type Register, runs } from '../runs.js';

/** Undefined where it fails in this one way. */
const unless = <T>(code: string, doing: Promise<T>): Promise<T | undefined> =>
  doing.catch((cause: unknown) => {
    if ((cause as { code?: string }).code === code) return undefined;
    throw cause;
  });

/** Copies what is not there yet. What goes away meanwhile is what a tidying removes or moves, and is passed over. */
async function copyNew(from: string, to: string): Promise<void> {
  let made = false;
  for (const entry of (await unless('ENOENT', readdir(from, { withFileTypes: true }))) ?? []) {
    if (entry.name.startsWith(DRAFT_PREFIX)) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (!made) await mkdir(to, { recursive: true });
    made = true;
    if (entry.isDirectory()) await copyNew(source, target);
    else await unless('EEXIST', unless('ENOENT', copyFile(source, target, constants.COPYFILE_EXCL)));
  }
}

/** `kindred snapshot`: a copy of the data folder of one moment, made while the server runs, that can be served as it is. */
export const snapshot: Register = (program) => {
  program
    .command('snapshot <folder>')
    .description('Copy the catalogue, pictures, indexes and behaviour models into a new folder while the server runs.')
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
        // The catalogue first: every picture, index and behaviour model it names is on disk by then, and neither ever changes.
        await backupCatalogue(at.data, to);
        // The trash before and after the rest: a picture may go there, or come back, while the rest is copied.
        const trash = join('blobs', 'trash');
        for (const name of [trash, 'blobs', trash, 'indexes', 'behaviour'])
          await copyNew(join(at.data, name), join(to, name));
        if (terminal.json) terminal.print(JSON.stringify({ folder: to }));
        else
          terminal.print(`Copied to ${to}. Models are not part of it: copy ${at.models} too, or keep KINDRED_MODELS.`);
        return 0;
      }),
    );
};
