/**
 * Added to every item's likeness to itself, and taken from that to others: what keeps likenesses that are not quite those of
 * vectors (more items than dimensions, attributes among cosines) positive definite, and logarithms finite.
 */
const RIDGE = 0.01;

/**
 * The share of each candidate that those above do not explain: det(S with it) / det(S), S being the likenesses of those
 * above. From 1 (like none of them) down to the ridge of 0.01. One factorisation, then a triangular solve a candidate.
 * Chen et al. 2018, "Fast Greedy MAP Inference for Determinantal Point Process", algorithm 1. arXiv:1709.05135
 *
 * @param above for each of those above, likenesses to those before it: rows of 0, 1, 2, … numbers
 * @param candidates for each candidate, likenesses to all of those above, in their order
 */
export function unexplained(
  above: readonly (readonly number[])[],
  candidates: readonly (readonly number[])[],
): number[] {
  const factor: Float64Array[] = [];
  const diagonal: number[] = [];
  const solve = (likenesses: readonly number[]): { row: Float64Array; rest: number } => {
    const row = new Float64Array(likenesses.length);
    let rest = 1;
    for (let j = 0; j < row.length; j++) {
      let sum = (1 - RIDGE) * likenesses[j]!;
      const earlier = factor[j]!;
      for (let m = 0; m < j; m++) sum -= earlier[m]! * row[m]!;
      row[j] = sum / diagonal[j]!;
      rest -= row[j]! ** 2;
    }
    return { row, rest: Math.max(rest, RIDGE) };
  };
  for (const likenesses of above) {
    const { row, rest } = solve(likenesses);
    factor.push(row);
    diagonal.push(Math.sqrt(rest));
  }
  return candidates.map((likenesses) => solve(likenesses).rest);
}
