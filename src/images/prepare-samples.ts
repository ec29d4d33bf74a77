import { createHash } from 'node:crypto';
import { fingerprint } from '../core/fingerprint.js';
import { type Progress, silent } from '../core/progress.js';
import { AppError } from '../errors.js';
import { DEFAULT_LIMITS, type PictureLimits } from './decode.js';
import type { PictureSource, SkippedPicture, SourcePicture } from './picture-source.js';
import { type CachedAt, PixelCache } from './pixel-cache.js';
import type { Preparation } from './preparation.js';
import { prepare, sampleShape } from './prepare.js';
import { openTable, type SampleTable, SHARD_BYTES } from './sample-table.js';

export interface PrepareOptions {
  /** Where prepared pixels are kept; a second run on the same pictures decodes none of them. */
  readonly cacheFolder: string;
  /** Epoch milliseconds: where it is given, files of the cache that are used are marked with it. */
  readonly now?: () => number;
  readonly limits?: PictureLimits;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
  /** Pictures in work at once (4): each may hold one original and its decoding in memory. */
  readonly concurrency?: number;
  /** Keeps only the first of several pictures whose prepared pixels are equal (true). */
  readonly dropEqual?: boolean;
  /** Samples are held in memory up to this many bytes (512 MiB); past it they are read from the cache's files. */
  readonly memoryBytes?: number;
  /** How long a file of the cache becomes (64 MiB). */
  readonly fileBytes?: number;
}

/** Samples in the order of the source, as training/samples.ts wants them, and where each came from. */
export interface PreparedSamples {
  readonly samples: {
    readonly count: number;
    readonly shape: readonly number[];
    readonly fingerprint: string;
    readonly shard: number;
    read(index: number): Uint8Array;
  };
  /** The same samples, for whoever else shall read them. */
  readonly table: SampleTable;
  /** Item ids, one a sample. */
  readonly ids: readonly string[];
  readonly skipped: readonly SkippedPicture[];
  /** Pictures left out because their pixels equal those of an earlier one. */
  readonly equal: readonly string[];
  /** Closes the cache's files; no sample can be read from them afterwards. */
  close(): void;
}

const MEMORY_BYTES = 512 * 2 ** 20;
const CONCURRENCY = 4;

/**
 * Reads, decodes and prepares every picture of a source once. A picture that fails is named with its reason and never
 * stops the run; only an unusable source (SOURCE_UNUSABLE), a full disk (DISK_FULL) and the signal (CANCELLED) do.
 */
export async function prepareSamples(
  source: PictureSource,
  preparation: Preparation,
  options: PrepareOptions,
): Promise<PreparedSamples> {
  const cache = await PixelCache.open(options.cacheFolder, preparation, options);
  const kept = new Kept(options.dropEqual ?? true);
  try {
    await prepareAll(source, preparation, cache, kept, options);
  } finally {
    cache.close();
  }
  const table = tableOf(kept, cache, options.memoryBytes ?? MEMORY_BYTES);
  const { count, shard, read, close } = openBound(table);
  return {
    samples: { count, shape: sampleShape(preparation), fingerprint: kept.fingerprint(), shard, read },
    table,
    ids: kept.ids,
    skipped: kept.skipped,
    equal: kept.equal,
    close,
  };
}

/** One sample at a time: whoever goes through all of them in an order that suits opens the table for itself. */
function openBound(table: SampleTable) {
  const reader = openTable(table, { holdBytes: 0 });
  return {
    count: reader.count,
    shard: reader.shard,
    read: (index: number) => reader.read(index),
    close: () => reader.close(),
  };
}

interface Found {
  readonly itemId: string;
  readonly name: string;
  readonly at: CachedAt;
  /** SHA-256 of the pixels, 32 bytes. */
  readonly pixels: Buffer;
}

/** Collects what became of each picture, in the order of the source, whatever order they are done in. */
class Kept {
  readonly ids: string[] = [];
  readonly equal: string[] = [];
  readonly skipped: SkippedPicture[] = [];
  /** By sample. Plain numbers, since there may be a million of them. */
  readonly files: number[] = [];
  readonly offsets: number[] = [];
  readonly #seen: Set<string> | undefined;
  readonly #hash = createHash('sha256');
  readonly #waiting = new Map<number, Found | SkippedPicture>();
  #next = 0;

