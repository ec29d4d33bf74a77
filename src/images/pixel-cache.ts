import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, futimesSync, openSync, readdirSync, readSync, rmSync, writeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { fingerprint, stableJson } from '../core/fingerprint.js';
import { AppError, isDiskFull } from '../errors.js';
import { OpenFiles } from './open-files.js';
import type { Preparation } from './preparation.js';
import { sampleBytes } from './prepare.js';

/** Part of every folder's name: a change to `prepare` that changes pixels changes this, and old pixels are left alone. */
const PREPARE_VERSION = 1;
const KEY = 32; // Bytes: SHA-256 of the original.
const HEAD = KEY + 4; // The key, then the CRC-32 of key and pixels, little-endian.
/** What the name of every file ends with. */
export const PIXELS_SUFFIX = '.pixels';

/** A file takes records up to so many bytes; then another one is begun. */
const FILE_BYTES = 64 * 2 ** 20;

/** Where the pixels of a record lie: in the file of that number in `paths`. */
export interface CachedAt {
  readonly file: number;
  readonly offset: number;
}

/** A place as one number, since there are as many as pictures: a terabyte a file, and 4,096 files. */
const FILE_STEP = 2 ** 40;
const packed = ({ file, offset }: CachedAt): number => file * FILE_STEP + offset;
const unpacked = (at: number): CachedAt => ({ file: Math.floor(at / FILE_STEP), offset: at % FILE_STEP });

/** A key as it stands in the file, one character a byte: half of what hex digits take. */
const keyOf = (content: string): string => Buffer.from(content, 'hex').toString('latin1');

export interface PixelCacheOptions {
  /** Epoch milliseconds: each file that is used gets that time, so that what nobody uses can be told by its age. */
  readonly now?: (() => number) | undefined;
  readonly fileBytes?: number | undefined;
}

/**
 * Prepared pixels on disk, keyed by the content of the original; one folder for each preparation. Every opening that
 * writes appends records of one length to files of its own, so several processes never meet in one file; a tail that a
 * killed process left half-written is no whole record, or fails its checksum, and is prepared again.
 */
export class PixelCache {
  readonly #folder: string;
  readonly #record: number;
  readonly #fileBytes: number;
  readonly #at = new Map<string, number>();
  readonly #paths: string[] = [];
  readonly #files = new OpenFiles(this.#paths);
  readonly #used = new Set<number>();
  readonly #now: (() => number) | undefined;
  #own: { readonly which: number; readonly file: number; end: number } | undefined;

  private constructor(folder: string, record: number, { now, fileBytes = FILE_BYTES }: PixelCacheOptions) {
    this.#folder = folder;
    this.#record = record;
    this.#now = now;
    this.#fileBytes = fileBytes;
  }

  /**
   * Opens the part of a cache that holds one preparation, and lists what is there. Throws what the file system throws.
   */
  static async open(root: string, preparation: Preparation, options: PixelCacheOptions = {}): Promise<PixelCache> {
    const kind = fingerprint(stableJson({ preparation, version: PREPARE_VERSION })).slice(0, 16);
    const folder = join(root, `${preparation.size}x${preparation.size}x${preparation.channels}-${kind}`);
    await mkdir(folder, { recursive: true });
    const cache = new PixelCache(folder, HEAD + sampleBytes(preparation), options);
    for (const name of readdirSync(folder).sort())
      if (name.endsWith(PIXELS_SUFFIX)) cache.#listFile(join(folder, name));
    return cache;
  }

  #listFile(path: string): void {
    const which = this.#paths.push(path) - 1;
    const file = this.#files.get(which);
    const key = Buffer.alloc(KEY);
    const whole = Math.floor(fstatSync(file).size / this.#record);
    for (let i = 0; i < whole; i++) {
      const offset = i * this.#record;
      readSync(file, key, 0, KEY, offset);
      this.#at.set(key.toString('latin1'), packed({ file: which, offset: offset + HEAD }));
    }
  }

  /** Every file that a `CachedAt` may speak of. */
  get paths(): readonly string[] {
    return this.#paths;
  }

  /** Bytes from one record to the next. */
  get stride(): number {
    return this.#record;
  }

  /** Bytes of one sample. */
  get sampleBytes(): number {
    return this.#record - HEAD;
  }

  /** The pixels of an original and where they are, checked; undefined where there are none, or damaged ones. */
  find(content: string): { readonly at: CachedAt; readonly pixels: Uint8Array } | undefined {
    const key = keyOf(content);
    const found = this.#at.get(key);
    if (found === undefined) return undefined;
    const at = unpacked(found);
    const record = Buffer.allocUnsafe(this.#record);
    const read = readSync(this.#files.get(at.file), record, 0, this.#record, at.offset - HEAD);
    const sound = read === this.#record && record.readUInt32LE(KEY) === checksum(record);
    if (sound && record.toString('latin1', 0, KEY) === key) {
      this.#markUsed(at.file);
      return { at, pixels: record.subarray(HEAD) };
    }
    this.#at.delete(key);
    return undefined;
  }

  /** Once a file and opening. */
  #markUsed(which: number): void {
    if (!this.#now || this.#used.has(which)) return;
    this.#used.add(which);
    const seconds = this.#now() / 1000;
    try {
      futimesSync(this.#files.get(which), seconds, seconds);
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
      if (this.#own && this.#own.end + this.#record > this.#fileBytes) this.#endOwn();
      this.#own ??= this.#create();
      const { which, file, end } = this.#own;
      writeWhole(file, record, end);
      this.#own.end += this.#record;
      const at = { file: which, offset: end + HEAD };
      this.#at.set(keyOf(content), packed(at));
      return at;
    } catch (cause) {
      throw isDiskFull(cause) ? new AppError('DISK_FULL', { what: 'prepared pixels' }, { cause }) : cause;
    }
  }

  #create(): { which: number; file: number; end: number } {
    const path = join(this.#folder, `${randomBytes(8).toString('hex')}${PIXELS_SUFFIX}`);
    const file = openSync(path, 'wx');
    return { which: this.#paths.push(path) - 1, file, end: 0 };
  }

  #endOwn(): void {
    if (!this.#own) return;
    closeSync(this.#own.file);
    if (this.#own.end === 0) rmSync(this.#paths[this.#own.which]!, { force: true });
    this.#own = undefined;
  }

  /** Closes all files. What `paths` names stays, to be read by whoever knows where. */
  close(): void {
    this.#endOwn();
    this.#files.close();
    this.#at.clear();
  }
}

function checksum(record: Buffer): number {
  return crc32(record.subarray(HEAD), crc32(record.subarray(0, KEY)));
}

function writeWhole(file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, position + done);
}
