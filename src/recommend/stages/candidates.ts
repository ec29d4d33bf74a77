import type { LiveItem } from '../../indexing/live-index.js';
import { meets } from '../choose-strategy.js';
import { STRATEGIES } from '../index.js';
import type { ReadyRule } from '../rule-book.js';
import type { Candidate, Situation } from '../strategy.js';

/** One candidate, and who proposed it. */
export interface Proposed extends Candidate {
  readonly strategy: string;
  /** How many strategies that had something to say stand before this one: 0 for the one that answers. */
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
  /** All those of step 0 that a rule boosts, as many: they need not wait until the pool has come down to them. */
  readonly boosted: Proposals;
  /** Those that a rule gives a place, as far as a strategy knows them. */
  readonly pinned: readonly Proposed[];
}

const NOBODY: Proposals = { proposed: [], exhausted: true };

/**
 * The first stage: asks the strategy and, where it knows nothing or runs out, its fallbacks, for `count` candidates
 * together. Whoever answers is then asked for as many boosted ones, and, where it goes by similarity, for pinned ones.
 */
export async function candidates(situation: Situation, chosen: string, count: number): Promise<Pool> {
  const { boosts, pins } = situation;
  const main = await propose(situation, chosen, count);
  const { strategy, proposed } = main;
  const concerned = (rules: readonly ReadyRule[]) => (item: LiveItem) => rules.some((rule) => rule.concerns(item));
  const boosted =
    boosts.length === 0 ? NOBODY : await proposeAmong(situation, strategy, { passes: concerned(boosts), count });
  const bySimilarity = proposed[0]?.similarity !== undefined;
  const pinned =
    pins.length > 0 && bySimilarity
      ? (await proposeAmong(situation, strategy, { passes: concerned(pins), count: pins.length })).proposed
      : proposed.filter(({ itemId }) => pins.some((rule) => rule.itemId === itemId));
  return { ...main, boosted, pinned };
}

async function propose(
  situation: Situation,
  chosen: string,
  count: number,
): Promise<Proposals & { readonly strategy: string }> {
  const { fallbacks = [], fillsUp = false } = STRATEGIES[chosen] ?? {};
  const given = meets(situation.request);
  const able = fallbacks.filter((name) => !STRATEGIES[name]?.needs || given[STRATEGIES[name].needs]);
  const floor = situation.request.minSimilarity;
  const fills = fillsUp && floor === undefined;
  const proposed: Proposed[] = [];
  let asked: string | undefined;
  let step = 0;
  for (const strategy of [chosen, ...able]) {
    if (proposed.length >= count || (asked !== undefined && !fills)) break;
    const hidden = without(situation.hidden, proposed);
    const found = await STRATEGIES[strategy]?.candidates({ ...situation, hidden }, count - proposed.length);
    // What has no similarity is not as similar as was asked for.
    if (!found || (floor !== undefined && found.some(({ similarity }) => similarity === undefined))) continue;
    asked ??= strategy;
    for (const candidate of found) {
      proposed.push({ ...candidate, strategy, step, rank: proposed.length + 1 });
    }
    if (found.length > 0) step += 1;
  }
  return { proposed, exhausted: proposed.length < count, strategy: proposed[0]?.strategy ?? asked ?? chosen };
}

/** What is hidden, and what was proposed; copied only where it is another set. */
function without(hidden: ReadonlySet<string>, proposed: readonly Proposed[]): ReadonlySet<string> {
  if (proposed.length === 0) return hidden;
  const all = new Set(hidden);
  for (const { itemId } of proposed) all.add(itemId);
  return all;
}

/** The best by one strategy of those that pass beside what passes anyway. */
async function proposeAmong(
  situation: Situation,
  strategy: string,
  among: { readonly passes: (item: LiveItem) => boolean; readonly count: number },
): Promise<Proposals> {
  const { passes } = situation;
  const narrow: Situation = { ...situation, passes: (item) => among.passes(item) && (!passes || passes(item)) };
  const found = (await STRATEGIES[strategy]?.candidates(narrow, among.count)) ?? [];
  const proposed = found.map((candidate, i) => ({ ...candidate, strategy, step: 0, rank: i + 1 }));
  return { proposed, exhausted: proposed.length < among.count };
}
