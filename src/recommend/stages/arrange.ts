import type { Attributes } from '../../catalogue/catalogue.js';
import { type Limit, openQuota } from './quota.js';
import type { Scored } from './score.js';

/** A hit in its place. */
export interface Placed extends Scored {
  /** The group it is the best of, where hits are grouped. */
  readonly group?: string;
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
}

export interface Arrangement {
  readonly shown: readonly Placed[];
  /** Whether candidates beyond the line might have had a say: it must be asked for again, longer. */
  readonly short: boolean;
}

/**
 * The last stage: what is shown, in order. Each place goes to the next candidate that may still be shown, so what
 * stands in a place depends on the candidates up to there, never on how long the line is: page 2 goes on where page 1
 * ended.
 */
export function arrange(line: readonly Scored[], arranging: Arranging): Arrangement {
  const { wanted, exhausted, attributesOf, group, caps } = arranging;
  const quota = openQuota(group ? [group, ...caps] : caps);
  const shown: Placed[] = [];
  for (const hit of line) {
    if (shown.length === wanted) break;
    const counted = quota.of(attributesOf(hit.itemId));
    if (quota.full(counted)) continue;
    quota.take(counted);
    const [of] = group ? (counted[0] ?? []) : [];
    shown.push(of === undefined ? hit : { ...hit, group: of });
  }
  return { shown, short: shown.length < wanted && !exhausted };
}
