import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createViews } from '../augment/create-views.js';
import { VIEW_PRESETS, ViewSettings } from '../augment/index.js';
import { fingerprint } from '../core/fingerprint.js';
import { openOnnxEncoder } from '../encoder/onnx-encoder.js';
import { writeParameters } from '../encoder/parameters-file.js';
import { AppError } from '../errors.js';
import { declareProbes, type ProbeScore, scoreProbes } from '../evaluation/probes.js';
import type { PictureSource } from '../images/picture-source.js';
import { Preparation } from '../images/preparation.js';
import type { PreparedSamples } from '../images/prepare-samples.js';
import type { CurvePoint, ModelManifest } from '../registry/registry.js';
import { createEngine } from '../tensor/create-engine.js';
import type { TrainedEncoder } from '../training/finish-encoder.js';
import { resolveSettings } from '../training/resolve-settings.js';
import { LEAST_SAMPLES, type TrainingPlan, trainEncoder } from '../training/train-encoder.js';
import { type Backbone, doubtsAbout, openBackbone } from './backbone.js';
import type { Environment } from './environment.js';
import type { Watched } from './index-line.js';
import { portablePictures, shareOf } from './open-pictures.js';
import { parseSettings } from './parse-settings.js';
import { copies, samplesBytes, samplesOf } from './samples-of.js';
import { folders, type Stores } from './stores.js';

export interface TrainOptions {
  readonly source: PictureSource;
  /** Begins the model's id. */
  readonly name: string;
  /** How pictures become samples; what it does not say is as in the parent, or the default. */
  readonly preparation?: Readonly<Record<string, unknown>>;
  /** Strengths of the views; the preset for the number of channels where absent. */
  readonly views?: unknown;
  /** What `TrainingSettings` takes; a parent's network is kept where it says no other. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** A model to go on from. */
  readonly parent?: string | undefined;
  /** Or a network that was not born here. */
  readonly backbone?: Backbone | undefined;
  /** Goes on from the checkpoint an interrupted run of the same source left; `if-it-fits`: else begins anew. */
  readonly resume?: boolean | 'if-it-fits';
  readonly work: Watched;
  /** Sentences for people. */
  readonly say?: (line: string) => void;
  readonly onEpoch?: (point: CurvePoint) => void;
  /** How to make this model again, for its manifest. */
  readonly command?: string;
  readonly licence?: string;
  readonly credits?: readonly string[];
}

/** A candidate that is not published yet, with what it was trained on still open. */
export interface Candidate {
  readonly trained: TrainedEncoder;
  readonly prepared: PreparedSamples;
  readonly preparation: Preparation;
  readonly views: ViewSettings;
  /** Seconds that reading, decoding and preparing pictures took, before the first step. */
  readonly decodeSeconds: number;
  readonly scores: ProbeScore;
  /** Folder of the checkpoint of its last step, from which a run goes on that was stopped before it could publish. */
  readonly checkpoints: string;
}

/** Once a candidate is published or turned down, nothing goes on from its checkpoint. */
export const settleCandidate = ({ checkpoints }: Pick<Candidate, 'checkpoints'>): Promise<void> =>
  rm(checkpoints, { recursive: true, force: true });

