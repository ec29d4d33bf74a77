import { resolve } from 'node:path';
import { writeFileAtomic } from '../core/atomic-files.js';
import { AppError } from '../errors.js';

/** Writes the file that `--out` names, whole or not at all. Gives back its whole path. Throws OUTPUT_UNWRITABLE. */
export async function writeOut(out: string, content: Uint8Array | string): Promise<string> {
  const path = resolve(out);
  await writeFileAtomic(path, content).catch((cause: NodeJS.ErrnoException) => {
    throw new AppError('OUTPUT_UNWRITABLE', { path, why: cause.code ?? cause.message }, { cause });
  });
  return path;
}
