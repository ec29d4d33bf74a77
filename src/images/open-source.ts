import { stat } from 'node:fs/promises';
import { AppError } from '../errors.js';
import { folderSource } from './folder-source.js';
import { type ManifestOptions, manifestSource } from './manifest-source.js';
import type { PictureSource } from './picture-source.js';

/** Opens what a person names: a folder of pictures, or a manifest (.csv, .jsonl, .ndjson). Throws SOURCE_UNUSABLE. */
export async function openSource(path: string, options: ManifestOptions = {}): Promise<PictureSource> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? `there is no ${path}` : `${path} can't be read (${cause.code})`;
    throw new AppError('SOURCE_UNUSABLE', { why }, { cause });
  });
  if (found.isDirectory()) return folderSource(path, options.limits);
  if (found.isFile() && /\.(csv|jsonl|ndjson)$/i.test(path)) return manifestSource(path, options);
  throw new AppError('SOURCE_UNUSABLE', { why: `${path} is neither a folder nor a .csv or .jsonl file` });
}
