import { createHash } from 'node:crypto';
import { fingerprint } from '../core/fingerprint.js';
import { type Progress, silent } from '../core/progress.js';
import { AppError } from '../errors.js';
import { DEFAULT_LIMITS, type PictureLimits } from './decode.js';
import type { PictureSource, SkippedPicture, SourcePicture } from './picture-source.js';
import { type CachedAt, PixelCache } from './pixel-cache.js';
import type { Preparation } from './preparation.js';
import { prepare, sampleShape } from './prepare.js';

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
  /** Samples are held in memory up to this many bytes (1 GiB); past it each is read from the cache's file. */
  readonly memoryBytes?: number;
}

/** Samples in the order of the source, as training/samples.ts wants them, and where each came from. */
export interface PreparedSamples {
  readonly samples: {
    readonly count: number;
    readonly shape: readonly number[];
    readonly fingerprint: string;
    read(index: number): Uint8Array;
  };
  /** Item ids, one a sample. */
  readonly ids: readonly string[];
  /** SHA-256 of the originals, one a sample. */
  readonly contents: readonly string[];
  readonly skipped: readonly SkippedPicture[];
  /** Pictures left out because their pixels equal those of an earlier one. */
  readonly equal: readonly string[];
  /** Closes the cache's files; no sample can be read afterwards. */
  close(): void;
}

interface Found {
  readonly itemId: string;
  readonly name: string;
  readonly content: string;
  readonly at: CachedAt;
  /** SHA-256 of the pixels. */
  readonly pixels: string;
}

const MEMORY_BYTES = 2 ** 30;
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
  const cache = await PixelCache.open(options.cacheFolder, preparation, options.now);
  try {
    const { found, skipped } = await prepareAll(source, preparation, cache, options);
    const { kept, equal } = options.dropEqual === false ? { kept: found, equal: [] } : withoutEqual(found);
    const hash = createHash('sha256');
    for (const { pixels } of kept) hash.update(pixels);
    return {
      samples: {
        count: kept.length,
        shape: sampleShape(preparation),
        fingerprint: hash.digest('hex'),
        read: reader(kept, cache, options.memoryBytes ?? MEMORY_BYTES),
      },
      ids: kept.map(({ itemId }) => itemId),
      contents: kept.map(({ content }) => content),
      skipped,
      equal,
      close: () => cache.close(),
    };
  } catch (cause) {
    cache.close();
    throw cause;
  }
}

async function prepareAll(
  source: PictureSource,
  preparation: Preparation,
  cache: PixelCache,
  { limits = DEFAULT_LIMITS, progress = silent, signal, concurrency = CONCURRENCY }: PrepareOptions,
): Promise<{ found: Found[]; skipped: SkippedPicture[] }> {
  const found: (Found | undefined)[] = [];
  const skipped: (SkippedPicture | undefined)[] = [];
  const list = source.list()[Symbol.asyncIterator]();
  let listed = 0;
  let done = 0;
  let failed = false;

  async function one(picture: SourcePicture, index: number): Promise<void> {
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
      skipped[index] = whySkipped(name, cause);
      return;
    }
    const { at, pixels } = cached ?? { at: cache.add(content, fresh!), pixels: fresh! };
    found[index] = { itemId, name, content, at, pixels: fingerprint(pixels) };
  }

  /** Several of these draw from one listing: as many pictures are in work, however many there are. */
  async function worker(): Promise<void> {
    while (!failed) {
      if (signal?.aborted) throw new AppError('CANCELLED', { what: 'Preparing pictures' });
      const next = await list.next();
      if (next.done === true) return;
      await one(next.value, listed++);
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
  const there = <T>(value: T | undefined): value is T => value !== undefined;
  return { found: found.filter(there), skipped: skipped.filter(there) };
}

/** Whatever reading or decoding one picture threw, as a line for people. */
function whySkipped(name: string, cause: unknown): SkippedPicture {
  if (cause instanceof AppError) return { name, code: cause.code, why: cause.message };
  return { name, code: 'PICTURE_UNREADABLE', why: cause instanceof Error ? cause.message : String(cause) };
}

function withoutEqual(found: readonly Found[]): { kept: Found[]; equal: string[] } {
  const seen = new Set<string>();
  const kept: Found[] = [];
  const equal: string[] = [];
  for (const picture of found) {
    if (seen.has(picture.pixels)) equal.push(picture.name);
    else kept.push(picture);
    seen.add(picture.pixels);
  }
  return { kept, equal };
}

/** Reads from one block of memory where all samples fit into it, else from the cache's file. */
function reader(kept: readonly Found[], cache: PixelCache, memoryBytes: number): (index: number) => Uint8Array {
  const length = cache.sampleBytes;
  if (kept.length * length > memoryBytes) {
    const sample = new Uint8Array(length);
    return (index) => {
      cache.read(kept[index]!.at, sample);
      return sample;
    };
  }
  const block = new Uint8Array(kept.length * length);
  kept.forEach(({ at }, index) => {
    cache.read(at, block, index * length);
  });
  return (index) => block.subarray(index * length, (index + 1) * length);
}
