/** What one person was shown, and how often that led to a success. */
export interface PersonCount {
  readonly shown: number;
  readonly successes: number;
}

/** A figure, and the interval that holds it in 95% of cases. */
export interface Between {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The 97.5% point of the standard normal. */
const Z = 1.959964;

/**
 * Successes an impression, over people who each have several: Wilson's interval for as many impressions as they are
 * worth. Impressions of one person resemble each other, so the variance of the rate is taken over people (linearised:
 * the squares of s − r n, summed, over N²), and N shrinks by what that is more than the binomial r (1 − r) / N; it never
 * grows. With one impression a person it is Wilson's interval as it stands. Where all or none were successes that can't be told: then people count, not
 * impressions. Null where nothing was shown.
 * Wilson 1927; Kish 1965, "Survey Sampling" (design effect); Korn & Graubard 1998 (effective sample size in intervals).
 */
export function clusteredRate(people: readonly PersonCount[]): Between | null {
  const shown = people.reduce((sum, person) => sum + person.shown, 0);
  if (shown === 0) return null;
  const rate = people.reduce((sum, person) => sum + person.successes, 0) / shown;
  const binomial = (rate * (1 - rate)) / shown;
  const squares = people.reduce((sum, person) => sum + (person.successes - rate * person.shown) ** 2, 0);
  const between = squares / shown ** 2;
  const told = binomial > 0 && people.length > 1;
  const worth = told ? shown / Math.max(1, between / binomial) : people.length;
  return wilson(rate, worth);
}

/** Wilson's interval of a rate over n trials; n need not be whole. */
function wilson(rate: number, n: number): Between {
  const centre = (rate + Z ** 2 / (2 * n)) / (1 + Z ** 2 / n);
  const half = (Z / (1 + Z ** 2 / n)) * Math.sqrt((rate * (1 - rate)) / n + Z ** 2 / (4 * n ** 2));
  return { value: rate, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/**
 * One rate less another, of different people, from the intervals of both: no nonsense near 0, where the rates of
 * recommendations are. Newcombe 1998, "Interval estimation for the difference between independent proportions", method 10.
 */
export function rateDifference(rate: Between, first: Between): Between {
  const value = rate.value - first.value;
  return {
    value,
    low: value - Math.hypot(rate.value - rate.low, first.high - first.value),
    high: value + Math.hypot(rate.high - rate.value, first.value - first.low),
  };
}
