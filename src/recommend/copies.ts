import { dot, type Vector } from '../core/vectors.js';
import { thresholdOf } from '../indexing/calibration.js';
import type { LiveIndex } from '../indexing/live-index.js';

/** The false-positive rate at which hits are folded into others: those who look for a folded hit find it listed. */
export const FOLD_RATE = 1e-2;

/** Whether two items are copies of one picture. */
export type AreCopies = (a: string, b: string) => boolean;

/** Copies among these items; one without a vector is nobody's copy. Throws NOT_CALIBRATED. */
export async function copiesAmong(index: LiveIndex, itemIds: readonly string[]): Promise<AreCopies> {
  const { similarity } = thresholdOf(index, FOLD_RATE);
  const vectors = new Map<string, Vector>();
  const found = await Promise.all(itemIds.map((itemId) => index.vector(itemId)));
  for (const [i, vector] of found.entries()) if (vector) vectors.set(itemIds[i]!, vector);
  return (a, b) => {
    const [left, right] = [vectors.get(a), vectors.get(b)];
    return left !== undefined && right !== undefined && dot(left, right) > similarity;
  };
}
