import type { Evidence } from '../catalogue/catalogue.js';

/** Cells into which rates from 0 to 1 are cut. */
const CELLS = 512;

/**
 * For each item the probability that its rate of being chosen, drawn from what is known of it, is the highest of all:
 * Thompson sampling with Beta(1 + chosen, 1 + shown − chosen). They add up to 1.
 * Thompson 1933, "On the likelihood that one unknown probability exceeds another"; Chapelle & Li 2011, algorithm 2.
 *
 * Whoever draws by such rates never learns how likely the outcome was. So the probabilities are worked out, by the
 * midpoint rule: P(i wins) = ∫ f_i(x) · product over j ≠ i of F_j(x) dx, and the draw is made from them.
 */
export function winChances(known: readonly Evidence[]): number[] {
  const curves = new Map<string, { density: Float64Array; logBelow: Float64Array }>();
  const own = known.map(({ shown, chosen }) => {
    const [wins, losses] = [Math.min(chosen, shown), Math.max(0, shown - chosen)];
    const key = `${wins} ${losses}`;
    const curve = curves.get(key) ?? curveOf(wins, losses);
    curves.set(key, curve);
    return curve;
  });
  const all = new Float64Array(CELLS);
  for (const { logBelow } of own) for (let cell = 0; cell < CELLS; cell++) all[cell]! += logBelow[cell]!;
  const chanceOf = new Map(
    [...curves.values()].map((curve) => {
      const { density, logBelow } = curve;
      return [curve, density.reduce((sum, here, cell) => sum + here * Math.exp(all[cell]! - logBelow[cell]!), 0)];
    }),
  );
  const chances = own.map((curve) => chanceOf.get(curve) as number);
  const total = chances.reduce((sum, chance) => sum + chance, 0);
  return chances.map((chance) => chance / total);
}

/** Beta(1 + wins, 1 + losses) cell by cell: its mass, and the logarithm of the mass below the middle of the cell. */
function curveOf(wins: number, losses: number): { density: Float64Array; logBelow: Float64Array } {
  const logs = Float64Array.from({ length: CELLS }, (_, cell) => {
    const rate = (cell + 0.5) / CELLS;
    return wins * Math.log(rate) + losses * Math.log1p(-rate);
  });
  const peak = logs.reduce((most, log) => Math.max(most, log)); // taken off so that exp cannot underflow everywhere
  const density = logs.map((log) => Math.exp(log - peak));
  const total = density.reduce((sum, mass) => sum + mass, 0);
  let below = 0;
  const logBelow = density.map((mass) => {
    const middle = below + mass / 2;
    below += mass;
    return Math.log(middle / total);
  });
  return { density: density.map((mass) => mass / total), logBelow };
}
