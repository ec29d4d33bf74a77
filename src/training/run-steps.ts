import type { Progress } from '../core/progress.js';
import { AppError } from '../errors.js';
import type { CurvePoint } from '../registry/registry.js';
import { assertConverging, assertSpread } from './assert-healthy.js';
import type { BatchFeed } from './batch-feed.js';
import type { Batches } from './batches.js';
import { calibrate } from './calibrate.js';
import type { Checkpoint, TrainingState } from './checkpoint.js';
import { CheckpointSaver, type SavingCost } from './checkpoint-saver.js';
import type { Learner } from './learner.js';
import { learningRate } from './learning-rate.js';
import { stepsBetweenProbes, stepsOfBudget } from './plan-steps.js';
import type { Probe } from './probe.js';
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
  const { run, settings, learner, batches, feed, stepper, notice } = context;
  const steps = from.steps || (await plan(context, from));
  const schedule = { steps, peak: settings.learningRate, warmUp: settings.warmUp, floor: 0.01 };
  const every = stepsBetweenProbes(batches.stepsPerEpoch);
  const started = run.now();
  const watch = new Stopwatch(run.now, from.spent);
  const saver = new CheckpointSaver({ folder: run.checkpoints, now: run.now, watch, notice });
  let here: Checkpoint = { ...from, steps };
  let savedAt = started;
  let lookedAt = started;
  let spare: TrainingState | undefined;

  try {
    while (here.state.step < steps) {
      if (run.signal?.aborted) throw new AppError('CANCELLED', { what: 'Training' });
      const { step } = here.state;
      const views = await watch.time('views', () => feed.views(step));
      const { loss, state } = await watch.time('step', () =>
        stepper.take(here.state, learningRate(schedule, step), views, spare),
      );
      spare = here.state === from.state || saver.holds(here.state) ? undefined : here.state;
      assertConverging(state.step, loss);
      const tally = { losses: here.tally.losses + loss, steps: here.tally.steps + 1 };
      const seconds = from.seconds + (run.now() - started) / 1000;
      here = { ...here, state, tally, seconds, spent: watch.spent };
      report(context, here);
      if (state.step % every === 0 || state.step === steps) {
        const point = await look(context, here, watch, run.now() - lookedAt);
        assertSpread(point, learner.encoder.width);
        run.onEpoch?.(point);
        here = { ...here, curve: [...here.curve, point], tally: { losses: 0, steps: 0 } };
        lookedAt = run.now();
      }
      const due = run.now() - savedAt >= settings.checkpointSeconds * 1000 && state.step < steps;
      if (due && (await saver.begin(here))) savedAt = run.now();
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

/** What ends a run from outside: the steps so far are good, and kept. */
const KEEPS: readonly string[] = ['CANCELLED', 'VIEWS_FAILED'];

async function plan(context: RunContext, { state }: Checkpoint): Promise<number> {
  const { budget } = context.settings;
  if ('minutes' in budget) return calibrate(context, budget.minutes, state);
  return stepsOfBudget(budget, context.batches.stepsPerEpoch);
}

/** The next point of the curve. `milliseconds` since the last one, or since this process began. */
async function look(
  context: RunContext,
  here: Checkpoint,
  watch: Stopwatch,
  milliseconds: number,
): Promise<CurvePoint> {
  const { batches, probe } = context;
  const { step } = here.state;
  return {
    step,
    epoch: step / batches.stepsPerEpoch,
    seconds: here.seconds,
    loss: here.tally.losses / here.tally.steps,
    ...(await watch.time('judge', () => probe.score(here.state))),
    picturesPerSecond: (here.tally.steps * batches.size * 1000) / Math.max(1, milliseconds),
    ...watch.shares(),
  };
}

function report({ run, batches }: RunContext, { state, steps, tally, curve }: Checkpoint): void {
  const loss = tally.losses / tally.steps;
  const speed = curve.at(-1)?.picturesPerSecond;
  const note = `loss ${loss.toFixed(3)}${speed === undefined ? '' : `, ${Math.round(speed)} pictures/s`}`;
  run.progress?.({
    stage: 'training',
    done: state.step,
    total: steps,
    unit: 'steps',
    note: `epoch ${(state.step / batches.stepsPerEpoch).toFixed(1)}, ${note}`,
  });
}
