import type { Attributes } from '../../catalogue/catalogue.js';
import type { Random } from '../../core/random.js';
import type { AreCopies } from '../copies.js';
import type { Explore } from '../planner.js';
import type { Placed } from './arrange.js';
import { type Limit, openQuota } from './quota.js';

/** A hit with what chance had to do with it. */
export interface Drawn extends Placed {
  /** The probability that it stands where it does; not known below the places that are explored. */
  readonly propensity?: number;
  readonly explored?: true;
}

/** An item that may be tried out, and the probability that a draw is it; all of a pool add up to 1. */
export interface Tried {
  readonly hit: Placed;
  readonly chance: number;
}

export interface Exploring {
  readonly explore: Explore;
  /** None of them is among the first `places` hits. */
  readonly pool: readonly Tried[];
  /** Places that a rule has given away, from 1: they are not explored. */
  readonly pinned: ReadonlySet<number>;
  readonly random: Random;
  /** What holds below the places that are explored, given what is tried out above. */
  readonly limits: readonly Limit[];
  readonly attributesOf: (itemId: string) => Attributes;
  readonly copies: AreCopies;
}

export interface Exploration {
  readonly shown: readonly Drawn[];
  readonly chanceOf: (itemId: string, place: number) => number | undefined;
}

/**
 * Gives some places below the first to items that are tried out. Each place holds a lottery of its own: with probability
 * s (the share) it draws an item e with probability q(e), and shows it unless it stands above already; else the place
 * keeps its hit. Draws of different places know nothing of each other, so the probabilities are exact:
 *
 *   P(e at place j) = s q(e) (1 − s q(e)) ^ (lotteries above j)
 *   P(the hit of place j at place j) = 1 − sum over e of P(e at place j)
 *
 * Hits that lost their place follow below the places that are explored, in their order, and then all others but those
 * that were tried out; of these places no probability is told.
 */
export function explore(arranged: readonly Placed[], exploring: Exploring): Exploration {
  const { explore: wish, pool, pinned, random } = exploring;
  const head = arranged.slice(0, wish.places);
  const lotteries = wish.share === 0 || pool.length === 0 ? [] : head.map((_, i) => i > 0 && !pinned.has(i + 1));
  const chances = new Map(pool.map(({ hit, chance }) => [hit.itemId, wish.share * chance]));
  const tryAt = (place: number, chance: number): number =>
    lotteries[place - 1] ? chance * (1 - chance) ** lotteriesAbove(lotteries, place) : 0;
  const kept = head.map((_, i) => [...chances.values()].reduce((rest, chance) => rest - tryAt(i + 1, chance), 1));
  const chanceOf: Exploration['chanceOf'] = (itemId, place) => {
    if (place > head.length) return place > wish.places ? undefined : 0;
    const chance = chances.get(itemId);
    if (chance !== undefined) return tryAt(place, chance);
    return head[place - 1]?.itemId === itemId ? kept[place - 1] : 0;
  };

  const shown: Drawn[] = [];
  const tried = new Set<string>();
  const moved: Placed[] = [];
  for (const [i, hit] of head.entries()) {
    // Both numbers are drawn at every place, so that one lottery never shifts the next.
    const [ticket, lot] = [random.next(), random.next()];
    const drawn = lotteries[i] && ticket < wish.share ? drawFrom(pool, lot) : undefined;
    if (drawn === undefined || tried.has(drawn.itemId)) {
      shown.push({ ...hit, propensity: kept[i]! });
      continue;
    }
    tried.add(drawn.itemId);
    moved.push(hit);
    shown.push({ ...drawn, propensity: tryAt(i + 1, chances.get(drawn.itemId)!), explored: true });
  }
  const below = [...moved, ...arranged.slice(wish.places)];
  return { shown: [...shown, ...(tried.size === 0 ? below : stillFitting(below, shown, exploring))], chanceOf };
}

/** Without what was tried out above, its copies, and what limits leave no room for beside it. */
function stillFitting(
  below: readonly Placed[],
  above: readonly Drawn[],
  { limits, attributesOf, copies }: Exploring,
): readonly Placed[] {
  const tried = above.filter(({ explored }) => explored);
  const quota = openQuota(limits);
  for (const { itemId } of above) quota.take(quota.of(attributesOf(itemId)));
  return below.filter(({ itemId }) => {
    const counted = quota.of(attributesOf(itemId));
    if (tried.some((one) => one.itemId === itemId || copies(one.itemId, itemId)) || quota.full(counted)) return false;
    quota.take(counted);
    return true;
  });
}

const lotteriesAbove = (lotteries: readonly boolean[], place: number): number =>
  lotteries.slice(0, place - 1).filter(Boolean).length;

function drawFrom(pool: readonly Tried[], lot: number): Placed | undefined {
  let sum = 0;
  for (const { hit, chance } of pool) {
    sum += chance;
    if (lot < sum) return hit;
  }
  return pool.at(-1)?.hit;
}
