import { sweepDrafts } from '../core/atomic-files.js';
import { fingerprint } from '../core/fingerprint.js';
import type { Progress } from '../core/progress.js';
import { Random } from '../core/random.js';
import { frozenBlock } from '../encoder/frozen-block.js';
import { buildNetwork } from '../encoder/networks.js';
import { startingParameters } from '../encoder/parameter-layout.js';
import { copyParts, readParameters } from '../encoder/parameters-file.js';
import type { PixelStatistics } from '../encoder/pixel-statistics.js';
import { savedParametersFor } from '../encoder/saved-parameters-for.js';
import { AppError } from '../errors.js';
import type { CurvePoint } from '../registry/registry.js';
import type { Engine } from '../tensor/engine.js';
import { type BatchFeed, directFeed } from './batch-feed.js';
import { Batches } from './batches.js';
import { assertFits, type Checkpoint, loadCheckpoint, type TrainingState } from './checkpoint.js';
import { UNTROUBLED } from './collapse-guard.js';
import { finishEncoder, type TrainedEncoder } from './finish-encoder.js';
import { type Learner, learner } from './learner.js';
import { LOSSES } from './losses/index.js';
import { measurePixels } from './measure-pixels.js';
import { memoryLengths, startingMemory } from './memory.js';
import { METHODS } from './methods/index.js';
import { OPTIMISERS } from './optimisers/index.js';
import type { Optimiser } from './optimisers/optimiser.js';
import { assertSameNetwork, frozenParts, type Parent, pixelsOf } from './parent.js';
import { type AlsoScore, Probe } from './probe.js';
import { resolveSettings } from './resolve-settings.js';
import { RowEmbedder } from './row-embedder.js';
import { runSteps } from './run-steps.js';
import type { Portable, Samples, Views } from './samples.js';
import { Stepper, type StepTaker } from './stepper.js';
import { NOTHING_SPENT } from './stopwatch.js';
import { ThreadedFeed } from './threaded-feed.js';
import type { TrainingSettings } from './training-settings.js';
import { TwoPassStepper } from './two-pass-stepper.js';

/** What a run is about to be, known once its network is compiled. */
export interface TrainingPlan {
  /** Numbers that are learnt, heads included. */
  readonly parameters: number;
  /** About the memory that training adds at its fullest, beside the prepared pictures; undefined where nobody knows. */
  readonly bytes: number | undefined;
  readonly stepsPerEpoch: number;
}

/** What a training run is handed. */
export interface TrainingRun {
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
  /** Before the first step. */
  readonly onPlan?: (plan: TrainingPlan) => void;
  /** Each point of the curve as it comes. */
  readonly onEpoch?: (point: CurvePoint) => void;
  readonly alsoScore?: AlsoScore;
  /** Sentences that somebody should read: a smaller batch, a checkpoint that could not be saved. */
  readonly onNotice?: (notice: string) => void;
  /** Folder for checkpoints; none are written where it is absent. */
  readonly checkpoints?: string;
  /** Goes on from the checkpoint in that folder, if there is one. */
  readonly resume?: boolean;
  /** `parameters.bin` of a model to go on from. */
  readonly initial?: Uint8Array;
  /** Makes views in so many threads of their own, beside the steps; in this one where it is absent or says 0. */
  readonly beside?: { readonly portable: Portable; readonly threads: number };
  /** Kept in the exported encoder, for whoever opens it: how pictures become samples, for example. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What tracing a step, the runtime and its copy of the model took with every network that was measured, in bytes. */
const COMPILING = 128 * 2 ** 20;
/** What a thread that makes views takes beside them. */
const VIEWS_THREAD = 48 * 2 ** 20;
/** Fewer tell a contrastive loss nothing. */
export const LEAST_SAMPLES = 8;

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
  const pixels = saved?.pixels ?? pixelsOf(initial, views) ?? measurePixels(samples, views, random);
  const parentOf = initial && { initial, settings };
  const student = await buildLearner(settings, views.shape, pixels, parentOf);
  const optimiser = OPTIMISERS[settings.optimiser].build(settings.optimiserOptions);
  if (saved) assertFits(saved, student, optimiser);

