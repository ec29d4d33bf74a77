import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalogue } from '../../catalogue/catalogue.js';
import { writeFileAtomic } from '../../core/atomic-files.js';
import { AppError } from '../../errors.js';

const MARK = 'catalogue.id';

export interface OwnFolderOptions {
  readonly catalogue: Pick<Catalogue, 'collections' | 'installation' | 'items'>;
  readonly dataFolder: string;
  readonly newId: () => string;
  /** Marks nothing. */
  readonly dryRun: boolean;
}

/**
 * Whether the files of a data folder are this catalogue's: whoever tidied with another DATABASE_URL would find that
 * nothing refers to any of them. The first tidying leaves a mark in the folder. False where there is none yet and the
 * catalogue is empty. Throws SETTINGS_INVALID where the mark is another catalogue's.
 */
export async function isOwnFolder(options: OwnFolderOptions): Promise<boolean> {
  const { catalogue, dataFolder, newId, dryRun } = options;
  const path = join(dataFolder, MARK);
  const mark = await readFile(path, 'utf8').catch((cause: unknown) => {
    if ((cause as { code?: string }).code === 'ENOENT') return undefined;
    throw cause;
  });
  const id = await catalogue.installation.getOrCreate('catalogue-id', newId);
  if (mark !== undefined && mark.trim() !== id)
    throw new AppError('SETTINGS_INVALID', {
      why: `✖ ${dataFolder} holds the files of another catalogue → at KINDRED_DATA or DATABASE_URL\n  (Where it is this one's all the same, remove ${path}.)`,
    });
  if (mark !== undefined) return true;
  if (await isEmpty(catalogue)) return false;
  if (!dryRun) await writeFileAtomic(path, `${id}\n`);
  return true;
}

async function isEmpty({ collections, items }: OwnFolderOptions['catalogue']): Promise<boolean> {
  for (const { name } of await collections.list()) if ((await items.count(name)) > 0) return false;
  return true;
}
