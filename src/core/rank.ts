/**
 * Where `target` stands among the items that are not skipped, 1 the best. Items with equal scores share the places
 * they take, so a scorer that knows nothing ranks in the middle; hence halves.
 */
export function rankOf(scores: ArrayLike<number>, target: number, skipped: ArrayLike<number>): number {
  const own = scores[target]!;
  let [above, equal] = [0, 0];
  for (let i = 0; i < scores.length; i++) {
    if (skipped[i] || i === target) continue;
    if (scores[i]! > own) above++;
    else if (scores[i] === own) equal++;
  }
  return 1 + above + equal / 2;
}

/** Gain of a single right answer at a rank, discounted: 1 at the top, 0 beyond `k`. Järvelin and Kekäläinen 2002. */
export const gainAt = (rank: number, k: number): number => (rank <= k ? 1 / Math.log2(rank + 1) : 0);
