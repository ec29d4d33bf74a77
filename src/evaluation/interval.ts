import type { Random } from '../core/random.js';

/** A mean, and the interval that holds it in 95% of samples like this one. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Percentile bootstrap of a mean: the values are drawn again, with replacement, a thousand times.
 * Efron 1979, "Bootstrap Methods: Another Look at the Jackknife". Throws a RangeError where there are no values.
 */
export function interval(values: ArrayLike<number>, random: Random, rounds = 1000): Interval {
  const count = values.length;
  if (count === 0) throw new RangeError('Expected one or more values.');
  const means = Float64Array.from({ length: rounds }, () => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += values[random.int(count)]!;
    return sum / count;
  }).sort();
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i]!;
  return {
    mean: sum / count,
    low: means[Math.floor(rounds * 0.025)]!,
    high: means[Math.ceil(rounds * 0.975) - 1]!,
  };
}
