import { readFile } from 'node:fs/promises';
import { Random } from '../core/random.js';
import { type ClassifierMetadata, exportClassifier } from '../encoder/export-classifier.js';
import { openOnnxClassifier } from '../encoder/onnx-classifier.js';
import { readParameters } from '../encoder/parameters-file.js';
import { AppError } from '../errors.js';
import { companyOf } from '../evaluation/choose-head.js';
import { fitClassifier } from '../evaluation/fit-classifier.js';
import { readPictureFile } from '../images/folder-source.js';
import type { PictureSource, SkippedPicture } from '../images/picture-source.js';
import { Preparation } from '../images/preparation.js';
import { prepare } from '../images/prepare.js';
import type { ModelManifest } from '../registry/registry.js';
import type { Environment } from './environment.js';
import type { Watched } from './index-line.js';
import {
  embedPictures,
  firstSkipped,
  labelledPictures,
  type NumberedLabels,
  numberLabels,
  somePictures,
} from './labelled-pictures.js';
import { parseSettings } from './parse-settings.js';
import type { Stores } from './stores.js';

const SEED = 1;
/** Every picture is compared with every other before labels spread. */
const MOST_UNLABELLED = 20_000;
const BATCH = 32;
/** Labels that an error names. */
const NAMED = 5;

export interface FittedClassifier {
  /** One ONNX file: encoder, head, and what it says of itself. */
  readonly bytes: Uint8Array;
  readonly about: ClassifierMetadata;
  readonly skipped: readonly SkippedPicture[];
}

/**
 * A classifier of labelled pictures: the encoder of a model as it is, and a head fitted on what it gives.
 * @throws AppError SOURCE_UNUSABLE, LABELS_UNUSABLE, MODEL_NOT_FOUND, MODEL_DAMAGED, CANCELLED
 */
export async function fitOnPictures(
  environment: Environment,
  stores: Pick<Stores, 'registry'>,
  options: {
    readonly source: PictureSource;
    /** The attribute that is the label: `folder` for a folder of folders. */
    readonly label: string;
    /** Pictures to learn from whose labels nobody knows; of very many, some, evenly spaced. */
    readonly unlabelled?: PictureSource | undefined;
    readonly modelId: string;
    readonly work: Pick<Watched, 'progress' | 'signal'>;
  },
): Promise<FittedClassifier> {
  const { source, label, unlabelled, modelId, work } = options;
  const manifest = await stores.registry.read(modelId);
  const pictures = await labelledPictures(environment, source, label, work);
  if (pictures.count === 0) throw new AppError('LABELS_UNUSABLE', { why: 'no picture has one' });
  const { ids, rows, skipped } = await embedPictures(environment, stores, pictures, manifest);
  const { labels, names } = numberLabels(ids.map((id) => pictures.labelOf(id)));
  assertLearnable({ labels, names }, skipped);
  const others =
    unlabelled &&
    (await embedPictures(
      environment,
      stores,
      await somePictures(environment, unlabelled, MOST_UNLABELLED, work),
      manifest,
    ));
  const { weights, biases, way, temperature, heldOut } = await fitClassifier(
    { rows, labels },
    {
      classes: names.length,
      company: others && (await companyOf(rows, others.rows)),
      random: new Random(SEED),
      signal: work.signal,
      onFit: (done, total) => work.progress?.({ stage: 'fitting', done, total, unit: 'heads' }),
    },
  );
  const { folds, accuracy, commonest, errorBefore, errorAfter } = heldOut;
  const pixels = await pixelsOf(stores, manifest);
  const about: ClassifierMetadata = {
    format: 1,
    labels: [...names],
    modelId,
    preparation: parseSettings(Preparation, manifest.preparation),
    ...(pixels && { pixels }),
    calibration: { temperature, errorBefore, errorAfter },
    fitted: { pictures: labels.length, unlabelled: others?.ids.length ?? 0, ...way, folds, accuracy, commonest },
  };
  const encoder = await readFile(stores.registry.path(modelId, 'encoder.onnx'));
  return {
    bytes: exportClassifier(encoder, { weights, biases }, about),
    about,
    skipped: [...skipped, ...(others?.skipped ?? [])],
  };
}

/** Throws LABELS_UNUSABLE where there is nothing to tell apart, or nothing left to ask about once one is held out. */
function assertLearnable({ labels, names }: NumberedLabels, skipped: readonly SkippedPicture[]): void {
  if (names.length < 2) {
    const why = names[0] === undefined ? 'no picture was read' : `all pictures are "${names[0]}"`;
    throw new AppError('LABELS_UNUSABLE', { why: why + firstSkipped(skipped) });
  }
  const counts = new Int32Array(names.length);
  for (const label of labels) counts[label]!++;
  const lonely = names.filter((_, label) => counts[label] === 1);
  if (lonely.length === 0) return;
  const more = lonely.length > NAMED ? ` and ${lonely.length - NAMED} more` : '';
  const listed = lonely.slice(0, NAMED).map((name) => `"${name}"`);
  throw new AppError('LABELS_UNUSABLE', { why: `there is one picture only of ${listed.join(', ')}${more}` });
}

async function pixelsOf({ registry }: Pick<Stores, 'registry'>, { modelId, parameters }: ModelManifest) {
  return parameters && readParameters(await readFile(registry.path(modelId, 'parameters.bin'))).pixels;
}

/** A picture with its label, or why it has none. */
export type Classified =
  | {
      readonly file: string;
      readonly label: string;
      readonly confidence: number;
      readonly confidences: Readonly<Record<string, number>>;
    }
  | { readonly file: string; readonly error: AppError };

/**
 * Names picture files with a classifier file, in the order given. It needs no model, registry or database.
 * @throws AppError CLASSIFIER_INVALID
 */
export async function* classifyFiles(
  { cores }: Pick<Environment, 'cores'>,
  { limits }: Pick<Stores, 'limits'>,
  path: string,
  files: readonly string[],
): AsyncGenerator<Classified> {
  const classifier = await openOnnxClassifier(await readClassifier(path), { threads: cores });
  try {
    const { labels, preparation } = classifier.about;
    const settings = parseSettings(Preparation, preparation);
    for (let start = 0; start < files.length; start += BATCH) {
      const batch = files.slice(start, start + BATCH);
      const samples = await Promise.all(
        batch.map((file) =>
          readPictureFile(file, limits)
            .then((bytes) => prepare(bytes, settings, limits))
            .catch((cause: unknown) => {
              if (cause instanceof AppError) return cause;
              throw cause;
            }),
        ),
      );
      const found = await classifier.classify(
        samples.filter((sample): sample is Uint8Array => !(sample instanceof AppError)),
      );
      let next = 0;
      for (const [at, file] of batch.entries()) {
        const sample = samples[at]!;
        yield sample instanceof AppError ? { file, error: sample } : { file, ...named(found[next++]!, labels) };
      }
    }
  } finally {
    await classifier.close();
  }
}

function named(confidences: Float32Array, labels: readonly string[]) {
  const confidence = confidences.reduce((a, b) => Math.max(a, b));
  return {
    label: labels[confidences.indexOf(confidence)]!,
    confidence,
    confidences: Object.fromEntries(labels.map((label, at) => [label, confidences[at]!])),
  };
}

/** The bytes of a classifier file. Throws CLASSIFIER_INVALID. */
async function readClassifier(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? `there is no ${path}` : `${path} can't be read (${cause.code})`;
    throw new AppError('CLASSIFIER_INVALID', { why }, { cause });
  });
}
