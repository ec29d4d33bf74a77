import type { Course } from './course.js';
import type { Budget } from './training-settings.js';

/** What a calibration measured, in seconds. */
export interface Calibration {
  /** One step, making its views included. */
  readonly step: number;
  /** One look at the probe. */
  readonly probe: number;
  /** All that comes after the last step: whitening, scores, export. */
  readonly ending: number;
}

/** Share of a budget of minutes that is kept free, since no forecast is exact. */
const RESERVE = 0.04;

/** Steps between two points of the curve: an epoch, but not so often that it costs, nor so seldom that nobody sees. */
export function stepsBetweenProbes(stepsPerEpoch: number): number {
  return Math.max(100, Math.min(500, stepsPerEpoch));
}

/**
 * The course that a budget of minutes allows, of at least one step.
 * @param spent seconds of the budget that are gone already
 */
export function courseOfMinutes(
  minutes: number,
  spent: number,
  stepsPerEpoch: number,
  calibration: Calibration,
): Course {
  const seconds = minutes * 60 * (1 - RESERVE) - spent - calibration.ending - calibration.probe;
  const each = calibration.step + calibration.probe / stepsBetweenProbes(stepsPerEpoch);
  return { steps: Math.max(1, Math.floor(seconds / each)), seconds };
}

/** The other budgets say their steps themselves. */
export function stepsOfBudget(budget: Exclude<Budget, { minutes: number }>, stepsPerEpoch: number): number {
  return 'steps' in budget ? budget.steps : Math.max(1, Math.round(budget.epochs * stepsPerEpoch));
}
