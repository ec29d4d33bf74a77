import type { Random } from '../../core/random.js';
import type { Between } from './compare-rates.js';

/** One impression of a log, as another way of recommending would weigh it. */
export interface Weighed {
  /** Whose it was: impressions of one person are drawn together. */
  readonly who: string;
  /** How likely the other way would have shown it in that place, over how likely it was to be shown. */
  readonly weight: number;
  readonly success: boolean;
}

/** What another way is worth, in successes an impression, each with a 95% interval over people. */
export interface OffPolicyEstimate {
  readonly impressions: number;
  readonly people: number;
  /** What was shown, as it was. */
  readonly shown: Between;
  /** Inverse propensity scoring: without bias where `coverage` is 1. */
  readonly ips: Between;
  /** The same with weights cut off: a little too low, and steadier. */
  readonly clipped: Between;
  /** Self-normalised: over the weights' sum. A bias that goes away with more impressions, and steadier. */
  readonly snips: Between;
  /** The mean weight. What is missing to 1 the other way would show where this log never can. */
  readonly coverage: number;
  /** Impressions of the other way's own that would say as much. */
  readonly effective: number;
  readonly warnings: readonly string[];
}

/** Effective impressions below which an estimate is no more than a hint. */
const FEW_EFFECTIVE = 200;
/** Part of what the other way shows that may be missing. */
const MOST_MISSING = 0.1;
const FEW_PEOPLE = 30;
const ROUNDS = 1_000;

type Sums = readonly [impressions: number, successes: number, weights: number, won: number, clippedWon: number];
const NONE: Sums = [0, 0, 0, 0, 0];
const add = (a: Sums, b: Sums): Sums => a.map((x, i) => x + b[i]!) as unknown as Sums;

const ESTIMATES: Readonly<Record<'shown' | 'ips' | 'clipped' | 'snips', (sums: Sums) => number>> = {
  shown: ([impressions, successes]) => successes / impressions,
  ips: ([impressions, , , won]) => won / impressions,
  clipped: ([impressions, , , , clippedWon]) => clippedWon / impressions,
  snips: ([, , weights, won]) => (weights > 0 ? won / weights : 0),
};

/**
 * What another way of recommending would have been worth, from impressions whose probabilities are known. With w the
 * weight and r whether it was a success, over n impressions: IPS = Σ w r / n (Horvitz & Thompson 1952), clipped with
 * min(w, clip), SNIPS = Σ w r / Σ w (Swaminathan & Joachims 2015, arXiv:1503.02834); effective impressions (Σ w)² / Σ w²
 * (Kish 1965). It is taken for granted that a success depends on the item and its place, not on what stands beside it
 * (Li et al. 2018, "Offline Evaluation of Ranking Policies with Click Models": the item-position model). Intervals are
 * percentiles over people drawn again with replacement. Throws a RangeError where nothing was logged.
 */
export function offPolicy(
  log: readonly Weighed[],
  { clip, random }: { readonly clip: number; readonly random: Random },
): OffPolicyEstimate {
  if (log.length === 0) throw new RangeError('Expected one or more impressions.');
  const byPerson = new Map<string, Sums>();
  for (const { who, weight, success } of log) {
    const won = success ? 1 : 0;
    const sums: Sums = [1, won, weight, weight * won, Math.min(weight, clip) * won];
    byPerson.set(who, add(byPerson.get(who) ?? NONE, sums));
  }
  const people = [...byPerson.values()];
  const total = people.reduce(add, NONE);
  const drawn = Array.from({ length: ROUNDS }, () => resampled(people, random));
  const between = (estimate: (sums: Sums) => number): Between => {
    const sorted = drawn.map(estimate).sort((a, b) => a - b);
    const [low, high] = [sorted[Math.floor(ROUNDS * 0.025)]!, sorted[Math.ceil(ROUNDS * 0.975) - 1]!];
    return { value: estimate(total), low, high };
  };
  const squares = log.reduce((sum, { weight }) => sum + weight ** 2, 0);
  const found = {
    impressions: log.length,
    people: people.length,
    coverage: total[2] / log.length,
    effective: squares > 0 ? total[2] ** 2 / squares : 0,
  };
  return {
    ...found,
    shown: between(ESTIMATES.shown),
    ips: between(ESTIMATES.ips),
    clipped: between(ESTIMATES.clipped),
    snips: between(ESTIMATES.snips),
    warnings: warningsOf(found),
  };
}

function resampled(people: readonly Sums[], random: Random): Sums {
  const sums = [0, 0, 0, 0, 0];
  for (let i = 0; i < people.length; i++) {
    const person = people[random.int(people.length)]!;
    for (let j = 0; j < sums.length; j++) sums[j]! += person[j]!;
  }
  return sums as unknown as Sums;
}

function warningsOf({
  people,
  coverage,
  effective,
}: Pick<OffPolicyEstimate, 'people' | 'coverage' | 'effective'>): string[] {
  const missing = 1 - coverage;
  return [
    ...(effective < FEW_EFFECTIVE
      ? [
          `This rests on no more than ${Math.floor(effective)} impressions' worth (less than ${FEW_EFFECTIVE}): take it for a hint, and log more or explore more.`,
        ]
      : []),
    ...(missing > MOST_MISSING
      ? [
          `About ${Math.round(100 * missing)}% of what the other way would show was never shown in its place, and nothing is known of it: the estimate speaks of the rest. An experiment can tell.`,
        ]
      : []),
    ...(people < FEW_PEOPLE ? [`Only ${people} people: intervals of less than ${FEW_PEOPLE} are too narrow.`] : []),
  ];
}
