/** Standard deviations beyond which chance is no longer believed: 1 in 1,000. */
const UNBELIEVABLE = 3.09;

/**
 * Whether people are split otherwise than by their shares, more than chance would do it in 999 of 1,000 cases: then
 * something loses people of one variant, and its figures can't be trusted. Pearson's chi-square, its tail by the cube root
 * of Wilson and Hilferty (1931).
 */
export function splitFault(groups: readonly { readonly people: number; readonly share: number }[]): boolean {
  const taking = groups.filter(({ share }) => share > 0);
  const total = taking.reduce((sum, { people }) => sum + people, 0);
  const freedom = taking.length - 1;
  if (total === 0 || freedom < 1) return false;
  const square = taking.reduce((sum, { people, share }) => sum + (people - total * share) ** 2 / (total * share), 0);
  const spread = 2 / (9 * freedom);
  return (Math.cbrt(square / freedom) - (1 - spread)) / Math.sqrt(spread) > UNBELIEVABLE;
}
