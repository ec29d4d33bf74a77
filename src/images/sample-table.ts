import { readSync } from 'node:fs';
import { LRUCache } from 'lru-cache';
import { AppError } from '../errors.js';
import { OpenFiles } from './open-files.js';

/** Neighbours that are read together, in bytes. */
export const SHARD_BYTES = 16 * 2 ** 20;

/** Where samples lie, as plain data that can be sent to a thread: in one block of memory, or in files. */
export interface SampleTable {
  readonly count: number;
  /** Bytes of one sample. */
  readonly length: number;
  readonly at:
    | { readonly block: SharedArrayBuffer }
    | {
        readonly paths: readonly string[];
        /** Bytes from one record of a file to the next. */
        readonly stride: number;
        /** By sample, in shared memory: which path, and where its pixels begin there. */
        readonly file: Uint32Array;
        readonly offset: Float64Array;
      };
}

export interface HoldOptions {
  /** Shards are held in memory up to so many bytes; 0 reads each sample by itself. */
  readonly holdBytes: number;
  readonly shardBytes?: number;
}

/** The samples of a table, open. */
export interface TableReader {
  readonly count: number;
  /** Samples a shard. */
  readonly shard: number;
  /** Of samples that this reader holds: never more than it may, and 0 where they lie in memory anyway. */
  readonly heldBytes: number;
  /** Shards read so far. */
  readonly loads: number;
  /** Valid until the next call. Throws SAMPLE_INVALID where a file has become too short. */
  read(index: number): Uint8Array;
  close(): void;
}

export const samplesPerShard = (length: number, shardBytes = SHARD_BYTES): number =>
  Math.max(1, Math.floor(shardBytes / length));

export function openTable(table: SampleTable, options: HoldOptions): TableReader {
  const { count, length, at } = table;
  if (!('block' in at)) return new FileReader(table, at, options);
  const all = new Uint8Array(at.block);
  return {
    count,
    shard: samplesPerShard(length, options.shardBytes),
    heldBytes: 0,
    loads: 0,
    read: (index) => all.subarray(index * length, (index + 1) * length),
    close: () => {},
  };
}

type InFiles = Exclude<SampleTable['at'], { block: SharedArrayBuffer }>;

/** Bytes that one reading of a file takes at most. */
const GULP = 2 ** 20;

/**
 * Reads samples from files a shard at a time, wherever in the files its samples lie: they are read in the order of the
 * files, as many at once as stand side by side. The shard not used for longest makes room, and its memory is used again.
 */
class FileReader implements TableReader {
  readonly count: number;
  readonly shard: number;
  loads = 0;
  readonly #length: number;
  readonly #at: InFiles;
  readonly #files: OpenFiles;
  readonly #held: LRUCache<number, Uint8Array> | undefined;
  readonly #spare: Uint8Array[] = [];
  readonly #gulp: Uint8Array;
  readonly #one: Uint8Array;

  constructor({ count, length }: SampleTable, at: InFiles, { holdBytes, shardBytes }: HoldOptions) {
    this.count = count;
    this.shard = samplesPerShard(length, shardBytes);
    this.#length = length;
    this.#at = at;
    this.#files = new OpenFiles(at.paths);
    this.#one = new Uint8Array(length);
    this.#gulp = new Uint8Array(Math.max(GULP, at.stride));
    const max = Math.floor(holdBytes / (this.shard * length));
    if (max >= 1) this.#held = new LRUCache({ max, dispose: (bytes) => this.#spare.push(bytes) });
  }

  get heldBytes(): number {
    return ((this.#held?.size ?? 0) + this.#spare.length) * this.shard * this.#length;
  }

  read(index: number): Uint8Array {
    if (!this.#held) {
      this.#fill(this.#one, this.#at.file[index]!, this.#at.offset[index]!, this.#length);
      return this.#one;
    }
    const which = Math.floor(index / this.shard);
    const shard = this.#held.get(which) ?? this.#load(which, this.#held);
    const start = (index - which * this.shard) * this.#length;
    return shard.subarray(start, start + this.#length);
  }

  #load(which: number, held: LRUCache<number, Uint8Array>): Uint8Array {
    if (held.size === held.max) held.pop();
    const bytes = this.#spare.pop() ?? new Uint8Array(this.shard * this.#length);
    const first = which * this.shard;
    for (const run of this.#runs(first, Math.min(this.count, first + this.shard))) {
      const [start] = run as [number];
      const total = (run.length - 1) * this.#at.stride + this.#length;
      this.#fill(this.#gulp, this.#at.file[start]!, this.#at.offset[start]!, total);
      run.forEach((index, i) => {
        const from = i * this.#at.stride;
        bytes.set(this.#gulp.subarray(from, from + this.#length), (index - first) * this.#length);
      });
    }
    this.loads++;
    held.set(which, bytes);
    return bytes;
  }

  /** The samples from `first` to `end` in runs that stand side by side in a file. */
  *#runs(first: number, end: number): Generator<readonly number[]> {
    const { file, offset, stride } = this.#at;
    const indexes = Array.from({ length: end - first }, (_, i) => first + i);
    indexes.sort((a, b) => file[a]! - file[b]! || offset[a]! - offset[b]!);
    const most = Math.max(1, Math.floor(this.#gulp.length / stride));
    let run: number[] = [];
    for (const index of indexes) {
      const last = run.at(-1);
      const beside = last !== undefined && file[last] === file[index] && offset[last]! + stride === offset[index];
      if (last !== undefined && (!beside || run.length === most)) {
        yield run;
        run = [];
      }
      run.push(index);
    }
    if (run.length > 0) yield run;
  }

  #fill(out: Uint8Array, file: number, offset: number, length: number): void {
    const read = readSync(this.#files.get(file), out, 0, length, offset);
    if (read !== length) throw new AppError('SAMPLE_INVALID', { expected: length, received: read });
  }

  close(): void {
    this.#held?.clear();
    this.#spare.length = 0;
    this.#files.close();
  }
}
