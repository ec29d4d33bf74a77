import { dot, type Vector } from '../core/vectors.js';
import { AppError } from '../errors.js';
import type { Threshold } from '../indexing/calibration.js';
import type { LiveIndex } from '../indexing/live-index.js';

/** The false-positive rate at which hits are folded into others: those who look for a folded hit find it listed. */
export const FOLD_RATE = 1e-2;

/** Whether two items are copies of one picture. */
export type AreCopies = (a: string, b: string) => boolean;

/** What an index takes for copies at a false-positive rate. Throws NOT_CALIBRATED where it does not know. */
export function thresholdOf({ collection, calibration }: LiveIndex, rate: number): Threshold {
  const refuse = (why: string) => new AppError('NOT_CALIBRATED', { collection, why });
  if (!calibration) throw refuse('its index was built without pictures to measure it by');
  const threshold = calibration.thresholds.find((each) => each.rate === rate);
  if (threshold) return threshold;
  const most = Math.round(1 / rate);
  throw refuse(
    `${calibration.others} pictures are too few for one in ${most} taken for a copy; ${most - 1} are needed`,
  );
}

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
