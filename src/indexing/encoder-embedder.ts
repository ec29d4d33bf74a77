import type { Vector } from '../core/vectors.js';
import type { Encoder } from '../encoder/encoder.js';
import { AppError } from '../errors.js';
import type { Embedder } from './embedder.js';

export interface EncoderEmbedderOptions {
  readonly modelId: string;
  /** Owned from now on: closing the embedder closes it. */
  readonly encoder: Encoder;
  /** One original → one sample for this encoder. Throws an AppError where the original can't be used. */
  readonly prepare: (original: Uint8Array) => Promise<Uint8Array>;
  /** How many originals are prepared at the same time, over all calls. */
  readonly concurrency?: number;
  /** The most samples the encoder is handed at once. */
  readonly batch?: number;
}

interface Waiting {
  readonly sample: Uint8Array;
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
 * Joins preparation and encoder. Samples that become ready while the encoder runs wait for its next run and share it,
 * whoever asked for them: under load the batches grow by themselves, and a lone query waits for nobody.
 */
export function createEncoderEmbedder(options: EncoderEmbedderOptions): Embedder {
  const { modelId, encoder, prepare, concurrency = 4, batch = 32 } = options;
  const enter = gate(concurrency);
  const waiting: Waiting[] = [];
  let running: Promise<void> | undefined;

  async function drain(): Promise<void> {
    await Promise.resolve(); // whoever is ready in this same turn comes along
    while (waiting.length > 0) {
      const crowd = waiting.splice(0, batch);
      try {
        const vectors = await encoder.encode(crowd.map(({ sample }) => sample));
        crowd.forEach(({ done }, i) => {
          done(vectors[i]!);
        });
      } catch (cause) {
        for (const { failed } of crowd) failed(cause);
      }
    }
  }

  function encode(sample: Uint8Array): Promise<Vector> {
    return new Promise((done, failed) => {
      waiting.push({ sample, done, failed });
      running ??= drain().finally(() => {
        running = undefined;
      });
    });
  }

  async function embedOne(original: Uint8Array): Promise<Vector | AppError> {
    let sample: Uint8Array;
    try {
      sample = await enter(() => prepare(original));
    } catch (cause) {
      if (cause instanceof AppError) return cause;
      return new AppError('PICTURE_UNREADABLE', { why: cause instanceof Error ? cause.message : 'unknown' }, { cause });
    }
    return encode(sample);
  }

  return {
    modelId,
    dimension: encoder.dimension,
    embed: (originals) => Promise.all(originals.map(embedOne)),
    async close() {
      await running;
      await encoder.close();
    },
  };
}
