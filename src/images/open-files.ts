import { closeSync, openSync } from 'node:fs';
import { LRUCache } from 'lru-cache';

/** Files open at once; a process may have some hundreds, and a large cache has more. */
const OPEN_AT_MOST = 64;

/** Files by number, opened for reading when they are asked for; the one not used for longest is closed for another. */
export class OpenFiles {
  readonly #paths: readonly string[];
  readonly #open = new LRUCache<number, number>({ max: OPEN_AT_MOST, dispose: (file) => closeSync(file) });

  /** @param paths may grow later */
  constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

  /** A descriptor that stays open until the next call. Throws what the file system throws. */
  get(which: number): number {
    const open = this.#open.get(which);
    if (open !== undefined) return open;
    const file = openSync(this.#paths[which]!, 'r');
    this.#open.set(which, file);
    return file;
  }

  close(): void {
    this.#open.clear();
  }
}
