import { readFile } from 'node:fs/promises';
import { Random } from '../core/random.js';
import { openOnnxEncoder } from '../encoder/onnx-encoder.js';
import { AppError } from '../errors.js';
import { BASELINES, type BaselineName } from '../evaluation/baselines.js';
import { type Judged, judgeLabelled } from '../evaluation/judge-labelled.js';
import { type Rows, rowsOfBytes, rowsOfEncoder } from '../evaluation/rows.js';
import type { PictureSource, SkippedPicture } from '../images/picture-source.js';
import { Preparation } from '../images/preparation.js';
import type { Environment } from './environment.js';
import type { Watched } from './index-line.js';
import { parseSettings } from './parse-settings.js';
import type { Stores } from './stores.js';
import { samplesOf } from './training-line.js';

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
  /** Models in the order given, then what no learning gives. */
  readonly rows: readonly (Judged & { readonly what: string; readonly isModel: boolean })[];
}

/**
 * How well models tell labelled pictures apart, beside what pixels alone give.
 * @throws AppError SOURCE_UNUSABLE, EVALUATION_IMPOSSIBLE, MODEL_NOT_FOUND, CANCELLED
 */
export async function evaluate(
  environment: Environment,
  stores: Pick<Stores, 'registry'>,
  { source, label, models, work }: EvaluateOptions,
): Promise<Evaluation> {
  const manifests = await Promise.all(models.map((modelId) => stores.registry.read(modelId)));
  const { labelOf, labelled } = await readLabels(source, label);
  const prepared = async (preparation: Preparation) => {
    const { samples, ids, skipped, close } = await samplesOf(environment, labelled, preparation, work, {
      dropEqual: false,
    });
    const all = ids.map((_, i) => samples.read(i).slice());
    close();
    return { all, skipped, ...numbered(ids.map((id) => labelOf.get(id)!)) };
  };
  const total = models.length + BESIDE.length;
  const rows: (Judged & { what: string; isModel: boolean })[] = [];
  const judge = async (what: string, isModel: boolean, of: Rows, labels: Int32Array) => {
    if (work.signal?.aborted) throw new AppError('CANCELLED', { what: 'Evaluating' });
    work.progress?.({ stage: 'judging', done: rows.length, total, unit: 'of them', note: what });
    rows.push({ what, isModel, ...(await judgeLabelled(of, labels, new Random(SEED))) });
  };

  const pixels = await prepared(Preparation.parse({ size: PIXEL_SIDE }));
  assertComparable(pixels.labels, pixels.count);
  for (const { modelId, preparation } of manifests) {
    const { all, labels } = await prepared(parseSettings(Preparation, preparation));
    const bytes = await readFile(stores.registry.path(modelId, 'encoder.onnx'));
    const encoder = await openOnnxEncoder(bytes, { threads: environment.cores });
    const of = await rowsOfEncoder(encoder, all).finally(() => encoder.close());
    await judge(modelId, true, of, labels);
  }
  const raw = rowsOfBytes(pixels.all);
  for (const name of BESIDE) await judge(name, false, await BASELINES[name](raw)(raw), pixels.labels);
  work.progress?.({ stage: 'judging', done: total, total, unit: 'of them' });
  return { pictures: pixels.all.length, labels: pixels.count, skipped: pixels.skipped, rows };
}

/** The labels by item id, and the source without what has none. Throws EVALUATION_IMPOSSIBLE, SOURCE_UNUSABLE. */
async function readLabels(source: PictureSource, label: string) {
  const labelOf = new Map<string, string>();
  for await (const { itemId, attributes } of source.list()) {
    const value = attributes[label];
    const known = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (known && value !== '') labelOf.set(itemId, String(value));
  }
  if (labelOf.size > MOST_PICTURES)
    throw new AppError('EVALUATION_IMPOSSIBLE', {
      why: `there are ${labelOf.size} labelled pictures, and each is compared with all: ${MOST_PICTURES} is the most`,
    });
  const labelled: PictureSource = {
    description: source.description,
    async *list() {
      for await (const picture of source.list()) if (labelOf.has(picture.itemId)) yield picture;
    },
  };
  return { labelOf, labelled };
}

function numbered(names: readonly string[]): { readonly labels: Int32Array; readonly count: number } {
  const numbers = new Map<string, number>();
  for (const name of names) if (!numbers.has(name)) numbers.set(name, numbers.size);
  return { labels: Int32Array.from(names, (name) => numbers.get(name)!), count: numbers.size };
}

function assertComparable(labels: Int32Array, count: number): void {
  const why =
    labels.length < 4
      ? `${labels.length} pictures have a label and can be read`
      : count < 2
        ? 'all pictures have the same label'
        : count === labels.length
          ? 'no two pictures have the same label'
          : undefined;
  if (why) throw new AppError('EVALUATION_IMPOSSIBLE', { why });
}
