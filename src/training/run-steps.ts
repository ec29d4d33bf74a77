import type { Progress } from '../core/progress.js';
import { AppError } from '../errors.js';
import type { CurvePoint } from '../registry/registry.js';
import type { BatchFeed } from './batch-feed.js';
import type { Batches } from './batches.js';
import { calibrate } from './calibrate.js';
import type { Checkpoint, TrainingState } from './checkpoint.js';
import { CheckpointSaver, type SavingCost } from './checkpoint-saver.js';
import { judgeDivergence, judgeLook, Start } from './collapse-guard.js';
import { type Course, drawnSteps, stepOfSchedule } from './course.js';
import { isBest, looksSince, smoothedRecall } from './keep-best.js';
import { keepTime } from './keep-time.js';
import type { Learner } from './learner.js';
import { learningRate } from './learning-rate.js';
import { obeyGuard } from './obey-guard.js';
import { stepsBetweenProbes, stepsOfBudget } from './plan-steps.js';
import type { AlsoScore, Probe } from './probe.js';
import type { RowEmbedder } from './row-embedder.js';
import type { Samples, Views } from './samples.js';
import type { StepTaker } from './stepper.js';
import { Stopwatch } from './stopwatch.js';
import type { TrainingSettings } from './training-settings.js';

/** What the stages of one run share. */
export interface RunContext {
  readonly run: {
    readonly samples: Samples;
    readonly views: Views;
    readonly now: () => number;
    readonly signal?: AbortSignal;
    readonly progress?: Progress;
    readonly onEpoch?: (point: CurvePoint) => void;
    readonly alsoScore?: AlsoScore;
    readonly checkpoints?: string;
    readonly metadata?: Readonly<Record<string, string>>;
  };
  readonly settings: TrainingSettings;
  readonly learner: Learner;
  readonly batches: Batches;
  readonly feed: BatchFeed;
  readonly stepper: StepTaker;
  readonly embedder: RowEmbedder;
  readonly probe: Probe;
  /** When the run was called, on its clock. */
  readonly startedAt: number;
  readonly notice: (text: string) => void;
}

/** A run at its last step. */
export interface Done {
  readonly checkpoint: Checkpoint;
  /** Of this process. */
  readonly saving: SavingCost;
}

/**
 * All steps from a checkpoint (or the start, where it says 0 steps) to the end of the schedule.
 * @returns the checkpoint of the last step, which is also on disk where there is a folder for it
 * @throws AppError TRAINING_DIVERGED, TRAINING_COLLAPSED, CANCELLED, VIEWS_FAILED
 */
export async function runSteps(context: RunContext, from: Checkpoint): Promise<Done> {
  const { run, settings, batches, feed, stepper, notice } = context;
  const start = from.start ?? (await lookAtStart(context, from));
  const course = from.course.steps > 0 ? from.course : await plan(context, from);
  const every = stepsBetweenProbes(batches.stepsPerEpoch);
  const started = run.now();
  const watch = new Stopwatch(run.now, from.spent);
  const saver = new CheckpointSaver({ folder: run.checkpoints, now: run.now, watch, notice });
  let here: Checkpoint = { ...from, course, ...(start && { start }) };
  let savedAt = started;
  let saved = course; // whoever resumes takes the steps on the course that they were taken on
  let lookedAt = started;
  let spare: TrainingState | undefined;

  try {
    while (here.state.step < here.course.steps) {
      if (run.signal?.aborted) throw new AppError('CANCELLED', { what: 'Training' });
      const { step } = here.state;
      const views = await watch.time('views', () => feed.views(step));
      const { loss, state } = await watch.time('step', () => stepper.take(here.state, rateOf(here), views, spare));
      if (!Number.isFinite(loss)) {
        here = obeyGuard(here, judgeDivergence(state.step, loss, here.guard), notice);
        spare = state; // whoever goes back needs nothing of it
        continue;
      }
      spare = here.state === from.state || isKept(here) || saver.holds(here.state) ? undefined : here.state;
      const tally = { losses: here.tally.losses + loss, steps: here.tally.steps + 1 };
      const seconds = from.seconds + (run.now() - started) / 1000;
      here = { ...here, state, tally, seconds, spent: watch.spent };
      report(context, here);
      if (state.step % every === 0 || state.step === here.course.steps) {
        here = judged(context, here, await look(context, here, watch, run.now() - lookedAt));
        lookedAt = run.now();
      }
      const due = run.now() - savedAt >= settings.checkpointSeconds * 1000 || here.course !== saved;
      if (due && here.state.step < here.course.steps && (await saver.begin(here))) {
        savedAt = run.now();
        saved = here.course;
      }
    }
    await saver.end(here);
    return { checkpoint: { ...here, spent: watch.spent }, saving: saver.cost };
  } catch (cause) {
    if (cause instanceof AppError && KEEPS.includes(cause.code)) await saver.end(here);
    throw cause;
  } finally {
    await saver.settle();
  }
}

