import { AppError } from '../errors.js';
import { sayIntervention } from '../evaluation/say-intervention.js';
import type { Intervention } from '../registry/registry.js';
import type { Checkpoint } from './checkpoint.js';
import type { Verdict } from './collapse-guard.js';
import { bentTo } from './course.js';

/**
 * The run after a verdict, which is said and kept. Whoever goes back takes the steps again, at another rate: a budget of
 * minutes gets as many steps fewer, so that it ends when it said it would.
 * @throws AppError TRAINING_COLLAPSED, TRAINING_DIVERGED where the verdict says stop
 */
export function obeyGuard(here: Checkpoint, verdict: Verdict, notice: (text: string) => void): Checkpoint {
  const { state, curve, neighbours, guard } = here;
  if (verdict.kind === 'stop') throw new AppError(verdict.code, { saw: verdict.saw });
  if (verdict.kind === 'sound') {
    const good = { state, points: curve.length, ...(neighbours && { neighbours }) };
    return { ...here, good, guard: { ...guard, troubled: 0 } };
  }
  const { kind: action, saw, rateShare } = verdict;
  const backTo = action === 'restore' ? here.good.state.step : undefined;
  const entry: Intervention = {
    step: state.step,
    action,
    says: saw,
    rateShare,
    ...(backTo !== undefined && { backTo }),
  };
  notice(sayIntervention(entry));
  const after = { ...here, interventions: [...here.interventions, entry] };
  if (action !== 'restore') return { ...after, guard: { ...guard, rateShare, troubled: guard.troubled + 1 } };
  return restored(after, { ...guard, rateShare, troubled: 0, restores: guard.restores + 1 });
}

function restored(here: Checkpoint, guard: Checkpoint['guard']): Checkpoint {
  const { good, curve, course, settings, state } = here;
  const { neighbours: _, ...rest } = here;
  const { step } = good.state;
  const thrownAway = 'minutes' in settings.budget ? state.step - step : 0;
  return {
    ...rest,
    guard,
    state: good.state,
    curve: curve.slice(0, good.points),
    tally: { losses: 0, steps: 0 },
    ...(thrownAway > 0 && { course: bentTo(course, step, Math.max(step + 1, course.steps - thrownAway)) }),
    ...(good.neighbours && { neighbours: good.neighbours }),
  };
}
