import type { History } from './histories.js';

/**
 * Scores as z-scores over the items of one request, in place: mean 0 and standard deviation 1 over what is not skipped.
 * All 0 where they are all alike, so that a source that knows nothing has no say. Skipped items get 0.
 */
export function standardise(scores: Float32Array, skipped: ArrayLike<number>): void {
  let [count, sum, squares] = [0, 0, 0];
  for (let i = 0; i < scores.length; i++) {
    if (skipped[i]) continue;
    count++;
    sum += scores[i]!;
  }
  const mean = count === 0 ? 0 : sum / count;
  for (let i = 0; i < scores.length; i++) if (!skipped[i]) squares += (scores[i]! - mean) ** 2;
  const deviation = count === 0 ? 0 : Math.sqrt(squares / count);
  const scale = deviation > 1e-6 * Math.abs(mean) && deviation > 0 ? 1 / deviation : 0;
  for (let i = 0; i < scores.length; i++) scores[i] = skipped[i] ? 0 : (scores[i]! - mean) * scale;
}

/** 1 for each item of a history, which is no candidate any more; [items]. */
export function skippedOf({ items }: History, count: number): Uint8Array {
  const skipped = new Uint8Array(count);
  for (const item of items) skipped[item] = 1;
  return skipped;
}
