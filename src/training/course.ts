import { z } from 'zod';

/**
 * Where a run ends, and how its learning rate gets there. A run whose end is moved on the way neither jumps nor starts
 * over: from that step on it goes through the rest of its schedule faster or slower.
 */
export const Course = z.object({
  /** Steps of the whole run. */
  steps: z.number(),
  /** Seconds of training after which a run of minutes wants to end; absent where steps were asked for. */
  seconds: z.number().optional(),
  /** Since when it is another than the one it started with. */
  bend: z
    .object({
      step: z.number(),
      /** The step of the schedule that this one was. */
      at: z.number(),
      /** Steps the schedule was drawn for. */
      drawn: z.number(),
    })
    .optional(),
});
export type Course = z.output<typeof Course>;

/** Less than this share of the seconds too early or too late is let be: clocks are no more exact than that. */
const TOLERANCE = 0.03;

/** Steps of the schedule as it was drawn. */
export const drawnSteps = ({ steps, bend }: Course): number => bend?.drawn ?? steps;

/** The step of the schedule that `step` of the run is; between two of them after the end was moved. */
export function stepOfSchedule({ steps, bend }: Course, step: number): number {
  if (!bend) return step;
  return bend.at + ((step - bend.step) * (bend.drawn - bend.at)) / Math.max(1, steps - bend.step);
}

/** The course that from `step` on goes to another end. */
export function bentTo(course: Course, step: number, steps: number): Course {
  return { ...course, steps, bend: { step, at: stepOfSchedule(course, step), drawn: drawnSteps(course) } };
}

/**
 * The course that ends in time after all, where steps have come to take clearly more or less time than it was laid out for.
 * @param seconds of training so far
 * @param each seconds that a step takes now, looks included
 * @returns undefined where the end is near enough to the time, or nobody asked for minutes
 */
export function inTime(course: Course, step: number, seconds: number, each: number): Course | undefined {
  if (course.seconds === undefined || step >= course.steps) return undefined;
  const left = course.seconds - seconds;
  const late = (course.steps - step) * each - left;
  if (Math.abs(late) <= TOLERANCE * course.seconds) return undefined;
  return bentTo(course, step, step + Math.max(1, Math.floor(left / each)));
}
