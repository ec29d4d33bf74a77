import type { Checkpoint } from './checkpoint.js';
import { inTime } from './course.js';

/** Looks back over which the time of a step is measured. */
const LOOKS = 3;
const BEGINNING = { step: 0, seconds: 0 };

/** Moves the end of a run of minutes, and says so, where steps take clearly more or less time than when it was laid out. */
export function keepTime(here: Checkpoint, notice: (text: string) => void): Checkpoint {
  const each = secondsOfStep(here);
  const course = each && inTime(here.course, here.state.step, here.seconds, each);
  if (!course) return here;
  const [now, before] = [course.steps, here.course.steps].map((steps) => steps.toLocaleString('en'));
  notice(`A step takes ${each.toFixed(2)} s now, so ${now} of them fit into the time instead of ${before}.`);
  return { ...here, course };
}

/** As it was over the last looks, these included; undefined where a run has just been taken back. */
function secondsOfStep({ curve, interventions }: Checkpoint): number | undefined {
  const backTo = interventions.findLast((each) => each.backTo !== undefined)?.backTo;
  const points = backTo === undefined ? [BEGINNING, ...curve] : curve.filter(({ step }) => step > backTo);
  const [from, to] = [points.at(-1 - LOOKS) ?? points[0], points.at(-1)];
  return from && to && from !== to ? (to.seconds - from.seconds) / (to.step - from.step) : undefined;
}
