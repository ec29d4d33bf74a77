import type { History } from './histories.js';

/** How scores become z-scores: (score − mean) × scale; a scale of 0 where they are all alike. */
export interface Scale {
  readonly mean: number;
  readonly scale: number;
}

/**
 * What makes scores mean 0 and standard deviation 1 over the items that are not skipped (numbers, each once). The scale
 * is 0 where they are all alike, so that a source that knows nothing has no say.
 */
export function scaleOf(scores: Float32Array, skipped: ArrayLike<number>): Scale {
  const count = scores.length - skipped.length;
  if (count <= 0) return { mean: 0, scale: 0 };
  let sum = 0;
  for (let i = 0; i < scores.length; i++) sum += scores[i]!;
  for (let s = 0; s < skipped.length; s++) sum -= scores[skipped[s]!]!;
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < scores.length; i++) {
    const apart = scores[i]! - mean;
    squares += apart * apart;
  }
  for (let s = 0; s < skipped.length; s++) squares -= (scores[skipped[s]!]! - mean) ** 2;
  const deviation = Math.sqrt(Math.max(0, squares) / count);
  return { mean, scale: deviation > 1e-6 * Math.abs(mean) && deviation > 0 ? 1 / deviation : 0 };
}

/** Scores as z-scores over the items of one request, in place. Skipped items get 0. */
export function standardise(scores: Float32Array, skipped: ArrayLike<number>): void {
  const { mean, scale } = scaleOf(scores, skipped);
  for (let i = 0; i < scores.length; i++) scores[i] = (scores[i]! - mean) * scale;
  for (let s = 0; s < skipped.length; s++) scores[skipped[s]!] = 0;
}

/** 1 for each item of a history, which is no candidate any more; [items]. */
export function skippedOf({ items }: Pick<History, 'items'>, count: number): Uint8Array {
  const skipped = new Uint8Array(count);
  for (const item of items) skipped[item] = 1;
  return skipped;
}