  const batches = new Batches(samples, views, settings.batch, student.method.viewsPerSample, random);
  const feed = feedOf(run, batches, settings.seed);
  let stepper: StepTaker | undefined;
  let embedder: RowEmbedder | undefined;
  try {
    const shape = { batch: batches.size, view: views.shape };
    stepper =
      settings.parts === 1
        ? await Stepper.compile(engine, student, optimiser, shape)
        : await TwoPassStepper.compile(engine, student, optimiser, shape, settings.parts);
    embedder = await RowEmbedder.compile(engine, student, views.shape, Math.min(256, settings.batch * 2));
    const memory = [COMPILING, stepper.bytes, embedder.bytes, feedBytes(run, batches), goodBytes(student, optimiser)];
    run.onPlan?.({ parameters: student.layout.length, bytes: sumOf(memory), stepsPerEpoch: batches.stepsPerEpoch });
    const checkpoint: Checkpoint = saved ?? {
      course: { steps: 0 },
      seconds: 0,
      spent: NOTHING_SPENT,
      tally: { losses: 0, steps: 0 },
      ...identity,
      pixels,
      curve: [],
      guard: UNTROUBLED,
      interventions: [],
      ...startingPoint(startingState(student, optimiser, random, parentOf)),
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

/** Undefined where a part of it is. */
const sumOf = (parts: readonly (number | undefined)[]): number | undefined =>
  parts.reduce((sum, part) => (sum === undefined || part === undefined ? undefined : sum + part), 0);

function feedOf({ beside }: TrainingRun, batches: Batches, seed: number): BatchFeed {
  if (!beside || beside.threads < 1) return directFeed(batches);
  const { size, viewsPerSample, length } = batches;
  return new ThreadedFeed({ ...beside, seed, size, viewsPerSample, length });
}

/** Batches of views: the one in work and one for each thread, which has a heap of its own. */
function feedBytes({ beside }: TrainingRun, batches: Batches): number {
  const threads = beside?.threads ?? 0;
  return threads * VIEWS_THREAD + (threads + 1) * 4 * batches.length;
}

/** The last sound state, which is held beside the one that the steps change. */
function goodBytes(student: Learner, optimiser: Optimiser): number {
  const remembered = Object.values(memoryLengths(student)).reduce((sum, length) => sum + length, 0);
  return 4 * ((1 + optimiser.slots.length) * student.layout.length + student.statisticsLayout.length + remembered);
}

/** The checkpoint to go on from, where one is wanted and there. What a killed process was writing is swept away. */
async function previousCheckpoint(
  { checkpoints, resume }: TrainingRun,
  identity: Parameters<typeof loadCheckpoint>[1],
  notice: (text: string) => void,
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

async function buildLearner(
  settings: TrainingSettings,
  shape: readonly number[],
  pixels: PixelStatistics,
  parent: Parent | undefined,
): Promise<Learner> {
  const { architecture, architectureOptions, firstLayerRate } = settings;
  const network = await buildNetwork(architecture, architectureOptions, shape, parent?.initial);
  const loss = LOSSES[settings.loss].build(settings.lossOptions);
  const { width: features, mapChannels } = network;
  const method = METHODS[settings.method].build(settings.methodOptions, { features, mapChannels, loss });
  const graph = parent?.initial.graph;
  if (!settings.frozen) return learner(network, method, pixels, { firstLayerRate, kept: { graph } });
  if (!parent)
    throw new AppError('SETTINGS_INVALID', { why: '✖ Only a network that has learnt something can be frozen.' });
  assertSameNetwork(parent);
  const { parameters, statistics } = frozenParts(network, parent);
  return learner(frozenBlock(network, parameters, statistics), method, pixels, {
    kept: { graph, parameters, statistics },
  });
}

/** What a fresh run goes back to is its start. */
const startingPoint = (state: TrainingState): Pick<Checkpoint, 'state' | 'good'> => ({
  state,
  good: { state, points: 0 },
});

function startingState(
  student: Learner,
  optimiser: Optimiser,
  random: Random,
  parent: Parent | undefined,
): TrainingState {
  const { layout, encoderLayout, statisticsLayout, encoderStatisticsLayout } = student;
  const parameters = startingParameters(layout, random.fork('parameters'));
  const statistics = startingParameters(statisticsLayout, random.fork('statistics'));
  if (parent) {
    assertSameNetwork(parent);
    copyParts(savedParametersFor(parent.initial, encoderLayout.entries), parameters, layout, encoderLayout);
    copyParts(parent.initial.statistics, statistics, statisticsLayout, encoderStatisticsLayout);
  }
  const slots = Object.fromEntries(optimiser.slots.map((name) => [name, new Float32Array(layout.length)]));
  const memory = startingMemory(student, { parameters, statistics }, random.fork('memory'));
  return { step: 0, parameters, statistics, slots, memory };
}
