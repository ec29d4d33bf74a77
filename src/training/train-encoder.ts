import { sweepDrafts } from '../core/atomic-files.js';
import { fingerprint } from '../core/fingerprint.js';
import type { Progress } from '../core/progress.js';
import { Random } from '../core/random.js';
import { ARCHITECTURES } from '../encoder/architectures/index.js';
import { startingParameters } from '../encoder/parameter-layout.js';
import { copyParts, readParameters } from '../encoder/parameters-file.js';
import type { PixelStatistics } from '../encoder/pixel-statistics.js';
import { AppError } from '../errors.js';
import type { CurvePoint } from '../registry/registry.js';
import type { Engine } from '../tensor/engine.js';
import { Batches } from './batches.js';
import { assertFits, type Checkpoint, loadCheckpoint, type TrainingState } from './checkpoint.js';
import { finishEncoder, type TrainedEncoder } from './finish-encoder.js';
import { type Learner, learner } from './learner.js';
import { type BatchFeed, directFeed } from './batch-feed.js';
import { LOSSES } from './losses/index.js';
import { measurePixels } from './measure-pixels.js';
import { METHODS } from './methods/index.js';
import { OPTIMISERS } from './optimisers/index.js';
import type { Optimiser } from './optimisers/optimiser.js';
import { Probe } from './probe.js';
import { resolveSettings } from './resolve-settings.js';
import { RowEmbedder } from './row-embedder.js';
import { runSteps } from './run-steps.js';
import type { Portable, Samples, Views } from './samples.js';
import { Stepper } from './stepper.js';
import type { TrainingSettings } from './training-settings.js';

/** What a training run is handed. */
export interface TrainingRun {
import { NOTHING_SPENT } from './stopwatch.js';
import { ThreadedFeed } from './threaded-feed.js';
  readonly samples: Samples;
  readonly views: Views;
  /** Raw settings: parsed by `resolveSettings`. */
  readonly settings: unknown;
  readonly engine: Engine;
  /** Milliseconds, from any origin. */
  readonly now: () => number;
  /** When a budget of minutes began, on that clock: now, where it is absent. Name it to count preparation in. */
  readonly startedAt?: number;
  readonly signal?: AbortSignal;
  readonly progress?: Progress;
  /** Each point of the curve as it comes. */
  readonly onEpoch?: (point: CurvePoint) => void;
  /** Sentences that somebody should read: a smaller batch, a checkpoint that could not be saved. */
  readonly onNotice?: (notice: string) => void;
  /** Folder for checkpoints; none are written where it is absent. */
  readonly checkpoints?: string;
  /** Goes on from the checkpoint in that folder, if there is one. */
  readonly resume?: boolean;
  /** `parameters.bin` of a model to go on from. */
  readonly initial?: Uint8Array;
  /** Kept in the exported encoder, for whoever opens it: how pictures become samples, for example. */
  readonly metadata?: Readonly<Record<string, string>>;
}

  /** Makes views in so many threads of their own, beside the steps; in this one where it is absent or says 0. */
  readonly beside?: { readonly portable: Portable; readonly threads: number };
/** Fewer tell a contrastive loss nothing. */
const LEAST_SAMPLES = 8;

/**
 * Samples and views in, an encoder out: settings → network → steps → whitening → ONNX.
 * The same samples, views, settings, engine and threads give the same curve, whether or not a run was cut and resumed, and
 * whoever makes the views.
 * @throws AppError SETTINGS_INVALID, TOO_FEW_SAMPLES, PARAMETERS_INVALID, CHECKPOINT_INVALID, TRAINING_DIVERGED,
 *   TRAINING_COLLAPSED, VIEWS_FAILED, or CANCELLED once `signal` is aborted (a checkpoint is written first)
 */
