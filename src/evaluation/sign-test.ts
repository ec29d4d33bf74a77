/**
 * How often chance alone parts pairs as unevenly as this, or more so: the exact two-sided sign test, which for answers
 * that are right or wrong is McNemar's. Pairs that are equal say nothing and are left out.
 * McNemar 1947, "Note on the sampling error of the difference between correlated proportions".
 * @param differences one for each pair; only its sign counts
 * @returns from 0 to 1, and 1 where all pairs are equal
 */
export function signTest(differences: ArrayLike<number>): number {
  let [above, below] = [0, 0];
  for (let i = 0; i < differences.length; i++) {
    if (differences[i]! > 0) above++;
    else if (differences[i]! < 0) below++;
  }
  const count = above + below;
  let log = -count * Math.LN2; // of C(count, k) / 2^count
  let tail = 0;
  for (let k = 0; k <= Math.min(above, below); k++) {
    tail += Math.exp(log);
    log += Math.log((count - k) / (k + 1));
  }
  return Math.min(1, 2 * tail);
}
