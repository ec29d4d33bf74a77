import { z } from 'zod';
import type { CurvePoint } from '../registry/registry.js';
import { smoothedRecall } from './keep-best.js';

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

/** What was seen before the first step: by it a run that ruins its network is known from one that had little to begin with. */
export const Start = z.object({
  recall: z.number(),
  effectiveRank: z.number(),
  projectionSpread: z.number().optional(),
});
export type Start = z.output<typeof Start>;

export type Verdict =
  | { readonly kind: 'sound' }
  | { readonly kind: 'warn' | 'lower-rate' | 'restore'; readonly saw: string; readonly rateShare: number }
  | { readonly kind: 'stop'; readonly saw: string; readonly code: 'TRAINING_COLLAPSED' | 'TRAINING_DIVERGED' };

/** One look, with what came before it. */
export interface Looked {
  /** Points so far, the newest last. */
  readonly curve: readonly CurvePoint[];
  /** Undefined where nobody looked. */
  readonly start?: Start | undefined;
  /** Whether the network had learnt nothing then: one that had may lose dimensions that these pictures have no use for. */
  readonly fresh: boolean;
  /** How many views each look asks for the other one: what the error of a recall follows from. */
  readonly views: number;
  /** Width of the encoder's features. */
  readonly dimension: number;
  /** Whether no look comes after this one. */
  readonly last: boolean;
}

/**
 * Where training has collapsed whatever it came from: rows of (nearly) one dimension, or (nearly) one row. Features that a
 * rate a thousand times too high had ruined (plain SGD) still had a rank of 2.4.
 */
const LEAST = { rank: 1.05, spread: 0.01, projectionRank: 1.3 };
/**
 * Shares of what the run itself has had: where its projections have collapsed, where they have shrunk, and where its
 * features have lost dimensions. Measured on 96 drawings of 16 pixels (300 steps of 16) and 256 of 24 (200 of 32), the
 * network at a quarter of its width. Of the spread before the first step, sound runs of all methods and losses kept 0.81
 * or more, of the widest look 0.83, of the rank 0.89; in 800 steps the worst was MoCo with a queue far longer than there
 * are pictures: 0.36 of the first spread, 0.66 of the widest. SimSiam without its stop-gradient at a lively rate came to
 * 0.06 and 0.16 of the first spread. At a hundred times the rate, plain SGD came to 0.10 of it and 0.13 of the rank; AdamW
 * to 0.51 of the rank on both, which at ten times the rate was 0.85.
 */
const LEFT = { collapsed: 0.2, shrunk: 0.5, rank: 0.6 };
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
 * then the end. Shrunk to less than half, or poorer than before the first step: a warning, then half the rate, then back;
 * never the end.
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
  const ailing = shrinking(looked) ?? impoverished(looked);
  if (ailing === undefined) return { kind: 'sound' };
  if (troubled === 1 && !looked.last) return { kind: 'lower-rate', saw: ailing, rateShare: rateShare * RATE.lowered };
  if (troubled > 1 && restored && !looked.last)
    return { kind: 'restore', saw: ailing, rateShare: rateShare * RATE.restored };
  return { kind: 'warn', saw: ailing, rateShare };
}

const spreadOf = ({ deviation = Number.NaN }: CurvePoint, dimension: number): number =>
  deviation * Math.sqrt(dimension);
const percent = (share: number): string => `${(100 * share).toFixed(2)}%`;

/** Of the projections, in the looks so far and, where asked for, before the first step. */
function widest(curve: readonly CurvePoint[], start?: Start): number {
  return Math.max(start?.projectionSpread ?? 0, ...curve.map((point) => point.projectionSpread ?? 0));
}

/** In words, where all rows have become (almost) one. A figure that is missing is not held against a run. */
function collapse({ curve, start, dimension }: Looked): string | undefined {
  const point = curve.at(-1)!;
  const { step, loss, effectiveRank: rank = Number.NaN, projectionRank, projectionSpread } = point;
  const spread = spreadOf(point, dimension);
  const tail = `of what they could (loss ${loss.toFixed(3)}).`;
  if (!(rank >= LEAST.rank && spread >= LEAST.spread))
    return `at step ${step} the embeddings use ${rank.toFixed(2)} of ${dimension} dimensions and spread ${percent(spread)} ${tail}`;
  if (projectionRank === undefined || projectionSpread === undefined) return undefined;
  const before = widest(curve, start);
  if (projectionRank >= LEAST.projectionRank && projectionSpread >= LEFT.collapsed * before) return undefined;
  return (
    `at step ${step} the projections, which the loss compares, use ${projectionRank.toFixed(2)} dimensions ` +
    `and spread ${percent(projectionSpread)}, after ${percent(before)}, ${tail}`
  );
}

/** In words, where projections have come much nearer to each other than they were. */
function shrinking({ curve }: Looked): string | undefined {
  const { step, projectionSpread } = curve.at(-1)!;
  const before = widest(curve);
  if (projectionSpread === undefined || projectionSpread >= LEFT.shrunk * before) return undefined;
  return (
    `at step ${step} the projections, which the loss compares, spread ${percent(projectionSpread)} ` +
    `of what they could, and ${percent(before)} before.`
  );
}

/**
 * In words, where features have lost dimensions since before the first step and found nothing for them (or, where they had
 * learnt something, have lost that too): a sound run may do the one or, at its beginning, the other.
 */
function impoverished({ curve, start, fresh, views }: Looked): string | undefined {
  const { step, effectiveRank: rank = Number.NaN } = curve.at(-1)!;
  if (start === undefined || rank >= LEFT.rank * start.effectiveRank) return undefined;
  const recall = smoothedRecall(curve);
  const doubt = 2 * errorOfDifference(recall, start.recall, views);
  if (recall - start.recall > (fresh ? doubt : -doubt)) return undefined;
  return (
    `at step ${step} the embeddings use ${rank.toFixed(1)} dimensions and find the other view ${percent(recall)} ` +
    `of the time; before the first step they used ${start.effectiveRank.toFixed(1)}, and found it ${percent(start.recall)}.`
  );
}

/** Standard error of the difference of two shares of as many trials. */
const errorOfDifference = (one: number, other: number, trials: number): number =>
  Math.sqrt((one * (1 - one) + other * (1 - other)) / trials);
