import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, futimesSync, openSync, readdirSync, readSync, rmSync, writeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { fingerprint, stableJson } from '../core/fingerprint.js';
import { AppError, isDiskFull } from '../errors.js';
import type { Preparation } from './preparation.js';
import { sampleBytes } from './prepare.js';

/** Part of every folder's name: a change to `prepare` that changes pixels changes this, and old pixels are left alone. */
const PREPARE_VERSION = 1;
const KEY = 32; // Bytes: SHA-256 of the original.
const HEAD = KEY + 4; // The key, then the CRC-32 of key and pixels, little-endian.
/** What the name of every file ends with. */
export const PIXELS_SUFFIX = '.pixels';

/** Where a record lies. */
export interface CachedAt {
  readonly file: number;
  readonly offset: number;
}

/**
 * Prepared pixels on disk, keyed by the content of the original; one folder for each preparation. Every opening that
 * writes appends records of one length to a file of its own, so several processes never meet in one file; a tail that a
 * killed process left half-written is no whole record, or fails its checksum, and is prepared again.
 */
export class PixelCache {
  readonly #folder: string;
  readonly #record: number;
  readonly #at = new Map<string, CachedAt>();
  readonly #files: number[] = [];
  readonly #used = new Set<number>();
  readonly #now: (() => number) | undefined;
  #own: { readonly file: number; readonly path: string; end: number } | undefined;

  private constructor(folder: string, record: number, now: (() => number) | undefined) {
    this.#folder = folder;
    this.#record = record;
    this.#now = now;
  }

  /**
   * Opens the part of a cache that holds one preparation, and lists what is there. With `now` (epoch milliseconds) each
   * file that is used gets that time, so that what nobody uses can be told by its age. Throws what the file system throws.
   */
  static async open(root: string, preparation: Preparation, now?: () => number): Promise<PixelCache> {
    const kind = fingerprint(stableJson({ preparation, version: PREPARE_VERSION })).slice(0, 16);
    const folder = join(root, `${preparation.size}x${preparation.size}x${preparation.channels}-${kind}`);
    await mkdir(folder, { recursive: true });
    const cache = new PixelCache(folder, HEAD + sampleBytes(preparation), now);
    for (const name of readdirSync(folder).sort())
      if (name.endsWith(PIXELS_SUFFIX)) cache.#listFile(join(folder, name));
    return cache;
  }

  #listFile(path: string): void {
    const file = openSync(path, 'r');
    this.#files.push(file);
    const key = Buffer.alloc(KEY);
    const whole = Math.floor(fstatSync(file).size / this.#record);
    for (let i = 0; i < whole; i++) {
      const offset = i * this.#record;
      readSync(file, key, 0, KEY, offset);
      this.#at.set(key.toString('hex'), { file, offset });
    }
  }

  /** Bytes of one sample. */
  get sampleBytes(): number {
    return this.#record - HEAD;
  }

  get size(): number {
    return this.#at.size;
  }

  /** The pixels of an original and where they are, checked; undefined where there are none, or damaged ones. */
  find(content: string): { readonly at: CachedAt; readonly pixels: Uint8Array } | undefined {
    const at = this.#at.get(content);
    if (at === undefined) return undefined;
    const record = Buffer.allocUnsafe(this.#record);
    const read = readSync(at.file, record, 0, this.#record, at.offset);
    const sound = read === this.#record && record.readUInt32LE(KEY) === checksum(record);
    if (sound && record.toString('hex', 0, KEY) === content) {
      this.#markUsed(at.file);
      return { at, pixels: record.subarray(HEAD) };
    }
    this.#at.delete(content);
    return undefined;
  }

  /** Once a file and opening. */
  #markUsed(file: number): void {
    if (!this.#now || this.#used.has(file)) return;
    this.#used.add(file);
    const seconds = this.#now() / 1000;
    try {
      futimesSync(file, seconds, seconds);
    } catch {
      // Somebody else's file: it can be read and not marked.
    }
  }

  /** Appends the pixels of an original. Throws DISK_FULL. */
  add(content: string, pixels: Uint8Array): CachedAt {
    const record = Buffer.allocUnsafe(this.#record);
    record.write(content, 0, KEY, 'hex');
    record.set(pixels, HEAD);
    record.writeUInt32LE(checksum(record), KEY);
    try {
      this.#own ??= this.#create();
      const at = { file: this.#own.file, offset: this.#own.end };
      writeWhole(at.file, record, at.offset);
      this.#own.end += this.#record;
      this.#at.set(content, at);
      return at;
    } catch (cause) {
      throw isDiskFull(cause) ? new AppError('DISK_FULL', { what: 'prepared pixels' }, { cause }) : cause;
    }
  }

  #create(): { file: number; path: string; end: number } {
    const path = join(this.#folder, `${randomBytes(8).toString('hex')}${PIXELS_SUFFIX}`);
    const file = openSync(path, 'wx+');
    this.#files.push(file);
    return { file, path, end: 0 };
  }

  /** Copies a sample out: `sampleBytes` bytes into `out` at `position`. */
  read(at: CachedAt, out: Uint8Array, position = 0): void {
    const read = readSync(at.file, out, position, this.sampleBytes, at.offset + HEAD);
    if (read !== this.sampleBytes) throw new AppError('SAMPLE_INVALID', { expected: this.sampleBytes, received: read });
  }

  /** Closes all files; nothing can be read afterwards. */
  close(): void {
    for (const file of this.#files.splice(0)) closeSync(file);
    if (this.#own?.end === 0) rmSync(this.#own.path, { force: true });
    this.#own = undefined;
    this.#at.clear();
  }
}

function checksum(record: Buffer): number {
  return crc32(record.subarray(HEAD), crc32(record.subarray(0, KEY)));
}

function writeWhole(file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, position + done);
}
