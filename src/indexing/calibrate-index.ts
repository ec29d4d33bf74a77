import type { Catalogue } from '../catalogue/catalogue.js';
import type { Progress } from '../core/progress.js';
import type { Random } from '../core/random.js';
import { dot, type Vector } from '../core/vectors.js';
import { AppError } from '../errors.js';
import type { HnswStore } from '../store/hnsw-store.js';
import { type Calibration, FEWEST, fitCalibration, SAME_VECTOR } from './calibration.js';
import { originalOf } from './embed-missing.js';
import type { Embedder } from './embedder.js';

/** What a calibration must be told of pictures: how copies come about, and which originals are copies. */
export interface Copies {
  /** One that somebody might have made. Throws an AppError where the original can't be used. */
  copy(original: Uint8Array, random: Random): Promise<Uint8Array>;
  /** Whether these are one picture, by its pixels. Throws an AppError where one of them can't be used. */
  same(a: Uint8Array, b: Uint8Array): Promise<boolean>;
}

export interface CalibrateOptions {
  readonly items: Pick<Catalogue['items'], 'getMany'>;
  readonly collection: string;
  readonly embedder: Embedder;
  readonly store: HnswStore;
  /** A vector of the model as the store holds it. */
  readonly placed: (vector: Vector) => Vector;
  readonly readBlob: (content: string) => Promise<Uint8Array | undefined>;
  readonly copies: Copies;
  readonly random: Random;
  readonly progress: Progress;
  /** Lets others in between, and throws where the work is stopped. */
  readonly pause: () => Promise<void>;
}

/** Pictures that copies are made of, at most: twice as many are embedded. */
const PICTURES = 200;
/** Copied and embedded at once. */
const BATCH = 25;
/** Items whose nearest other is looked up, at most: enough for a rate of 1 in 10,000. */
const OTHERS = 20_000;
/** Neighbours looked at for one that is no copy, and pairs whose pixels are compared, at most. */
const NEIGHBOURS = 8;
const COMPARED = 500;
/** Neighbours as close as all but so many of the copies are suspected to be copies. */
const SUSPECT = 0.1;

/**
 * Calibrates an index by its own pictures: similarities of two copies of each of 200 pictures, and of up to 20,000
 * items to their nearest other one. Null where there are too few, or the encoder does not tell copies from others.
 */
export async function calibrateIndex(options: CalibrateOptions): Promise<Calibration | null> {
  const { store, random } = options;
  const itemIds = [...store.itemIds()];
  if (itemIds.length <= FEWEST) return null;
  const drawn = [...random.fork('items').permutation(itemIds.length)].map((at) => itemIds[at]!);

  const pairs = await copyPairs(options, drawn.slice(0, PICTURES));
  if (pairs.length < FEWEST) return null;
  const suspect = pairs.toSorted((a, b) => a - b)[Math.floor(SUSPECT * pairs.length)]!;
  const { similarities, passedOver } = await nearestOthers(options, drawn.slice(0, OTHERS), suspect);
  return fitCalibration(pairs, similarities, passedOver);
}

/** The similarity of two copies of each picture that can be read. */
async function copyPairs(options: CalibrateOptions, itemIds: readonly string[]): Promise<number[]> {
  const { copies, embedder, placed, random, progress, pause } = options;
  const tell = (done: number) => progress({ stage: 'calibrate', done, total: itemIds.length, unit: 'pictures' });
  const pairs: number[] = [];
  tell(0);
  for (let from = 0; from < itemIds.length; from += BATCH) {
    const batch = itemIds.slice(from, from + BATCH);
    const originals = await originalsOf(options, batch);
    const made = await Promise.all(
      [...originals].map(async ([itemId, original]) => {
        try {
          const stream = random.fork(`copies of ${itemId}`);
          return [await copies.copy(original, stream), await copies.copy(original, stream)];
        } catch (cause) {
          if (cause instanceof AppError) return [];
          throw cause;
        }
      }),
    );
    const vectors = await embedder.embed(made.flat());
    for (let i = 0; i < vectors.length; i += 2) {
      const [a, b] = [vectors[i]!, vectors[i + 1]!];
      if (!(a instanceof AppError) && !(b instanceof AppError)) pairs.push(dot(placed(a), placed(b)));
    }
    tell(from + batch.length);
    await pause();
  }
  return pairs;
}

/**
 * The similarity of each item to the nearest that is no copy of it. The same vector is a copy; a neighbour as close as
 * copies are is one where its pixels say so. What is beyond the pairs that may be compared counts as another picture:
 * that makes thresholds stricter, never laxer.
 */
async function nearestOthers(
  options: CalibrateOptions,
  itemIds: readonly string[],
  suspect: number,
): Promise<{ similarities: number[]; passedOver: number }> {
  const { store, copies, pause } = options;
  const similarities: number[] = [];
  let passedOver = 0;
  let compared = 0;
  const isCopy = async (itemId: string, other: string, similarity: number): Promise<boolean> => {
    if (similarity >= SAME_VECTOR) return true;
    if (similarity < suspect || compared >= COMPARED) return false;
    compared += 1;
    const [a, b] = [...(await originalsOf(options, [itemId, other])).values()];
    try {
      return a !== undefined && b !== undefined && (await copies.same(a, b));
    } catch (cause) {
      if (cause instanceof AppError) return false;
      throw cause;
    }
  };

  for (const itemId of itemIds) {
    for (const near of store.nearestNow(store.vectorNow(itemId)!, NEIGHBOURS + 1)) {
      if (near.itemId === itemId) continue;
      if (await isCopy(itemId, near.itemId, near.similarity)) passedOver += 1;
      else {
        similarities.push(near.similarity);
        break;
      }
    }
    await pause();
  }
  return { similarities, passedOver };
}

/** The originals of those items that have one that can be read. */
async function originalsOf(
  { items, collection, readBlob }: CalibrateOptions,
  itemIds: readonly string[],
): Promise<Map<string, Uint8Array>> {
  const originals = new Map<string, Uint8Array>();
  await Promise.all(
    (await items.getMany(collection, itemIds)).map(async ({ itemId, picture }) => {
      const original = picture && (await originalOf(readBlob, picture.content));
      if (original && !(original instanceof AppError)) originals.set(itemId, original);
    }),
  );
  return originals;
}
