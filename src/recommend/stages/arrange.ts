import type { Attributes } from '../../catalogue/catalogue.js';
import type { Likeness } from '../likeness.js';
import { type Counted, type Limit, openQuota } from './quota.js';
import type { Ruled } from './rules.js';

/** A hit in its place. */
export interface Placed extends Ruled {
  /** The group it is the best of, where hits are grouped. */
  readonly group?: string;
  /** What it resembles most of the hits above it, where the list is to be diverse. */
  readonly nearest?: Nearest;
}
interface Nearest {
  readonly itemId: string;
  readonly likeness: number;
}

export interface Arranging {
  /** How many hits are wanted, those of earlier pages included. */
  readonly wanted: number;
  /** Whether the line is all there is. */
  readonly exhausted: boolean;
  readonly attributesOf: (itemId: string) => Attributes;
  /** One hit a group, its best; items in none stand for themselves. */
  readonly group?: Limit;
  readonly caps: readonly Limit[];
  /** Items with a place of their own, from 1; none of them is in the line. */
  readonly pins: ReadonlyMap<number, Ruled>;
  /** How many candidates are compared for each place; 1 shows them in the order of the line. */
  readonly lookahead: number;
  /** From 0 to 1: how much likeness to the hits above counts against a score. */
  readonly diversity: number;
  /** Asked for only where `diversity` is above 0. */
  readonly likeness: Likeness;
}

export interface Arrangement {
  readonly shown: readonly Placed[];
  /** Whether candidates beyond the line might have had a say: it must be asked for again, longer. */
  readonly short: boolean;
}

/** Hits that a candidate is compared with when it comes into view: about as far up as anybody remembers. */
const LOOK_BACK = 50;

/** A candidate in view. */
interface Waiting {
  readonly hit: Ruled;
  readonly counted: Counted;
  readonly group: string | undefined;
  nearest?: Nearest;
}

/**
 * The last stage: what is shown, in order. Each place goes to the best of the next `lookahead` candidates that may
 * still be shown. So what stands in a place depends on the candidates up to there and `lookahead` more, never on how
 * long the line is, and page 2 goes on where page 1 ended.
 *
 * Best is the greatest marginal relevance: (1 − d) × score − d × the likeness to the most alike hit above, where d is
 * the diversity. Carbonell & Goldstein 1998, "The Use of MMR, Diversity-Based Reranking", with λ = 1 − d.
 */
export function arrange(line: readonly Ruled[], arranging: Arranging): Arrangement {
  const { wanted, exhausted, attributesOf, group, caps, pins, lookahead, diversity, likeness } = arranging;
  const quota = openQuota(group ? [group, ...caps] : caps);
  const shown: Placed[] = [];
  let waiting: Waiting[] = [];
  const compare = (one: Waiting, itemId: string): void => {
    const alike = likeness(one.hit.itemId, itemId);
    if (!one.nearest || alike > one.nearest.likeness) one.nearest = { itemId, likeness: alike };
  };

  const put = (one: Waiting): void => {
    shown.push(placed(one));
    waiting = waiting.filter((each) => each !== one && !quota.full(each.counted));
    if (diversity > 0) for (const each of waiting) compare(each, one.hit.itemId);
  };
  const wait = (hit: Ruled): Waiting => {
    const counted = quota.of(attributesOf(hit.itemId));
    return { hit, counted, group: group ? counted[0]?.[0] : undefined };
  };
  // Pins count from the first place on, so that no other of their group stands above them.
  const pinned = new Map([...pins].sort(([a], [b]) => a - b).map(([place, hit]) => [place, wait(hit)]));
  for (const { counted } of pinned.values()) quota.take(counted);

  for (let next = 0; shown.length < wanted; ) {
    const pin = pinned.get(shown.length + 1);
    if (pin) {
      pinned.delete(shown.length + 1);
      put(pin);
      continue;
    }
    for (; waiting.length < lookahead && next < line.length; next++) {
      const one = wait(line[next]!);
      if (quota.full(one.counted)) continue;
      if (diversity > 0) for (const { itemId } of shown.slice(-LOOK_BACK)) compare(one, itemId);
      queue(waiting, one);
    }
    if (waiting.length < lookahead && !exhausted) return { shown, short: true };
    const best = greatest(waiting, diversity);
    if (!best) {
      // Pins that wanted a place further down close the list.
      for (const last of pinned.values()) if (shown.length < wanted) put(last);
      break;
    }
    quota.take(best.counted);
    put(best);
  }
  return { shown, short: false };
}

/** Lets a candidate wait; of two of one group only the better does. */
function queue(waiting: Waiting[], one: Waiting): void {
  const rival = one.group === undefined ? -1 : waiting.findIndex(({ group }) => group === one.group);
  if (rival < 0) waiting.push(one);
  else if (one.hit.score > waiting[rival]!.hit.score) waiting[rival] = one;
}

/** The candidate of greatest marginal relevance; the first of equal ones. */
function greatest(waiting: readonly Waiting[], diversity: number): Waiting | undefined {
  const worth = ({ hit, nearest }: Waiting) => (1 - diversity) * hit.score - diversity * (nearest?.likeness ?? 0);
  let best = waiting[0];
  for (const one of waiting) if (best && worth(one) > worth(best)) best = one;
  return best;
}

function placed({ hit, group, nearest }: Waiting): Placed {
  return { ...hit, ...(group === undefined ? {} : { group }), ...(nearest ? { nearest } : {}) };
}
