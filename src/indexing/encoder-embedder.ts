import type { Vector } from '../core/vectors.js';
import type { Encoder } from '../encoder/encoder.js';
import { AppError } from '../errors.js';
import type { Embedder } from './embedder.js';

/**
 * Originals in preparation at once. More than the four threads that decode: the encoder runs on the event loop's thread,
 * which hands out no work meanwhile, and what is handed out already must last so long.
 */
const CONCURRENCY = 8;
/** The most samples of one run. */
const BATCH = 32;
/**
 * Samples that a run is worth making for while others are still decoded: fewer pay the fixed cost of a run too often,
 * more leave a long last run with nothing to decode beside it, and hold the event loop longer.
 */
const WORTH_IT = 8;

export interface EncoderEmbedderOptions {
  readonly modelId: string;
  /** Owned from now on: closing the embedder closes it. */
  readonly encoder: Encoder;
  /** One original → one sample for this encoder. Throws an AppError where the original can't be used. */
  readonly prepare: (original: Uint8Array) => Promise<Uint8Array>;
  /** How many originals are prepared at the same time, over all calls (8). */
  readonly concurrency?: number;
  /** The most samples the encoder is handed at once (32). */
  readonly batch?: number;
}

/** The originals of one call that are still being prepared. */
interface Crowd {
  preparing: number;
}

interface Waiting {
  readonly sample: Uint8Array;
  readonly crowd: Crowd;
  readonly done: (vector: Vector) => void;
  readonly failed: (cause: unknown) => void;
}

/** Lets at most `places` tasks run at a time, first come, first served. */
function gate(places: number): <T>(task: () => Promise<T>) => Promise<T> {
  let free = places;
  const queue: (() => void)[] = [];
  return async (task) => {
    if (free > 0) free--;
    else await new Promise<void>((go) => queue.push(go));
    try {
      return await task();
    } finally {
      const next = queue.shift();
      if (next) next();
      else free++;
    }
  };
}

/**
 * Joins preparation and encoder. The encoder runs once enough samples are ready for a run that is worth it, or a call
 * has nothing more to prepare: whatever is ready then shares that run, whoever asked for it. So many originals go
 * through full runs while others are decoded beside them, and a lone query waits for nobody.
 */
export function createEncoderEmbedder(options: EncoderEmbedderOptions): Embedder {
  const { modelId, encoder, prepare, concurrency = CONCURRENCY, batch = BATCH } = options;
  const enter = gate(concurrency);
  const worthIt = Math.min(WORTH_IT, batch);
  const waiting: Waiting[] = [];
  let running: Promise<void> | undefined;

  const isDue = () => waiting.length >= worthIt || waiting.some(({ crowd }) => crowd.preparing === 0);

  async function drain(): Promise<void> {
    await Promise.resolve(); // whoever is ready in this same turn comes along
    while (isDue()) {
      const run = waiting.splice(0, batch);
      try {
        const vectors = await encoder.encode(run.map(({ sample }) => sample));
        run.forEach(({ done }, i) => {
          done(vectors[i]!);
        });
      } catch (cause) {
        for (const { failed } of run) failed(cause);
      }
    }
    running = undefined; // in the same turn as the last look: nobody who comes later is missed
  }

  /** One sample more is ready, or one original turned out to be none. */
  function settle(crowd: Crowd): void {
    crowd.preparing--;
    if (isDue()) running ??= drain();
  }

  async function embedOne(original: Uint8Array, crowd: Crowd): Promise<Vector | AppError> {
    let sample: Uint8Array;
    try {
      sample = await enter(() => prepare(original));
    } catch (cause) {
      settle(crowd);
      if (cause instanceof AppError) return cause;
      return new AppError('PICTURE_UNREADABLE', { why: cause instanceof Error ? cause.message : 'unknown' }, { cause });
    }
    return new Promise((done, failed) => {
      waiting.push({ sample, crowd, done, failed });
      settle(crowd);
    });
  }

  return {
    modelId,
    dimension: encoder.dimension,
    embed(originals) {
      const crowd: Crowd = { preparing: originals.length };
      return Promise.all(originals.map((original) => embedOne(original, crowd)));
    },
    async close() {
      await running;
      await encoder.close();
    },
  };
}
