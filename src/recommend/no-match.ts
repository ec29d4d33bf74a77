import { confidence } from '../indexing/calibration.js';
import { candidates } from './stages/candidates.js';
import type { Situation } from './strategy.js';

/** Why an answer is empty. A code is a promise, as those of errors are. */
export const NO_MATCH_CODES = ['NO_GOOD_MATCH', 'NOTHING_KNOWN', 'NOTHING_LEFT'] as const;

/** Candidates among which the closest is looked for: of several tastes, the heaviest need not be that of the closest. */
const LOOKED_AT = 64;

export interface NoMatch {
  /**
   * `NO_GOOD_MATCH`: there are items, none as close as was asked for. `NOTHING_KNOWN`: only close ones were asked for,
   * and nothing is known that they could be close to. `NOTHING_LEFT`: no item may be shown at all.
   */
  readonly code: (typeof NO_MATCH_CODES)[number];
  readonly detail: string;
}

/** Tells an empty answer's reason: asks again for candidates, however far they are. */
export async function whyNoMatch(situation: Situation, chosen: string): Promise<NoMatch> {
  const { minSimilarity: floor, ...open } = situation.request;
  if (floor !== undefined) {
    const { proposed } = await candidates({ ...situation, request: open, pins: [], boosts: [] }, chosen, LOOKED_AT);
    const similarityOf = (one: (typeof proposed)[number]) => one.similarity ?? Number.NEGATIVE_INFINITY;
    const closest = [...proposed].sort((a, b) => similarityOf(b) - similarityOf(a))[0];
    if (closest?.similarity !== undefined) {
      const { calibration } = situation.index;
      const sure = calibration ? ` and a confidence of ${confidence(calibration, closest.similarity).toFixed(4)}` : '';
      const detail = `No good match: the closest item has a similarity of ${closest.similarity.toFixed(4)}${sure}, less than was asked for.`;
      return { code: 'NO_GOOD_MATCH', detail };
    }
    if (closest) return { code: 'NOTHING_KNOWN', detail: 'Nothing is known yet that an item could be close to.' };
  }
  return {
    code: 'NOTHING_LEFT',
    detail:
      'No item may be shown: the collection is empty, or the filter, rules, exclusions and what was seen hide all.',
  };
}
