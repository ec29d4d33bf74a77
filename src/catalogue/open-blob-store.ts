import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { flush, writeFileAtomic } from '../core/atomic-files.js';
import { fingerprint } from '../core/fingerprint.js';
import { AppError } from '../errors.js';
import { blobPlaces, isMissing, makeFolders, told } from './blob-places.js';
import type { BlobStore } from './blob-store.js';
import { blobUpkeep, touch } from './blob-upkeep.js';

const VARIANT = /^[a-z0-9][a-z0-9.-]{0,63}$/;

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw cause;
  }
}

/**
 * Pictures as files. What is derived from one lies beside it as `abcd….<variant>`. The time of an original's last
 * change says when somebody last stored those bytes; `now` is in epoch milliseconds. Throws DISK_FULL,
 * CATALOGUE_UNAVAILABLE, BLOB_DAMAGED.
 */
export function openBlobStore(folder: string, now: () => number): BlobStore {
  const places = blobPlaces(folder);
  const upkeep = blobUpkeep(places, now);

  async function put(bytes: Uint8Array): Promise<string> {
    const content = fingerprint(bytes);
    const path = places.original(content);
    // Length tells a file that a dying disk cut short; it is written again. One that belongs to somebody else can't be
    // touched, and is there all the same.
    const isWhole = async (): Promise<boolean> =>
      (await stat(path).catch(() => undefined))?.size === bytes.byteLength && touch(path, now()).catch(() => true);
    if ((await isWhole()) || ((await upkeep.restore(content)) && (await isWhole()))) {
      // Whoever wrote it may not have come to flush the folder yet.
      await flush(dirname(path));
      return content;
    }
    await makeFolders(folder, dirname(path));
    await writeFileAtomic(path, bytes);
    return content;
  }

  async function get(content: string): Promise<Buffer | undefined> {
    const path = places.original(content);
    let bytes = await readIfThere(path);
    if (!bytes) {
      await upkeep.restore(content); // or somebody else just has
      bytes = await readIfThere(path);
    }
    if (bytes && fingerprint(bytes) !== content) throw new AppError('BLOB_DAMAGED', { content });
    return bytes;
  }

  const isThere = async (content: string): Promise<boolean> => (await upkeep.about(content, 'kept')) !== undefined;
  const isKept = async (content: string): Promise<boolean> =>
    (await isThere(content)) || (await upkeep.restore(content)) || isThere(content);

  async function remove(content: string): Promise<void> {
    const path = places.original(content);
    const names = await readdir(dirname(path)).catch(() => []);
    for (const name of names.filter((each) => each === content || each.startsWith(`${content}.`))) {
      await rm(join(dirname(path), name), { force: true });
    }
    await upkeep.purge(content);
  }

  async function derived(
    content: string,
    variant: string,
    make: (original: Buffer) => Promise<Uint8Array>,
  ): Promise<Buffer | undefined> {
    if (!VARIANT.test(variant)) throw new AppError('REQUEST_INVALID', { why: `No such size: ${variant}` });
    const path = `${places.original(content)}.${variant}`;
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
    has: (content) => told(() => isKept(content)),
    delete: (content) => told(() => remove(content)),
    derived,
    upkeep,
  };
}
