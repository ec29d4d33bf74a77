import type { Batches } from './batches.js';

/** Hands out the views of one step after another. */
export interface BatchFeed {
  /** The views of a step, as `Batches.write` makes them; valid until the next call. Throws AppError VIEWS_FAILED. */
  views(step: number): Promise<Float32Array>;
  /** Lets go of threads and memory. Whoever still waits is refused. */
  close(): Promise<void>;
}

/** Makes the views when they are asked for, in this thread: the twin of the feed that has threads of its own. */
export function directFeed(batches: Batches): BatchFeed {
  const views = new Float32Array(batches.length);
  return {
    async views(step) {
      batches.write(step, views);
      return views;
    },
    async close() {},
  };
}
