import { z } from 'zod';
import { minimise } from '../core/minimise.js';
import { AppError } from '../errors.js';

/** What similarities of one index mean: how often two items this alike are as close as two copies of one picture. */
export const Calibration = z.object({
  /** Log-odds of being copies: slope × −ln(1 − similarity) + offset. */
  curve: z.object({ slope: z.number().positive(), offset: z.number() }),
  /** From which similarity on a neighbour is taken for a copy, strictest last; only rates that the sample supports. */
  thresholds: z.array(
    z.object({
      /** Of items without a copy, the share whose nearest neighbour is above, in expectation. */
      rate: z.number().positive().max(1),
      /** Copies are more alike than this. */
      similarity: z.number().min(-1).max(1),
      /** Of pairs of copies, the share that is above. */
      finds: z.number().min(0).max(1),
    }),
  ),
  /** Pairs of copies that were made. */
  copies: z.number().int().positive(),
  /** Items whose nearest other picture was looked up. */
  others: z.number().int().positive(),
  /** Neighbours that were passed over, since they are copies already. */
  passedOver: z.number().int().nonnegative(),
});
export type Calibration = z.output<typeof Calibration>;
export type Threshold = Calibration['thresholds'][number];

/** False-positive rates that thresholds are kept for. */
export const RATES = [1e-2, 1e-3, 1e-4] as const;

/** Fewer of either say too little for a curve of two numbers. */
export const FEWEST = 20;

/** Two vectors closer than this are the same vector, up to rounding. */
export const SAME_VECTOR = 1 - 1e-6;

/** −ln(1 − similarity): distances of copies and of others are each spread over orders of magnitude. */
const nearness = (similarity: number): number => -Math.log(Math.max(1 - similarity, 1 - SAME_VECTOR));

/**
 * The share of copies among pairs this alike, where copies and nearest others are as frequent; from 0 to 1, never
 * falling. 1 for the same vector.
 */
export function confidence({ curve }: Calibration, similarity: number): number {
  if (similarity >= SAME_VECTOR) return 1;
  return 1 / (1 + Math.exp(-(curve.slope * nearness(similarity) + curve.offset)));
}

/** The least similarity of this confidence: `confidence` the other way round. */
export function similarityAt({ curve }: Calibration, wanted: number): number {
  if (wanted <= 0) return -1;
  if (wanted >= 1) return SAME_VECTOR;
  const near = (Math.log(wanted / (1 - wanted)) - curve.offset) / curve.slope;
  return Math.min(SAME_VECTOR, Math.max(-1, 1 - Math.exp(-near)));
}

/** What an index takes for copies at a false-positive rate. Throws NOT_CALIBRATED where it does not know. */
export function thresholdOf(
  { collection, calibration }: { readonly collection: string; readonly calibration?: Calibration | undefined },
  rate: number,
): Threshold {
  const refuse = (why: string) => new AppError('NOT_CALIBRATED', { collection, why });
  if (!calibration) throw refuse('its index was built without pictures to measure it by');
  const threshold = calibration.thresholds.find((each) => each.rate === rate);
  if (threshold) return threshold;
  const most = Math.round(1 / rate);
  throw refuse(
    `${calibration.others} pictures are too few for one in ${most} taken for a copy; ${most - 1} are needed`,
  );
}

/**
 * Curve and thresholds from similarities of copies and of nearest others. Null where there are fewer than 20 of either,
 * or where copies are no closer than others.
 */
export async function fitCalibration(
  copies: readonly number[],
  others: readonly number[],
  passedOver: number,
): Promise<Calibration | null> {
  if (copies.length < FEWEST || others.length < FEWEST) return null;
  const curve = await fitCurve(copies.map(nearness), others.map(nearness));
  if (!(curve.slope > 0) || !Number.isFinite(curve.offset)) return null;
  return { curve, thresholds: fitThresholds(copies, others), copies: copies.length, others: others.length, passedOver };
}

/**
 * Logistic regression of "a copy" on nearness, both kinds weighing the same however many there are, towards targets
 * drawn in by one pair of each kind so that kinds that don't overlap have a finite curve. Platt 1999, "Probabilistic
 * Outputs for Support Vector Machines". Logistic rather than isotonic: a few hundred copies are too few for steps, and
 * a curve that always rises can be asked the other way round.
 */
async function fitCurve(copies: readonly number[], others: readonly number[]): Promise<Calibration['curve']> {
  const kinds = [
    { values: copies, target: (copies.length + 1) / (copies.length + 2) },
    { values: others, target: 1 / (others.length + 2) },
  ];
  const [slope = 0, offset = 0] = await minimise(
    ([a = 0, b = 0], gradient) => {
      gradient.fill(0);
      let loss = 0;
      for (const { values, target } of kinds) {
        for (const x of values) {
          const odds = a * x + b;
          const error = (1 / (1 + Math.exp(-odds)) - target) / values.length;
          // ln(1 + e^odds) − target · odds, without overflow
          loss += (Math.max(odds, 0) + Math.log1p(Math.exp(-Math.abs(odds))) - target * odds) / values.length;
          gradient[0]! += error * x;
          gradient[1]! += error;
        }
      }
      return loss;
    },
    Float64Array.of(1, 0),
    100,
  );
  return { slope, offset };
}

/**
 * The r-th largest of n others, r = ⌊rate · (n + 1)⌋: a new one exceeds it with a probability of r / (n + 1), whatever
 * their distribution is (split conformal prediction: Papadopoulos et al. 2002; Vovk et al. 2005). So a rate of 1 in 100
 * asks for 99 others, of 1 in 10,000 for 9,999.
 */
function fitThresholds(copies: readonly number[], others: readonly number[]): Threshold[] {
  const sorted = Float64Array.from(others).sort();
  return RATES.flatMap((rate) => {
    // Relative slack, as 0.01 × 100 is not always 1.
    const rank = Math.floor(rate * (others.length + 1) * (1 + 1e-12));
    if (rank < 1) return [];
    const similarity = sorted[others.length - rank]!;
    const finds = copies.filter((copy) => copy > similarity).length / copies.length;
    return [{ rate, similarity: Math.min(1, Math.max(-1, similarity)), finds }];
  });
}
