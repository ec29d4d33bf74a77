import { Random } from '../core/random.js';
import { type Interval, interval } from './interval.js';
import type { Outcomes } from './judge-labelled.js';
import { signTest } from './sign-test.js';

export type Measure = keyof Outcomes;
export const MEASURES: readonly Measure[] = ['recallAt1', 'knn', 'linear'];

/** How much more often the first of two is right in one measure, from −1 to 1. */
export interface Difference extends Interval {
  /** How often chance alone gives as much, or more, either way. */
  readonly chance: number;
  /** Whether that is rare enough, given how many differences were looked at. */
  readonly certain: boolean;
}

/** Two models on the same pictures. */
export interface Pair {
  /** By their places. */
  readonly models: readonly [number, number];
  /** The one that is certainly better in some measure, and in none certainly worse. */
  readonly better: number | undefined;
  readonly differences: Readonly<Record<Measure, Difference>>;
}

/** How often any difference at all may be called certain where there is none. */
const ERROR_RATE = 0.05;

/**
 * Every two models, in every measure. What is drawn again is the difference at each picture (the paired bootstrap: Efron
 * and Tibshirani 1993, "An Introduction to the Bootstrap", 8.3), so what is hard for all cancels out. Certain is what
 * a sign test finds at 5% over the number of differences (Bonferroni): at few pictures a bootstrap is too sure of itself.
 * @param outcomes of the same pictures in the same order, one a model
 */
export function compareOutcomes(outcomes: readonly Outcomes[], seed: number): readonly Pair[] {
  const pairs = outcomes.flatMap((_, i) => outcomes.slice(i + 1).map((__, j) => [i, i + 1 + j] as const));
  const level = ERROR_RATE / (pairs.length * MEASURES.length);
  return pairs.map(([one, other]) => {
    const differenceIn = (measure: Measure): Difference => {
      const [first, second] = [outcomes[one]![measure], outcomes[other]![measure]];
      const each = first.map((value, at) => value - second[at]!);
      const chance = signTest(each);
      return { ...interval(each, new Random(seed).fork(measure)), chance, certain: chance < level };
    };
    const differences = {
      recallAt1: differenceIn('recallAt1'),
      knn: differenceIn('knn'),
      linear: differenceIn('linear'),
    };
    const certain = Object.values(differences).filter((each) => each.certain);
    const wins = certain.filter(({ mean }) => mean > 0).length;
    const better = certain.length === 0 ? undefined : wins === certain.length ? one : wins === 0 ? other : undefined;
    return { models: [one, other], better, differences };
  });
}
