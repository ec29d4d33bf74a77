import { STRATEGIES } from '../index.js';
import type { Candidate, Situation } from '../strategy.js';

/** One candidate, and who proposed it. */
export interface Proposed extends Candidate {
  readonly strategy: string;
  /** How many strategies that had something to say stand before this one: 0 for the first. */
  readonly step: number;
  /** Its place in the pool, from 1. */
  readonly rank: number;
}

export interface Pool {
  /** Best first, each item once. */
  readonly proposed: readonly Proposed[];
  /** Whether this is all there is: a larger pool would hold no more. */
  readonly exhausted: boolean;
  /** Who answered: the first strategy that had something to say. */
  readonly strategy: string;
}

/**
 * The first stage: asks the strategy and, where it knows nothing or runs out, its fallbacks, for `count` candidates
 * together. A pool of more candidates begins with the pool of fewer, since every strategy's answers do.
 */
export async function candidates(situation: Situation, chosen: string, count: number): Promise<Pool> {
  const { fallbacks = [], fillsUp = false } = STRATEGIES[chosen] ?? {};
  const fills = fillsUp && situation.request.minSimilarity === undefined;
  const hidden = new Set(situation.hidden);
  const proposed: Proposed[] = [];
  let asked: string | undefined;
  let step = 0;
  for (const strategy of [chosen, ...fallbacks]) {
    if (proposed.length >= count || (asked !== undefined && !fills)) break;
    const found = await STRATEGIES[strategy]?.candidates({ ...situation, hidden }, count - proposed.length);
    if (!found) continue;
    asked ??= strategy;
    for (const candidate of found) {
      hidden.add(candidate.itemId);
      proposed.push({ ...candidate, strategy, step, rank: proposed.length + 1 });
    }
    if (found.length > 0) step += 1;
  }
  return { proposed, exhausted: proposed.length < count, strategy: proposed[0]?.strategy ?? asked ?? chosen };
}
