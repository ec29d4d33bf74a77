import type { Experiment } from '../catalogue/catalogue.js';
import { isActive } from '../recommend/experiments/experiment-book.js';
import { isoTime } from './iso-time.js';

const HOUR_MS = 3_600_000;

/** An experiment as answers show it. */
export function experimentAnswer(experiment: Experiment, now: number): Record<string, unknown> {
  const { name, variants, from, until, success, createdAt, updatedAt } = experiment;
  return {
    name,
    active: isActive(experiment, now),
    variants,
    from: isoTime(from),
    until: until === null ? null : isoTime(until),
    success: { kinds: success.kinds, windowHours: success.windowMs / HOUR_MS },
    createdAt: isoTime(createdAt),
    updatedAt: isoTime(updatedAt),
  };
}