/** Source → samples → views → encoder → its label-free scores. Nothing is published. */
export async function trainCandidate(
  environment: Environment,
  stores: Pick<Stores, 'registry'>,
  options: TrainOptions,
): Promise<Candidate> {
  const { config, cores, now } = environment;
  const { source, work } = options;
  const parent = options.parent === undefined ? undefined : await stores.registry.read(options.parent);
  const foreign = options.backbone && openBackbone(options.backbone);
  const preparation = parseSettings(Preparation, {
    ...parent?.preparation,
    ...(options.preparation ?? {}),
    ...foreign?.preparation,
  });
  const settings = { ...(parent ? goingOn(parent, options.settings) : options.settings), ...foreign?.settings };
  const views = parseSettings(
    ViewSettings,
    options.views ?? VIEW_PRESETS[preparation.channels === 1 ? 'grey' : 'colour'],
  );
  resolveSettings(settings); // before hours of reading pictures, not after
  const startedAt = now();
  const prepared = await samplesOf(environment, source, preparation, work);
  const decodeSeconds = (now() - startedAt) / 1000;
  try {
    const { samples } = prepared;
    if (samples.count < LEAST_SAMPLES)
      throw new AppError('TOO_FEW_SAMPLES', {
        found: samples.count,
        needed: LEAST_SAMPLES,
        leftOut: leftOut(prepared),
      });
    const checkpoints = join(folders(environment).checkpoints, fingerprint(source.description).slice(0, 16));
    const engine = await createEngine(config.KINDRED_ENGINE, {
      threads: config.KINDRED_THREADS ?? cores,
      layout: config.KINDRED_LAYOUT,
      device: config.KINDRED_DEVICE,
    });
    const threads = config.KINDRED_VIEW_THREADS;
    const holdBytes = shareOf(samplesBytes(environment), threads);
    const portable = portablePictures({ table: prepared.table, shape: samples.shape, views, holdBytes });
    const initial = foreign
      ? writeParameters(foreign.saved)
      : parent?.parameters && (await readParametersOf(stores, parent.modelId));
    const doubts = foreign ? await doubtsAbout(foreign.saved, copies(prepared), cores) : [];
    for (const line of [...(foreign?.notices ?? []), ...doubts]) options.say?.(line);
    const train = (resume: boolean) =>
      trainEncoder({
        samples,
        views: createViews(views, samples.shape),
        beside: { portable, threads },
        settings,
        engine,
        now,
        startedAt: budgetStart(settings, startedAt, now()),
        signal: work.signal,
        progress: work.progress,
        checkpoints,
        resume,
        onPlan: (plan) => options.say?.(planned(plan)),
        ...(options.onEpoch ? { onEpoch: options.onEpoch } : {}),
        onNotice: options.say ?? ((line) => environment.log.warn({ source: source.description }, line)),
        ...(initial ? { initial } : {}),
        metadata: { preparation: JSON.stringify(preparation) },
      });
    const trained = await train(options.resume !== undefined && options.resume !== false).catch((cause: unknown) => {
      const other = cause instanceof AppError && cause.code === 'CHECKPOINT_INVALID';
      if (other && options.resume === 'if-it-fits') return train(false);
      throw cause;
    });
    const encoder = await openOnnxEncoder(trained.encoder, { threads: cores });
    const scores = await scoreProbes(declareProbes(copies(prepared), samples.shape), encoder).finally(() =>
      encoder.close(),
    );
    return { trained, prepared, preparation, views, decodeSeconds, scores, checkpoints };
  } catch (cause) {
    prepared.close();
    throw cause;
  }
}

/** What became of the other pictures of a source, as sentences; undefined where there were none. */
function leftOut({ equal, skipped }: PreparedSamples): string | undefined {
  const sentences: string[] = [];
  if (equal.length > 0) sentences.push(`${counted(equal.length)} the same pixels as another.`);
  const [first] = skipped;
  if (first) sentences.push(`${counted(skipped.length)} not been read, ${first.name} first: ${first.why}`);
  return sentences.length > 0 ? sentences.join(' ') : undefined;
}

const counted = (pictures: number): string => (pictures === 1 ? '1 picture has' : `${pictures} pictures have`);

/** Going on from a model keeps its network, option by option, and the length of its embeddings. */
function goingOn(parent: ModelManifest, asked: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const theirs = networkOf(parent);
  const another = asked.architecture !== undefined && asked.architecture !== theirs.architecture;
  if (another) return { ...theirs, architectureOptions: {}, ...asked }; // which training refuses, naming both
  const architectureOptions = { ...(theirs.architectureOptions as object), ...(asked.architectureOptions as object) };
  return { ...theirs, ...asked, architectureOptions };
}

function networkOf(manifest: ModelManifest): Record<string, unknown> {
  const training = (manifest.settings.training ?? {}) as Record<string, unknown>;
  const kept = [
    'architecture',
    'architectureOptions',
    'method',
    'methodOptions',
    'loss',
    'whitening',
    'frozen',
    'firstLayerRate',
  ];
  const { dimension } = manifest;
  return {
    dimension,
    ...Object.fromEntries(kept.filter((name) => name in training).map((name) => [name, training[name]])),
  };
}

/**
 * When the minutes of a budget began: with the preparation of pictures, but so that at least half of them is training.
 * The settings stay as they are, since a checkpoint is held to them.
 */
function budgetStart(settings: Readonly<Record<string, unknown>>, startedAt: number, preparedAt: number): number {
  const budget = settings.budget as { minutes?: number } | undefined;
  return Math.max(startedAt, preparedAt - (budget?.minutes ?? 10) * 30_000);
}

async function readParametersOf(stores: Pick<Stores, 'registry'>, modelId: string): Promise<Uint8Array> {
  return readFile(stores.registry.path(modelId, 'parameters.bin'));
}

/** A plan as a sentence. */
function planned({ parameters, bytes }: TrainingPlan): string {
  const memory = bytes === undefined ? '' : `, and training takes about ${Math.ceil(bytes / 2 ** 20)} MiB of memory`;
  return `The network has ${parameters.toLocaleString('en')} parameters${memory}.`;
}
