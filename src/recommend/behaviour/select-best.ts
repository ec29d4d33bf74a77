/** Buckets between the least and the greatest score. */
const BUCKETS = 4_096;

/**
 * The numbers of the `count` greatest scores, greatest first, ties as `tie` orders them; a few passes over the scores
 * and one sort of little more than `count` of them, however many there are.
 */
export function selectBest(
  scores: Float32Array,
  count: number,
  tie: (a: number, b: number) => number,
): readonly number[] {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    if (score < least) least = score;
    if (score > greatest) greatest = score;
  }
  const scale = greatest > least ? (BUCKETS - 1) / (greatest - least) : 0;
  const bucketOf = (score: number): number => Math.floor((score - least) * scale);
  const sizes = new Uint32Array(BUCKETS);
  for (let i = 0; i < scores.length; i++) sizes[bucketOf(scores[i]!)]!++;
  let lowest = BUCKETS - 1;
  for (let taken = sizes[lowest]!; taken < count && lowest > 0; taken += sizes[lowest]!) lowest--;
  const chosen: number[] = [];
  for (let i = 0; i < scores.length; i++) if (bucketOf(scores[i]!) >= lowest) chosen.push(i);
  return chosen.sort((a, b) => scores[b]! - scores[a]! || tie(a, b)).slice(0, count);
}
