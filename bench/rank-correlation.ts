/**
 * Spearman's rank correlation: Pearson's of the ranks, equal values sharing the mean of theirs. From −1 (the opposite order)
 * to 1 (the same order); NaN where either side is all equal or there are fewer than two values.
 * @throws RangeError where they are not as many
 */
export function rankCorrelation(one: readonly number[], other: readonly number[]): number {
  if (one.length !== other.length) throw new RangeError(`Expected ${one.length} values, received ${other.length}.`);
  const [a, b] = [ranks(one), ranks(other)];
  const middle = (one.length + 1) / 2;
  const sum = (x: readonly number[], y: readonly number[]) =>
    x.reduce((total, rank, i) => total + (rank - middle) * (y[i]! - middle), 0);
  return sum(a, b) / Math.sqrt(sum(a, a) * sum(b, b));
}

/** From 1; quadratic, for the tens of checkpoints that a run has. */
const ranks = (values: readonly number[]): number[] =>
  values.map((value) => {
    const below = values.filter((each) => each < value).length;
    const equal = values.filter((each) => each === value).length;
    return below + (equal + 1) / 2;
  });
