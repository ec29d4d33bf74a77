import { mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { flush, writeFileAtomic } from '../core/atomic-files.js';
import { fingerprint } from '../core/fingerprint.js';
import { AppError, isDiskFull } from '../errors.js';
import type { BlobStore } from './blob-store.js';

const CONTENT = /^[0-9a-f]{64}$/;
const VARIANT = /^[a-z0-9][a-z0-9.-]{0,63}$/;

const isMissing = (cause: unknown): boolean => (cause as { code?: string }).code === 'ENOENT';

/** File systems' failures in the catalogue's language. */
async function told<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    if (isDiskFull(cause)) throw new AppError('DISK_FULL', { what: 'the pictures' }, { cause });
    throw new AppError('CATALOGUE_UNAVAILABLE', { why: `pictures: ${(cause as Error).message}` }, { cause });
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw cause;
  }
}

/** Makes the folders down to `folder`, and flushes each one's entry in the one above: a power cut keeps them. */
async function makeFolders(root: string, folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length && made !== dirname(made); made = dirname(made)) {
    await flush(dirname(made));
    if (made === root) break;
  }
}

/**
 * Pictures as files: `<folder>/ab/cd/abcd…`, two levels of 256 folders, so that no folder grows too long. What is
 * derived from one lies beside it as `abcd….<variant>`. Throws DISK_FULL, CATALOGUE_UNAVAILABLE, BLOB_DAMAGED.
 */
export function openBlobStore(folder: string): BlobStore {
  const pathOf = (content: string): string => {
    if (!CONTENT.test(content)) throw new AppError('BLOB_DAMAGED', { content });
    return join(folder, content.slice(0, 2), content.slice(2, 4), content);
  };

  async function put(bytes: Uint8Array): Promise<string> {
    const content = fingerprint(bytes);
    const path = pathOf(content);
    // Length tells a file that a dying disk cut short; it is written again.
    const there = await stat(path).catch(() => undefined);
    if (there?.size === bytes.byteLength) {
      // Whoever wrote it may not have come to flush the folder yet.
      await flush(dirname(path));
      return content;
    }
    await makeFolders(folder, dirname(path));
    await writeFileAtomic(path, bytes);
    return content;
  }

  async function get(content: string): Promise<Buffer | undefined> {
    const bytes = await readIfThere(pathOf(content));
    if (bytes && fingerprint(bytes) !== content) throw new AppError('BLOB_DAMAGED', { content });
    return bytes;
  }

  async function remove(content: string): Promise<void> {
    const path = pathOf(content);
    const names = await readdir(dirname(path)).catch(() => []);
    for (const name of names.filter((each) => each === content || each.startsWith(`${content}.`))) {
      await rm(join(dirname(path), name), { force: true });
    }
  }

  async function derived(
    content: string,
    variant: string,
    make: (original: Buffer) => Promise<Uint8Array>,
  ): Promise<Buffer | undefined> {
    if (!VARIANT.test(variant)) throw new AppError('REQUEST_INVALID', { why: `No such size: ${variant}` });
    const path = `${pathOf(content)}.${variant}`;
    const there = await told(() => readIfThere(path));
    if (there) return there;
    const original = await told(() => get(content));
    if (!original) return undefined;
    // What `make` throws is its own affair, and told as it is.
    const made = Buffer.from(await make(original));
    // It can be made again, so a full disk only means that it is not kept.
    await writeFileAtomic(path, made).catch(() => undefined);
    return made;
  }

  return {
    put: (bytes) => told(() => put(bytes)),
    get: (content) => told(() => get(content)),
    has: (content) =>
      told(async () => {
        const handle = await open(pathOf(content)).catch((cause: unknown) => {
          if (isMissing(cause)) return undefined;
          throw cause;
        });
        await handle?.close();
        return handle !== undefined;
      }),
    delete: (content) => told(() => remove(content)),
    derived,
  };
}
