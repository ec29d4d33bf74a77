import type { NewExperiment } from '../catalogue/catalogue.js';
import { AppError } from '../errors.js';
import type { ExperimentWrite } from './contract/experiment-schemas.js';
import { epochMilliseconds } from './iso-time.js';

const HOUR_MS = 3_600_000;

/** An experiment as a request describes it; `begins` where it does not say. Throws REQUEST_INVALID. */
export function newExperiment(name: string, body: ExperimentWrite, begins: number): NewExperiment {
  const { variants, from, until, success } = body;
  const begin = time(from) ?? begins;
  const end = time(until);
  if (end !== null && end <= begin) {
    const message = 'An experiment ends after it begins.';
    throw new AppError('REQUEST_INVALID', { why: message }, { issues: [{ path: 'until', message }] });
  }
  return {
    name,
    // What a variant says came as JSON, so it is JSON.
    variants: variants as unknown as NewExperiment['variants'],
    from: begin,
    until: end,
    success: { kinds: success.kinds, windowMs: Math.ceil(success.windowHours * HOUR_MS) },
  };
}

function time(given: ExperimentWrite['from']): number | null {
  if (given === undefined || given === null) return null;
  return typeof given === 'number' ? Math.round(given) : epochMilliseconds(given);
}
