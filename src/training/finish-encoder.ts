import { Random } from '../core/random.js';
import { embeddingLength, exportEncoder } from '../encoder/export-encoder.js';
import { namedParts, type SavedTensor, writeParameters } from '../encoder/parameters-file.js';
import type { PixelStatistics } from '../encoder/pixel-statistics.js';
import { type Whitening, whiten } from '../encoder/whitening.js';
import { type Scores, scores } from '../evaluation/scores.js';
import type { CurvePoint, Intervention } from '../registry/registry.js';
import type { Checkpoint } from './checkpoint.js';
import type { SavingCost } from './checkpoint-saver.js';
import { FITTED_AT_MOST, fitWhitening, needsWhitening, WHITENING_POWERS } from './fit-whitening.js';
import type { Done, RunContext } from './run-steps.js';
import type { Spent } from './stopwatch.js';
import type { TrainingSettings } from './training-settings.js';

/** All that the registry publishes of a run. */
export interface TrainedEncoder {
  /** `encoder.onnx`: `pixels` uint8 [N, H, W, C] in, `embedding` float32 [N, dimension] out, unit rows. */
  readonly encoder: Uint8Array;
  /** `parameters.bin`, heads included: a later run can go on from it. */
  readonly parameters: Uint8Array;
  readonly dimension: number;
  /** How many numbers the network has, frozen ones too, heads left out. */
  readonly encoderParameters: number;
  readonly curve: readonly CurvePoint[];
  /** What the guard did. */
  readonly interventions: readonly Intervention[];
  /** The step whose weights these are, where the best was asked for and was not the last. */
  readonly keptStep?: number;
  /** Label-free, of what the exported encoder gives for the probed samples. */
  readonly scores: Scores;
  /** As they were used: options filled in, the batch fitted to the set. */
  readonly settings: TrainingSettings;
  readonly pixels: PixelStatistics;
  readonly steps: number;
  /** Of training, over all the processes that took part. */
  readonly seconds: number;
  /** Those seconds by part. */
  readonly spent: Spent;
  /** Of the process that ended the run. */
  readonly saving: SavingCost;
}

/** Whitening, scores, export. */
export async function finishEncoder(context: RunContext, { checkpoint, saving }: Done): Promise<TrainedEncoder> {
  const done = published(checkpoint);
  const { run, settings, learner, probe } = context;
  run.progress?.({ stage: 'finishing', done: 0, total: 2, unit: 'parts' });
  const whitening = await whiteningOf(context, done);
  const [one, other] = (await probe.embed(done.state)).map(({ features }) => features) as [Float32Array, Float32Array];
  const through = (rows: Float32Array) => (whitening === undefined ? rows : whiten(rows, whitening));
  run.progress?.({ stage: 'finishing', done: 1, total: 2, unit: 'parts' });
  const { encoderLayout, encoderStatisticsLayout, layout, statisticsLayout, pixels, encoder, kept } = learner;
  const { parameters, statistics } = done.state;
  const dimension = embeddingLength({ encoder, whitening });
  const exported = exportEncoder({
    encoder,
    parameters: namedParts(parameters, encoderLayout),
    statistics: namedParts(statistics, encoderStatisticsLayout),
    pixels,
    whitening,
    sample: run.samples.shape,
    notes: run.metadata ?? {},
  });
  const about = {
    architecture: settings.architecture,
    architectureOptions: settings.architectureOptions,
    shape: [...run.views.shape],
    pixels: { mean: [...pixels.mean], deviation: [...pixels.deviation] },
  };
  run.progress?.({ stage: 'finishing', done: 2, total: 2, unit: 'parts' });
  return {
    encoder: exported,
    parameters: writeParameters({
      ...about,
      parameters: { ...kept.parameters, ...namedParts(parameters, layout) },
      statistics: { ...kept.statistics, ...namedParts(statistics, statisticsLayout) },
      ...(kept.graph && { graph: kept.graph }),
    }),
    dimension,
    encoderParameters: encoderLayout.length + numbersIn(kept.parameters ?? {}),
    curve: done.curve,
    interventions: done.interventions,
    ...(done !== checkpoint && { keptStep: done.state.step }),
    scores: scores(through(one), dimension, through(other)),
    settings,
    pixels,
    steps: done.course.steps,
    seconds: done.seconds,
    spent: done.spent,
    saving,
  };
}

/** The run at the step whose weights are published. */
function published(done: Checkpoint): Checkpoint {
  const { best, settings, state } = done;
  if (settings.keep !== 'best' || !best || best.step === state.step) return done;
  const { step, parameters, statistics } = best;
  return { ...done, state: { ...state, step, parameters, statistics } };
}

const numbersIn = (parts: Readonly<Record<string, SavedTensor>>): number =>
  Object.values(parts).reduce((sum, { values }) => sum + values.length, 0);

/** Fitted on samples as they are, since that is what the exported encoder will be given. */
async function whiteningOf(context: RunContext, done: Checkpoint): Promise<Whitening | undefined> {
  const { run, settings, probe, embedder } = context;
  if (!needsWhitening(settings, embedder.dimension)) return undefined;
  const order = new Random(settings.seed).fork('whitening').permutation(run.samples.count);
  const fitted = order.subarray(0, FITTED_AT_MOST);
  const read = (index: number) => run.samples.read(fitted[index]!);
  const { values, dimension } = await probe.embedPlain(done.state, fitted.length, read);
  const { signal } = run;
  return fitWhitening(values, dimension, WHITENING_POWERS[settings.whitening], { axes: settings.dimension, signal });
}