export async function trainEncoder(run: TrainingRun): Promise<TrainedEncoder> {
  const startedAt = run.startedAt ?? run.now();
  const { samples, views, engine } = run;
  const notice = run.onNotice ?? (() => {});
  const settings = fitBatch(resolveSettings(run.settings), samples.count, notice);
  const parent = run.initial === undefined ? null : fingerprint(run.initial);
  const identity = { data: samples.fingerprint, parent, settings };
  const saved = await previousCheckpoint(run, identity, notice);
  const initial = run.initial === undefined ? undefined : readParameters(run.initial);
  const random = new Random(settings.seed);
  const pixels = saved?.pixels ?? initial?.pixels ?? measurePixels(samples, views, random);
  const student = buildLearner(settings, views.shape, pixels);
  const optimiser = OPTIMISERS[settings.optimiser].build(settings.optimiserOptions);
  if (saved) assertFits(saved, student, optimiser);

  const batches = new Batches(samples, views, settings.batch, student.method.viewsPerSample, random);
  const feed = feedOf(run, batches, settings.seed);
  let stepper: Stepper | undefined;
  let embedder: RowEmbedder | undefined;
  try {
    const checkpoint: Checkpoint = saved ?? {
      steps: 0,
      seconds: 0,
      tally: { losses: 0, steps: 0 },
      ...identity,
    stepper = await Stepper.compile(engine, student, optimiser, { batch: batches.size, view: views.shape });
    embedder = await RowEmbedder.compile(engine, student, views.shape, Math.min(256, settings.batch * 2));
      pixels,
      curve: [],
      state: startingState(student, optimiser, random, initial && { initial, settings, shape: views.shape }),
      spent: NOTHING_SPENT,
    };
    const probe = new Probe(samples, views, random, embedder);
    const context = { run, settings, learner: student, batches, feed, stepper, embedder, probe, startedAt, notice };
    const done = await runSteps(context, checkpoint);
    return await finishEncoder(context, done);
  } finally {
    await feed.close();
    await stepper?.dispose();
    await embedder?.dispose();
  }
}

/** The checkpoint to go on from, where one is wanted and there. What a killed process was writing is swept away. */
async function previousCheckpoint(
  { checkpoints, resume }: TrainingRun,
  identity: Parameters<typeof loadCheckpoint>[1],
  notice: (text: string) => void,
function feedOf({ beside }: TrainingRun, batches: Batches, seed: number): BatchFeed {
  if (!beside || beside.threads < 1) return directFeed(batches);
  const { size, viewsPerSample, length } = batches;
  return new ThreadedFeed({ ...beside, seed, size, viewsPerSample, length });
}

): Promise<Checkpoint | undefined> {
  if (checkpoints === undefined) return undefined;
  await sweepDrafts(checkpoints);
  if (!resume) return undefined;
  const saved = await loadCheckpoint(checkpoints, identity);
  if (!saved) notice('There is no checkpoint to go on from, so training starts afresh.');
  return saved;
}

/** A set smaller than a batch is one batch. Throws TOO_FEW_SAMPLES. */
function fitBatch(settings: TrainingSettings, count: number, notice: (text: string) => void): TrainingSettings {
  if (count < LEAST_SAMPLES) throw new AppError('TOO_FEW_SAMPLES', { found: count, needed: LEAST_SAMPLES });
  if (count >= settings.batch) return settings;
  notice(`There are ${count} pictures, fewer than a batch of ${settings.batch}, so each batch is all of them.`);
  return { ...settings, batch: count };
}

function buildLearner(settings: TrainingSettings, shape: readonly number[], pixels: PixelStatistics): Learner {
  const encoder = ARCHITECTURES[settings.architecture].build(settings.architectureOptions, shape);
  const loss = LOSSES[settings.loss].build(settings.lossOptions);
  const method = METHODS[settings.method].build(settings.methodOptions, { features: encoder.width, loss });
  return learner(encoder, method, pixels);
}

interface Parent {
  readonly initial: ReturnType<typeof readParameters>;
  readonly settings: TrainingSettings;
  readonly shape: readonly number[];
}

function startingState(
  { layout, encoderLayout, statisticsLayout, encoderStatisticsLayout }: Learner,
  optimiser: Optimiser,
  random: Random,
  parent: Parent | undefined,
): TrainingState {
  const parameters = startingParameters(layout, random.fork('parameters'));
  const statistics = startingParameters(statisticsLayout, random.fork('statistics'));
  if (parent) {
    assertSameNetwork(parent);
    copyParts(parent.initial.parameters, parameters, layout, encoderLayout);
    copyParts(parent.initial.statistics, statistics, statisticsLayout, encoderStatisticsLayout);
  }
  const slots = Object.fromEntries(optimiser.slots.map((name) => [name, new Float32Array(layout.length)]));
  return { step: 0, parameters, statistics, slots };
}

function assertSameNetwork({ initial, settings, shape }: Parent): void {
  const describe = (name: string, options: unknown, of: readonly number[]) => {
    const known = ARCHITECTURES[name as keyof typeof ARCHITECTURES]?.options.safeParse(options);
    return `${name} ${JSON.stringify(known?.success ? known.data : options)} for [${of.join(', ')}]`;
  };
  const theirs = describe(initial.architecture, initial.architectureOptions, initial.shape);
  const ours = describe(settings.architecture, settings.architectureOptions, shape);
  if (theirs !== ours)
    throw new AppError('PARAMETERS_INVALID', { why: `it is ${theirs}, and these settings ask for ${ours}` });
}