/** Whether the numbers of this state may be needed again: to go back to, or as the best so far. */
const isKept = ({ state, good, best }: Checkpoint): boolean =>
  state === good.state || state.parameters === best?.parameters;

/** What ends a run from outside: the steps so far are good, and kept. */
const KEEPS: readonly string[] = ['CANCELLED', 'VIEWS_FAILED'];

async function plan(context: RunContext, { state }: Checkpoint): Promise<Course> {
  const { budget } = context.settings;
  if ('minutes' in budget) return calibrate(context, budget.minutes, state);
  return { steps: stepsOfBudget(budget, context.batches.stepsPerEpoch) };
}

/** What the guard holds a run against; undefined where the first step is long taken, or gives what is no number. */
async function lookAtStart({ probe }: RunContext, { state }: Checkpoint): Promise<Start | undefined> {
  const seen = state.step === 0 ? await probe.look(state) : undefined;
  return seen && Start.safeParse(seen.scores).data;
}

function rateOf({ state, course, settings, guard }: Checkpoint): number {
  const { learningRate: peak, warmUp } = settings;
  const schedule = { steps: drawnSteps(course), peak, warmUp, floor: 0.01, share: guard.rateShare };
  return learningRate(schedule, stepOfSchedule(course, state.step));
}

/** The next point of the curve, undefined where it has no numbers. `milliseconds` since the last one, or since this process began. */
async function look(
  context: RunContext,
  here: Checkpoint,
  watch: Stopwatch,
  milliseconds: number,
): Promise<{ point: CurvePoint; neighbours: Int32Array } | undefined> {
  const { run, batches, probe } = context;
  const { tally, guard } = here;
  const { step } = here.state;
  const seen = await watch.time('judge', () => probe.look(here.state, here.neighbours));
  if (!seen) return undefined;
  const point = {
    step,
    epoch: step / batches.stepsPerEpoch,
    seconds: here.seconds,
    loss: tally.losses / tally.steps,
    ...(guard.rateShare !== 1 && { rateShare: guard.rateShare }),
    ...seen.scores,
    ...(await run.alsoScore?.((pictures) => probe.embedPlain(here.state, pictures.length, (i) => pictures[i]!))),
    picturesPerSecond: (tally.steps * batches.size * 1000) / Math.max(1, milliseconds),
    ...watch.shares(),
  };
  return { point, neighbours: seen.neighbours };
}

/** The run after a look: its curve longer, its guard obeyed, its best kept. */
function judged(context: RunContext, before: Checkpoint, seen: Awaited<ReturnType<typeof look>>): Checkpoint {
  const { run, embedder, probe, notice } = context;
  const { state, guard, course } = before;
  if (!seen) return obeyGuard(before, judgeDivergence(state.step, Number.NaN, guard), notice);
  run.onEpoch?.(seen.point);
  const { neighbours } = seen;
  const curve = [...before.curve, seen.point];
  const here = { ...before, curve, neighbours, tally: { losses: 0, steps: 0 } };
  const looked = {
    curve,
    start: before.start,
    fresh: before.parent === null,
    dimension: embedder.dimension,
    views: probe.views,
    last: state.step === course.steps,
  };
  const verdict = judgeLook(looked, guard);
  const after = obeyGuard(here, verdict, notice);
  return verdict.kind === 'sound' ? keepTime(withBest(after, notice), notice) : after;
}

/** Keeps the weights of the best sound look where that is asked for, and ends a run whose patience is at its end. */
function withBest(here: Checkpoint, notice: (text: string) => void): Checkpoint {
  const { settings, curve, state } = here;
  const { keep, patience } = settings;
  if (keep !== 'best' && patience === undefined) return here;
  if (isBest(curve, here.best?.recall)) {
    const { parameters, statistics, step } = state;
    return { ...here, best: { step, recall: smoothedRecall(curve), parameters, statistics } };
  }
  const looks = looksSince(curve, here.best!.step);
  if (patience === undefined || looks < patience) return here;
  notice(`The recall of the other view has not risen for ${looks} looks, so training ends at step ${state.step}.`);
  return { ...here, course: { ...here.course, steps: state.step } };
}

function report({ run, batches }: RunContext, { state, course, tally, curve, guard }: Checkpoint): void {
  const loss = tally.losses / tally.steps;
  const speed = curve.at(-1)?.picturesPerSecond;
  const note = `loss ${loss.toFixed(3)}${speed === undefined ? '' : `, ${Math.round(speed)} pictures/s`}`;
  const lowered = guard.rateShare === 1 ? '' : `, ${guard.rateShare} of the learning rate`;
  run.progress?.({
    stage: 'training',
    done: state.step,
    total: course.steps,
    unit: 'steps',
    note: `epoch ${(state.step / batches.stepsPerEpoch).toFixed(1)}, ${note}${lowered}`,
  });
}
