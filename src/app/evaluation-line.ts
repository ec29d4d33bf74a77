import { readFile } from 'node:fs/promises';
import { untrainedEncoder } from '../encoder/untrained-encoder.js';
import { AppError } from '../errors.js';
import { BASELINES, type BaselineName } from '../evaluation/baselines.js';
import { type JudgedRow, judgeLabelled } from '../evaluation/judge-labelled.js';
import { type Rows, rowsOfBytes } from '../evaluation/rows.js';
import type { PictureSource, SkippedPicture } from '../images/picture-source.js';
import { Preparation } from '../images/preparation.js';
import type { PreparedSamples } from '../images/prepare-samples.js';
import type { Environment } from './environment.js';
import type { Watched } from './index-line.js';
import {
  embedPictures,
  firstSkipped,
  type LabelledPictures,
  labelledPictures,
  type NumberedLabels,
  numberLabels,
  rowsOf,
  samplesIn,
} from './labelled-pictures.js';
import { parseSettings } from './parse-settings.js';
import type { Stores } from './stores.js';

/** What no learning gives, by the names of `BASELINES`. */
const BESIDE: readonly BaselineName[] = ['pixels', 'pixels-half-whitened', 'whitened-pixels', 'pca-64'];
/** Side at which pixels are compared: at more their principal axes take minutes, and find no more. */
const PIXEL_SIDE = 16;
/** Every picture is compared with every other. */
const MOST_PICTURES = 20_000;
const SEED = 1;

export interface EvaluateOptions {
  readonly source: PictureSource;
  /** The attribute that is the label: `folder` for a folder of folders. */
  readonly label: string;
  readonly models: readonly string[];
  readonly work: Pick<Watched, 'progress' | 'signal'>;
}

export interface Evaluation {
  readonly pictures: number;
  readonly labels: number;
  readonly skipped: readonly SkippedPicture[];
  /** Models in the order given, then their networks before they learnt, then what no learning gives. */
  readonly rows: readonly JudgedRow[];
}

/**
 * How well models tell labelled pictures apart, beside what their networks give untrained, and pixels alone.
 * @throws AppError SOURCE_UNUSABLE, EVALUATION_IMPOSSIBLE, MODEL_NOT_FOUND, CANCELLED
 */
export async function evaluate(
  environment: Environment,
  stores: Pick<Stores, 'registry'>,
  { source, label, models, work }: EvaluateOptions,
): Promise<Evaluation> {
  const manifests = await Promise.all(models.map((modelId) => stores.registry.read(modelId)));
  const pictures = await labelledPictures(environment, source, label, work);
  assertFew(pictures);
  const numbered = (ids: readonly string[]) => numberLabels(ids.map((id) => pictures.labelOf(id)));
  const total = 2 * models.length + BESIDE.length;
  let done = 0;
  const judge = async (what: string, kind: JudgedRow['kind'], rows: Rows, { labels }: NumberedLabels) => {
    work.progress?.({ stage: 'judging', done: done++, total, unit: 'ways', note: what });
    return { what, kind, ...(await judgeLabelled(rows, labels, { seed: SEED, signal: work.signal })) };
  };

  const pixels = await using(pictures.prepare(Preparation.parse({ size: PIXEL_SIDE })), (prepared) => ({
    rows: rowsOfBytes(samplesIn(prepared)),
    skipped: prepared.skipped,
    numbers: numbered(prepared.ids),
  }));
  assertComparable(pixels.numbers, pixels.skipped);
  const rows: JudgedRow[] = [];
  for (const manifest of manifests) {
    const embedded = await embedPictures(environment, stores, pictures, manifest);
    rows.push(await judge(manifest.modelId, 'model', embedded.rows, numbered(embedded.ids)));
  }
  for (const manifest of manifests) {
    const saved = manifest.parameters && (await readFile(stores.registry.path(manifest.modelId, 'parameters.bin')));
    const untrained = saved && (await untrainedEncoder(saved, manifest.seed));
    if (!untrained) {
      done++;
      continue;
    }
    const { rows: found, numbers } = await using(
      pictures.prepare(parseSettings(Preparation, manifest.preparation)),
      async (prepared) => ({
        rows: await rowsOf(environment, prepared, untrained),
        numbers: numbered(prepared.ids),
      }),
    );
    rows.push(await judge(`untrained ${manifest.modelId}`, 'untrained', found, numbers));
  }
  for (const name of BESIDE)
    rows.push(await judge(name, 'pixels', await BASELINES[name](pixels.rows)(pixels.rows), pixels.numbers));
  work.progress?.({ stage: 'judging', done: total, total, unit: 'ways' });
  const { labels, names } = pixels.numbers;
  return { pictures: labels.length, labels: names.length, skipped: pixels.skipped, rows };
}

async function using<T>(opening: Promise<PreparedSamples>, use: (prepared: PreparedSamples) => T | Promise<T>) {
  const prepared = await opening;
  try {
    return await use(prepared);
  } finally {
    prepared.close();
  }
}

/** Throws EVALUATION_IMPOSSIBLE where comparing each with all would take too long. */
export function assertFew({ count }: LabelledPictures): void {
  if (count > MOST_PICTURES)
    throw new AppError('EVALUATION_IMPOSSIBLE', {
      why: `there are ${count} labelled pictures, and each is compared with all: ${MOST_PICTURES} is the most`,
    });
}

/** Throws EVALUATION_IMPOSSIBLE where labels leave nothing to find, or nothing to mistake it for. */
export function assertComparable({ labels, names }: NumberedLabels, skipped: readonly SkippedPicture[]): void {
  const why =
    labels.length < 4
      ? `${labels.length} pictures have a label and can be read${firstSkipped(skipped)}`
      : names.length < 2
        ? 'all pictures have the same label'
        : names.length === labels.length
          ? 'no two pictures have the same label'
          : undefined;
  if (why) throw new AppError('EVALUATION_IMPOSSIBLE', { why });
}
