import type { ReadyRule } from '../rule-book.js';
import type { Situation } from '../strategy.js';
import type { Pool } from './candidates.js';
import { type Scored, score } from './score.js';

/** A candidate and the rules that concerned it. */
export interface Ruled extends Scored {
  readonly applied: readonly ReadyRule[];
}

export interface Line {
  /** In the order in which candidates come into view: best first, as far as single rules go. */
  readonly line: readonly Ruled[];
  /** Items with a place of their own, from 1. */
  readonly pins: ReadonlyMap<number, Ruled>;
  /** Whether the line is all there is. */
  readonly exhausted: boolean;
}

/**
 * The third stage: what may be shown, and what an administrator wants of it. Strategies leave out what must not be
 * shown, so as not to run short; here it is made certain. Boosts and buries that concern an item add up.
 */
export function rules(situation: Situation, pool: Pool): Line {
  const { boosts, pins } = situation;
  const places = pinned(situation, score(pool.pinned));
  if (boosts.length + situation.buries.length + pins.length === 0) {
    const line = score(pool.proposed).filter(shown(situation));
    return { line: line.map((hit) => ({ ...hit, applied: [] })), pins: places, exhausted: pool.exhausted };
  }
  const placed = new Set([...places.values()].map(({ itemId }) => itemId));
  const ready = (proposed: Pool['proposed']) =>
    score(proposed)
      .filter((hit) => shown(situation)(hit) && !placed.has(hit.itemId))
      .map((hit) => adjusted(situation, hit));
  // Of the strategy that answers they come by themselves; fallbacks were not asked for theirs.
  const comesBoosted = (hit: Ruled) => hit.step === 0 && hit.applied.some(({ action }) => action === 'boost');
  return {
    ...merged(
      { line: ready(pool.proposed).filter((hit) => !comesBoosted(hit)), exhausted: pool.exhausted },
      { line: ready(pool.boosted.proposed), exhausted: pool.boosted.exhausted },
    ),
    pins: places,
  };
}

function shown({ index, hidden, passes }: Situation): (hit: { readonly itemId: string }) => boolean {
  return ({ itemId }) => {
    const item = index.item(itemId);
    return item !== undefined && !hidden.has(itemId) && (!passes || passes(item));
  };
}

function adjusted({ index, boosts, buries }: Situation, hit: Scored): Ruled {
  const item = index.item(hit.itemId);
  const applied = item ? [...boosts, ...buries].filter((rule) => rule.concerns(item)) : [];
  const by = applied.reduce((sum, rule) => sum + (rule.action === 'boost' ? 1 : -1) * (rule.by ?? 0), 0);
  return { ...hit, score: hit.score + by, applied };
}

/** Two lists as one by their heads' scores, up to where one of them ends although it could go on. */
function merged(main: Omit<Line, 'pins'>, boosted: Omit<Line, 'pins'>): Omit<Line, 'pins'> {
  const line: Ruled[] = [];
  for (let i = 0, j = 0; ; ) {
    const [left, right] = [main.line[i], boosted.line[j]];
    if ((!left && !main.exhausted) || (!right && !boosted.exhausted)) return { line, exhausted: false };
    if (!left && !right) return { line, exhausted: true };
    if (!right || (left && left.score >= right.score)) {
      line.push(left!);
      i += 1;
    } else {
      line.push(right);
      j += 1;
    }
  }
}

/** Pins by place. Of two for one place the first by id has it and the other the next; an item has its first place. */
function pinned(situation: Situation, known: readonly Scored[]): Map<number, Ruled> {
  const { pins, index, request } = situation;
  const places = new Map<number, Ruled>();
  const done = new Set<string>();
  for (const rule of [...pins].sort((a, b) => (a.position ?? 1) - (b.position ?? 1))) {
    const itemId = rule.itemId ?? '';
    const candidate = known.find((each) => each.itemId === itemId);
    // What no strategy knows of has no similarity, so it can't be as similar as was asked for.
    const fits = candidate !== undefined || request.minSimilarity === undefined;
    if (done.has(itemId) || !fits || !index.item(itemId) || !shown(situation)({ itemId })) continue;
    let place = rule.position ?? 1;
    while (places.has(place)) place += 1;
    places.set(place, { ...(candidate ?? unknownCandidate(itemId)), applied: [rule] });
    done.add(itemId);
  }
  return places;
}

const unknownCandidate = (itemId: string): Scored => ({
  itemId,
  strategy: 'rules',
  step: 0,
  rank: 0,
  score: 0,
  given: 0,
  because: async () => ({}),
});
