import { opendir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DRAFT_PREFIX, flush } from '../core/atomic-files.js';
import { type BlobPlaces, isMissing, makeFolders, told } from './blob-places.js';
import type { BlobFile, BlobFolder, BlobUpkeep } from './blob-store.js';

const HEX_PAIR = /^[0-9a-f]{2}$/;
const ORIGINAL = /^[0-9a-f]{64}$/;
const DERIVED = /^([0-9a-f]{64})\../;
const AT_ONCE = 500;

const names = (folder: string): Promise<string[]> =>
  readdir(folder).catch((cause: unknown) => {
    if (isMissing(cause)) return [];
    throw cause;
  });

/** True where the file was there. */
const found = (doing: Promise<unknown>): Promise<boolean> =>
  doing.then(
    () => true,
    (cause: unknown) => {
      if (isMissing(cause)) return false;
      throw cause;
    },
  );

/** Writes down when a file was last wanted: now. False where it is not there. */
export function touch(path: string, now: number): Promise<boolean> {
  return found(utimes(path, now / 1000, now / 1000));
}

/** The upkeep of a folder of blobs. `now` in epoch milliseconds. */
export function blobUpkeep(places: BlobPlaces, now: () => number): BlobUpkeep {
  async function* folders(): AsyncGenerator<BlobFolder> {
    for (const first of (await names(places.root)).filter((name) => HEX_PAIR.test(name)).sort()) {
      for (const second of (await names(join(places.root, first))).filter((name) => HEX_PAIR.test(name)).sort()) {
        const files = await names(join(places.root, first, second));
        const originals = files.filter((name) => ORIGINAL.test(name));
        const there = new Set(originals);
        const strays = files.filter((name) => {
          const original = DERIVED.exec(name)?.[1];
          return name.startsWith(DRAFT_PREFIX) || (original !== undefined && !there.has(original));
        });
        yield { originals, strays };
      }
    }
  }

  async function* trashed(): AsyncGenerator<readonly string[]> {
    const folder = await opendir(places.trash).catch((cause: unknown) => {
      if (isMissing(cause)) return undefined;
      throw cause;
    });
    let some: string[] = [];
    for await (const { name } of folder ?? []) {
      if (!ORIGINAL.test(name)) continue;
      some.push(name);
      if (some.length < AT_ONCE) continue;
      yield some;
      some = [];
    }
    if (some.length > 0) yield some;
  }

  async function about(name: string, where: 'kept' | 'trash'): Promise<BlobFile | undefined> {
    try {
      const { size, mtimeMs } = await stat(where === 'trash' ? places.inTrash(name) : places.file(name));
      return { sizeBytes: size, touchedAt: mtimeMs };
    } catch (cause) {
      if (isMissing(cause)) return undefined;
      throw cause;
    }
  }

  async function trash(content: string): Promise<number> {
    const path = places.original(content);
    // Its time in the trash begins before it is there: whatever ends between the two lines, it stays long enough.
    if (!(await touch(path, now()))) return 0;
    await makeFolders(places.root, places.trash);
    if (!(await found(rename(path, places.inTrash(content))))) return 0;
    let freed = 0;
    for (const name of (await names(dirname(path))).filter((each) => each.startsWith(`${content}.`))) {
      freed += (await about(name, 'kept'))?.sizeBytes ?? 0;
      await rm(places.file(name), { force: true });
    }
    return freed;
  }

  async function restore(content: string): Promise<boolean> {
    const path = places.original(content);
    const from = places.inTrash(content);
    if (!(await touch(from, now()))) return false;
    await makeFolders(places.root, dirname(path));
    if (!(await found(rename(from, path)))) return false;
    await flush(dirname(path));
    return true;
  }

  return {
    folders,
    trashed,
    about: (name, where) => told(() => about(name, where)),
    trash: (content) => told(() => trash(content)),
    restore: (content) => told(() => restore(content)),
    purge: (content) => told(() => rm(places.inTrash(content), { force: true })),
    removeStray: (name) => told(() => rm(places.file(name), { force: true })),
  };
}
