import { Random } from '../core/random.js';
import { brokenness } from '../evaluation/brokenness.js';
import { interval } from '../evaluation/interval.js';
import type { ProbeScore } from '../evaluation/probes.js';

/** Whether a candidate may replace what is served, with the reason and the figures behind it. */
export interface Verdict {
  readonly accepted: boolean;
  /** One sentence with its figures. */
  readonly why: string;
  readonly figures: Readonly<Record<string, number>>;
}

/** What the candidate is compared with. */
export interface Rival {
  /** For sentences: `the active model`, `raw pixels`. */
  readonly name: string;
  readonly score: ProbeScore;
}

/** How much lower than its rival a candidate's recall may be, whatever the interval says. */
const MARGIN = 0.01;

/**
 * The candidate against its rival, on the same probe pictures. Rejected where it has collapsed, finds hardly more than
 * chance, or is clearly worse: behind by more than the margin, with a 95% interval of the paired difference below zero.
 * What is neither clearly worse nor broken is accepted, since newer pictures are a reason of their own.
 */
export function verdict(candidate: ProbeScore, rival: Rival | undefined): Verdict {
  const figures: Record<string, number> = { ...figuresOf('candidate', candidate) };
  const broken = brokenness(candidate);
  if (rival === undefined) {
    return broken === undefined
      ? { accepted: true, why: `it finds ${percent(candidate.recall)} of the probe views`, figures }
      : { accepted: false, why: broken, figures };
  }
  Object.assign(figures, figuresOf('rival', rival.score));
  if (broken !== undefined) return { accepted: false, why: broken, figures };
  const difference = pairedDifference(candidate.hits, rival.score.hits);
  Object.assign(figures, {
    difference: difference.mean,
    differenceLow: difference.low,
    differenceHigh: difference.high,
  });
  const compared =
    `it finds ${percent(candidate.recall)} of the probe views, ${rival.name} ${percent(rival.score.recall)} ` +
    `(difference ${points(difference.mean)}, 95% interval ${points(difference.low)} to ${points(difference.high)})`;
  const clearlyWorse = difference.mean < -MARGIN && difference.high < 0;
  return clearlyWorse
    ? { accepted: false, why: `it is clearly worse than ${rival.name}: ${compared}`, figures }
    : { accepted: true, why: compared, figures };
}

function pairedDifference(candidate: Float32Array, rival: Float32Array) {
  if (candidate.length !== rival.length)
    throw new RangeError(`Expected ${candidate.length} probe pictures of the rival, received ${rival.length}.`);
  return interval(
    candidate.map((hit, i) => hit - rival[i]!),
    new Random(1),
  );
}

const figuresOf = (who: 'candidate' | 'rival', score: ProbeScore): Record<string, number> => ({
  [`${who}Recall`]: score.recall,
  [`${who}RecallLow`]: score.low,
  [`${who}RecallHigh`]: score.high,
  [`${who}EffectiveRank`]: score.effectiveRank,
  [`${who}Deviation`]: score.deviation,
});

const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
const points = (share: number): string => `${share >= 0 ? '+' : '−'}${Math.abs(100 * share).toFixed(1)} points`;
