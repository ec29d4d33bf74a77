import { z } from 'zod';
import type { CurvePoint } from '../registry/registry.js';

/** What the guard remembers between looks: a part of the checkpoint, so that a run that goes on is judged alike. */
export const GuardState = z.object({
  /** Share of the scheduled learning rate. */
  rateShare: z.number(),
  /** How often the run went back. */
  restores: z.number(),
  /** Looks in a row that were not sound. */
  troubled: z.number(),
});
export type GuardState = z.output<typeof GuardState>;

export const UNTROUBLED: GuardState = { rateShare: 1, restores: 0, troubled: 0 };

export type Verdict =
  | { readonly kind: 'sound' }
  | { readonly kind: 'warn' | 'lower-rate' | 'restore'; readonly saw: string; readonly rateShare: number }
  | { readonly kind: 'stop'; readonly saw: string; readonly code: 'TRAINING_COLLAPSED' | 'TRAINING_DIVERGED' };

/** One look, with what came before it. */
export interface Looked {
  /** Points so far, the newest last. */
  readonly curve: readonly CurvePoint[];
  /** Width of the encoder's features. */
  readonly dimension: number;
  /** Whether no look comes after this one. */
  readonly last: boolean;
}

/**
 * Where training has collapsed. Measured on 192 drawings of 16 pixels and on 192 striped pictures of 8, with the network
 * at a quarter of its width and heads of 16 numbers, after 1, 100, 200 and 300 steps: under the five methods and five
 * losses, projections never had a lower rank than 2.0 or less spread than 0.19 (MoCo with a queue far longer than there
 * are pictures; all others 4.5 and 0.44, after one step 5.3 and 0.24). SimSiam without its stop-gradient had 1.6 and 0.06
 * after 600 steps on drawings, and features of a rank of 42 all the while: looking at these alone tells nothing.
 */
const LEAST = { rank: 1.05, spread: 0.01, projectionRank: 1.5, projectionSpread: 0.1 };
/**
 * Share of their widest look that is worth a word: in the same runs sound projections kept 0.83 of it, and SimSiam without
 * its stop-gradient 0.34.
 */
const SHRUNK = 0.5;
/** Then it is not the rate. */
const MOST_RESTORES = 2;
const RATE = { lowered: 0.5, restored: 0.1 };

/** A loss or a look that holds what is no number: back to the last sound look at a tenth of the rate, or the end. */
export function judgeDivergence(step: number, loss: number, { restores, rateShare }: GuardState): Verdict {
  const saw = `at step ${step} the loss was ${loss}.`;
  if (restores >= MOST_RESTORES) return { kind: 'stop', saw, code: 'TRAINING_DIVERGED' };
  return { kind: 'restore', saw, rateShare: rateShare * RATE.restored };
}

/**
 * What to do after a look. Collapsed: a warning, then back to the last sound look at a tenth of the rate, twice at most,
 * then the end. Shrunk to less than half: a warning, then half the rate, then back; never the end.
 */
export function judgeLook(looked: Looked, state: GuardState): Verdict {
  const { troubled, restores, rateShare } = state;
  const restored: Verdict['kind'] | undefined = restores < MOST_RESTORES ? 'restore' : undefined;
  const collapsed = collapse(looked);
  if (collapsed !== undefined) {
    if (troubled === 0 && restores === 0 && !looked.last) return { kind: 'warn', saw: collapsed, rateShare };
    if (restored) return { kind: 'restore', saw: collapsed, rateShare: rateShare * RATE.restored };
    return { kind: 'stop', saw: collapsed, code: 'TRAINING_COLLAPSED' };
  }
  const shrunk = shrinking(looked.curve);
  if (shrunk === undefined) return { kind: 'sound' };
  if (troubled === 1 && !looked.last) return { kind: 'lower-rate', saw: shrunk, rateShare: rateShare * RATE.lowered };
  if (troubled > 1 && restored && !looked.last)
    return { kind: 'restore', saw: shrunk, rateShare: rateShare * RATE.restored };
  return { kind: 'warn', saw: shrunk, rateShare };
}

const spreadOf = ({ deviation = Number.NaN }: CurvePoint, dimension: number): number =>
  deviation * Math.sqrt(dimension);
const percent = (share: number): string => `${(100 * share).toFixed(2)}%`;

/** In words, where all rows have become (almost) one. A figure that is missing is not held against a run. */
function collapse({ curve, dimension }: Looked): string | undefined {
  const point = curve.at(-1)!;
  const { step, loss, effectiveRank: rank = Number.NaN, projectionRank, projectionSpread } = point;
  const spread = spreadOf(point, dimension);
  const tail = `of what they could (loss ${loss.toFixed(3)}).`;
  if (!(rank >= LEAST.rank && spread >= LEAST.spread))
    return `at step ${step} the embeddings use ${rank.toFixed(2)} of ${dimension} dimensions and spread ${percent(spread)} ${tail}`;
  if (projectionRank === undefined || projectionSpread === undefined) return undefined;
  if (projectionRank >= LEAST.projectionRank && projectionSpread >= LEAST.projectionSpread) return undefined;
  return (
    `at step ${step} the projections, which the loss compares, use ${projectionRank.toFixed(2)} dimensions ` +
    `and spread ${percent(projectionSpread)} ${tail}`
  );
}

/** In words, where projections have come much nearer to each other than they were. */
function shrinking(curve: readonly CurvePoint[]): string | undefined {
  const { step, projectionSpread } = curve.at(-1)!;
  const widest = Math.max(...curve.map((point) => point.projectionSpread ?? 0));
  if (projectionSpread === undefined || projectionSpread >= SHRUNK * widest) return undefined;
  return (
    `at step ${step} the projections, which the loss compares, spread ${percent(projectionSpread)} ` +
    `of what they could, and ${percent(widest)} before.`
  );
}
