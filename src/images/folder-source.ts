import { createHash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { byteOrder } from '../core/vectors.js';
import { AppError } from '../errors.js';
import { DEFAULT_LIMITS, type PictureLimits } from './decode.js';
import type { PictureSource, SourcePicture } from './picture-source.js';

const MAX_ID = 256; // Characters, as the API takes them.

/** The item id of a path: the path itself, or, where that is no id (too long, control characters), a hashed end. */
export function itemIdOf(path: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  const printable = path.replace(/[\u0000-\u001f\u007f-\u009f]/g, '_');
  if (printable === path && path.length <= MAX_ID) return path;
  const hash = createHash('sha256').update(path).digest('hex').slice(0, 16);
  return `${printable.slice(0, MAX_ID - hash.length - 1)}~${hash}`;
}

/** Reads a file of bounded size. Throws PICTURE_UNREADABLE (gone, forbidden, no file), PICTURE_TOO_LARGE. */
export async function readPictureFile(path: string, limits: PictureLimits): Promise<Buffer> {
  try {
    const handle = await open(path, 'r');
    try {
      const found = await handle.stat();
      if (!found.isFile()) throw new AppError('PICTURE_UNREADABLE', { why: 'it is no file' });
      if (found.size > limits.maxBytes) throw new AppError('PICTURE_TOO_LARGE', { limit: `${limits.maxBytes} bytes` });
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new AppError('PICTURE_UNREADABLE', { why: `the file can't be read (${code})` }, { cause });
  }
}

/** A picture that is listed only to be named among what was skipped. */
export function brokenPicture(name: string, why: string): SourcePicture {
  return {
    name,
    itemId: itemIdOf(name),
    attributes: {},
    read: async () => {
      throw new AppError('PICTURE_UNREADABLE', { why });
    },
  };
}

const inside = (root: string, path: string): boolean => path === root || path.startsWith(root + sep);

/**
 * Every file under a folder that is not hidden, in byte order of its path; ids are paths with `/`, so `a/b.png`.
 * Nothing outside the folder is read: a link out of it is named and skipped, a link to a folder inside is ignored (its
 * pictures are listed where they are), which also ends loops.
 */
export function folderSource(folder: string, limits: PictureLimits = DEFAULT_LIMITS): PictureSource {
  async function* walk(root: string, parts: readonly string[]): AsyncGenerator<SourcePicture> {
    let entries: Dirent[];
    try {
      entries = await readdir(join(root, ...parts), { withFileTypes: true });
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
      yield brokenPicture(`${parts.join('/')}/`, `the folder can't be read (${code})`);
      return;
    }
    // A folder sorts as `name/`, so that the whole listing, not only each folder, stands in byte order.
    const key = (entry: Dirent): string => (entry.isDirectory() ? `${entry.name}/` : entry.name);
    for (const entry of entries.sort((a, b) => byteOrder(key(a), key(b)))) {
      if (entry.name.startsWith('.')) continue;
      const path = [...parts, entry.name];
      if (entry.isDirectory()) yield* walk(root, path);
      else if (entry.isSymbolicLink()) yield* linked(root, path);
      else if (entry.isFile()) yield picture(root, path);
    }
  }

  async function* linked(root: string, path: readonly string[]): AsyncGenerator<SourcePicture> {
    const name = path.join('/');
    try {
      const target = await realpath(join(root, ...path));
      if (!inside(root, target)) yield brokenPicture(name, 'it is a link out of the folder');
      else if ((await stat(target)).isFile()) yield picture(root, path);
    } catch {
      yield brokenPicture(name, 'it is a link to nothing');
    }
  }

  function picture(root: string, path: readonly string[]): SourcePicture {
    const name = path.join('/');
    return {
      name,
      itemId: itemIdOf(name),
      attributes: { file: name, folder: path.slice(0, -1).join('/') },
      read: () => readPictureFile(join(root, ...path), limits),
    };
  }

  return {
    description: `folder ${folder}`,
    async *list() {
      let root: string;
      try {
        root = await realpath(resolve(folder));
        await readdir(root);
      } catch (cause) {
        const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
        throw new AppError('SOURCE_UNUSABLE', { why: `${folder} can't be listed (${code})` }, { cause });
      }
      yield* walk(root, []);
    },
  };
}