  constructor(dropEqual: boolean) {
    this.#seen = dropEqual ? new Set() : undefined;
  }

  put(index: number, outcome: Found | SkippedPicture): void {
    this.#waiting.set(index, outcome);
    for (let next = this.#waiting.get(this.#next); next; next = this.#waiting.get(this.#next)) {
      this.#waiting.delete(this.#next++);
      if ('pixels' in next) this.#keep(next);
      else this.skipped.push(next);
    }
  }

  #keep({ itemId, name, at, pixels }: Found): void {
    const key = this.#seen && pixels.toString('latin1');
    if (key !== undefined && this.#seen!.has(key)) {
      this.equal.push(name);
      return;
    }
    if (key !== undefined) this.#seen!.add(key);
    this.#hash.update(pixels.toString('hex'));
    this.ids.push(itemId);
    this.files.push(at.file);
    this.offsets.push(at.offset);
  }

  /** Of all samples in order. Once. */
  fingerprint(): string {
    return this.#hash.digest('hex');
  }
}

async function prepareAll(
  source: PictureSource,
  preparation: Preparation,
  cache: PixelCache,
  kept: Kept,
  { limits = DEFAULT_LIMITS, progress = silent, signal, concurrency = CONCURRENCY }: PrepareOptions,
): Promise<void> {
  const list = source.list()[Symbol.asyncIterator]();
  let listed = 0;
  let done = 0;
  let failed = false;

  async function one(picture: SourcePicture): Promise<Found | SkippedPicture> {
    const { itemId, name } = picture;
    let content: string;
    let fresh: Uint8Array | undefined;
    let cached: ReturnType<PixelCache['find']>;
    try {
      const bytes = await picture.read();
      content = fingerprint(bytes);
      cached = cache.find(content);
      if (cached === undefined) fresh = await prepare(bytes, preparation, limits);
    } catch (cause) {
      return whySkipped(name, cause);
    }
    const { at, pixels } = cached ?? { at: cache.add(content, fresh!), pixels: fresh! };
    return { itemId, name, at, pixels: createHash('sha256').update(pixels).digest() };
  }

  /** Several of these draw from one listing: as many pictures are in work, however many there are. */
  async function worker(): Promise<void> {
    while (!failed) {
      if (signal?.aborted) throw new AppError('CANCELLED', { what: 'Preparing pictures' });
      const next = await list.next();
      if (next.done === true) return;
      const index = listed++;
      kept.put(index, await one(next.value));
      progress({ stage: 'prepare', done: ++done, unit: 'pictures' });
    }
  }

  // All of them are waited for, also after one has failed: none may write to a cache that is closed.
  const stop = (cause: unknown): never => {
    failed = true;
    throw cause;
  };
  const workers = Array.from({ length: Math.max(1, concurrency) }, () => worker().catch(stop));
  for (const outcome of await Promise.allSettled(workers)) if (outcome.status === 'rejected') throw outcome.reason;
}

/** Whatever reading or decoding one picture threw, as a line for people. */
function whySkipped(name: string, cause: unknown): SkippedPicture {
  if (cause instanceof AppError) return { name, code: cause.code, why: cause.message };
  return { name, code: 'PICTURE_UNREADABLE', why: cause instanceof Error ? cause.message : String(cause) };
}

/** Where the samples are: copied into one block of memory where all of them fit into it, else in the cache's files. */
function tableOf(kept: Kept, cache: PixelCache, memoryBytes: number): SampleTable {
  const [count, length] = [kept.ids.length, cache.sampleBytes];
  const file = new Uint32Array(new SharedArrayBuffer(4 * count));
  const offset = new Float64Array(new SharedArrayBuffer(8 * count));
  file.set(kept.files);
  offset.set(kept.offsets);
  const inFiles: SampleTable = { count, length, at: { paths: [...cache.paths], stride: cache.stride, file, offset } };
  return count * length > memoryBytes ? inFiles : inMemory(inFiles);
}

/** The same samples in memory that threads share. */
function inMemory(table: SampleTable): SampleTable {
  const { count, length } = table;
  const block = new SharedArrayBuffer(count * length);
  const all = new Uint8Array(block);
  const reader = openTable(table, { holdBytes: SHARD_BYTES });
  for (let index = 0; index < count; index++) all.set(reader.read(index), index * length);
  reader.close();
  return { count, length, at: { block } };
}
