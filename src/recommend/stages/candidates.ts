import { STRATEGIES } from '../index.js';
import type { Candidate, Situation } from '../strategy.js';

/** One candidate, and who proposed it. */
export interface Proposed extends Candidate {
  readonly strategy: string;
  /** How far down the line of fallbacks its strategy stands from the first that had something to say: 0 for that. */
  readonly step: number;
  /** Its place among those who were proposed with it, from 1. */
  readonly rank: number;
}

/** Candidates, best first, each item once. A longer list begins with the shorter one, since every strategy's does. */
export interface Proposals {
  readonly proposed: readonly Proposed[];
  /** Whether this is all there is. */
  readonly exhausted: boolean;
}

export interface Pool extends Proposals {
  /** Who answered: the first strategy that had something to say. */
  readonly strategy: string;
  /** The best of those that a rule boosts, as many: they need not wait until the pool has come down to them. */
  readonly boosted: Proposals;
  /** Those that a rule gives a place, as far as a strategy knows them. */
  readonly pinned: readonly Proposed[];
}

/**
 * The first stage: asks the strategy and, where it knows nothing or runs out, its fallbacks, for `count` candidates
 * together; for boosted items as many again, and for pinned ones by name.
 */
export async function candidates(situation: Situation, chosen: string, count: number): Promise<Pool> {
  const { boosts, pins, passes } = situation;
  const main = await propose(situation, chosen, count);
  const speaks = main.proposed[0]?.strategy ?? main.asked ?? chosen;
  const among = async (wanted: Situation['passes'] & {}, most: number): Promise<Proposals> => {
    const narrow: Situation = { ...situation, passes: (item) => wanted(item) && (!passes || passes(item)) };
    return propose(narrow, chosen, most, speaks);
  };
  const boosted = boosts.length > 0 && (await among((item) => boosts.some((rule) => rule.concerns(item)), count));
  const pinned = pins.length > 0 && (await among((item) => pins.some((rule) => rule.concerns(item)), pins.length));
  return {
    proposed: main.proposed,
    exhausted: main.exhausted,
    strategy: speaks,
    boosted: boosted || { proposed: [], exhausted: true },
    pinned: pinned ? pinned.proposed : [],
  };
}

/** `speaks` is the strategy of step 0, where that is known already. */
async function propose(
  situation: Situation,
  chosen: string,
  count: number,
  speaks?: string,
): Promise<Proposals & { readonly asked: string | undefined }> {
  const { fallbacks = [], fillsUp = false } = STRATEGIES[chosen] ?? {};
  const fills = fillsUp && situation.request.minSimilarity === undefined;
  const chain = [chosen, ...fallbacks];
  const hidden = new Set(situation.hidden);
  const proposed: Proposed[] = [];
  let asked: string | undefined;
  let first = speaks === undefined ? -1 : chain.indexOf(speaks);
  for (const [place, strategy] of chain.entries()) {
    if (proposed.length >= count || (asked !== undefined && !fills)) break;
    const found = await STRATEGIES[strategy]?.candidates({ ...situation, hidden }, count - proposed.length);
    if (!found) continue;
    asked ??= strategy;
    if (first < 0 && found.length > 0) first = place;
    for (const candidate of found) {
      hidden.add(candidate.itemId);
      proposed.push({ ...candidate, strategy, step: place - first, rank: proposed.length + 1 });
    }
  }
  return { proposed, exhausted: proposed.length < count, asked };
}
