/** What one side proposes, best first, and how much it counts beside the others: above 0. */
export interface Turns<One> {
  readonly weight: number;
  readonly ranked: readonly One[];
}

/** One that was taken, and whose turn it was: the place of its side in the list of sides. */
export interface Taken<One> {
  readonly one: One;
  readonly side: number;
}

/**
 * Joins lists so that each side has its share of every beginning: the next place goes to the side with the largest
 * weight / (2 × places it has + 1), as seats go to parties (Sainte-Laguë 1910; ties to the earlier side), and is filled
 * with its best that nobody has brought yet. A longer answer begins with the shorter one. A side that ran out is passed
 * over.
 */
export function takeTurns<One>(
  sides: readonly Turns<One>[],
  { keyOf, count }: { readonly keyOf: (one: One) => string; readonly count: number },
): Taken<One>[] {
  const taken: Taken<One>[] = [];
  const brought = new Set<string>();
  const state = sides.map(({ weight, ranked }, side) => ({ side, weight, ranked, next: 0, places: 0 }));
  while (taken.length < count) {
    let turn: (typeof state)[number] | undefined;
    for (const each of state) {
      while (each.next < each.ranked.length && brought.has(keyOf(each.ranked[each.next]!))) each.next++;
      if (each.next === each.ranked.length) continue;
      if (!turn || each.weight * (2 * turn.places + 1) > turn.weight * (2 * each.places + 1)) turn = each;
    }
    if (!turn) break;
    const one = turn.ranked[turn.next++]!;
    turn.places++;
    brought.add(keyOf(one));
    taken.push({ one, side: turn.side });
  }
  return taken;
}
