import type { Proposed } from './candidates.js';

/** Each fallback stands this far below the one before: more than any two scores of one strategy lie apart. */
const STEP_DOWN = 2;

/** A candidate with its score on the scale of this request. */
export interface Scored extends Proposed {
  /** What its strategy gave it, before it was put on the scale. */
  readonly given: number;
}

/**
 * The second stage: one scale for all. Scores of the strategy that answers stay what they are, at most 1; those of the
 * n-th strategy that fills up stand 2 n below.
 */
export function score(proposed: readonly Proposed[]): readonly Scored[] {
  return proposed.map((one) => ({ ...one, given: one.score, score: one.score - STEP_DOWN * one.step }));
}
