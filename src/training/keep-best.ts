import type { CurvePoint } from '../registry/registry.js';

/** Looks whose recall is averaged: one alone is of 512 views, and its standard error some two points of a hundred. */
const SMOOTHED = 3;

/** Mean recall of the other view over the last looks of a curve, the newest included. */
export function smoothedRecall(curve: readonly CurvePoint[]): number {
  const recalls = curve.slice(-SMOOTHED).map(({ recall = 0 }) => recall);
  return recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
}

/**
 * Whether the newest look is to be kept rather than the best before. Of equal ones the later: recall ends at 1 on easy
 * views, while the network still learns, so that where it says nothing, "best" is "last".
 * @param before smoothed recall of the best so far
 */
export const isBest = (curve: readonly CurvePoint[], before: number | undefined): boolean =>
  before === undefined || smoothedRecall(curve) >= before;

/** How many looks have passed since the best one. */
export const looksSince = (curve: readonly CurvePoint[], bestStep: number): number =>
  curve.filter(({ step }) => step > bestStep).length;
