import { readFile } from 'node:fs/promises';
import { openOnnxEncoder } from '../encoder/onnx-encoder.js';
import { AppError } from '../errors.js';
import { type Rows, rowsOfEncoder } from '../evaluation/rows.js';
import type { PictureSource, SkippedPicture } from '../images/picture-source.js';
import { Preparation } from '../images/preparation.js';
import type { PreparedSamples } from '../images/prepare-samples.js';
import type { ModelManifest } from '../registry/registry.js';
import type { Environment } from './environment.js';
import type { Watched } from './index-line.js';
import { parseSettings } from './parse-settings.js';
import { samplesOf } from './samples-of.js';
import type { Stores } from './stores.js';

/** The pictures of a source that have a label. */
export interface LabelledPictures {
  readonly count: number;
  /** Prepared through the cache; whoever asks closes them. Throws SOURCE_UNUSABLE, DISK_FULL, CANCELLED. */
  prepare(preparation: Preparation): Promise<PreparedSamples>;
  labelOf(itemId: string): string;
}

type Work = Pick<Watched, 'progress' | 'signal'>;

/** @throws AppError SOURCE_UNUSABLE */
export async function labelledPictures(
  environment: Environment,
  source: PictureSource,
  label: string,
  work: Work,
): Promise<LabelledPictures> {
  const labels = new Map<string, string>();
  for await (const { itemId, attributes } of source.list()) {
    const value = attributes[label];
    const known = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (known && value !== '') labels.set(itemId, String(value));
  }
  const labelled: PictureSource = {
    description: source.description,
    async *list() {
      for await (const picture of source.list()) if (labels.has(picture.itemId)) yield picture;
    },
  };
  return {
    count: labels.size,
    prepare: (preparation) => samplesOf(environment, labelled, preparation, work, { dropEqual: false }),
    labelOf: (itemId) => labels.get(itemId)!,
  };
}

/** So many pictures of a source at most, evenly spaced in its order; labels don't matter. Throws SOURCE_UNUSABLE. */
export async function somePictures(
  environment: Environment,
  source: PictureSource,
  most: number,
  work: Work,
): Promise<Pick<LabelledPictures, 'prepare'>> {
  let count = 0;
  for await (const _ of source.list()) count++;
  if (count === 0) throw new AppError('SOURCE_UNUSABLE', { why: `there is no picture in ${source.description}` });
  const step = Math.max(1, count / most);
  const some: PictureSource = {
    description: source.description,
    async *list() {
      let [at, taken] = [0, 0];
      for await (const picture of source.list())
        if (at++ === Math.floor(taken * step)) {
          taken++;
          yield picture;
        }
    },
  };
  return { prepare: (preparation) => samplesOf(environment, some, preparation, work) };
}

/** Pictures as a model sees them. */
export interface EmbeddedPictures {
  readonly ids: readonly string[];
  readonly rows: Rows;
  readonly skipped: readonly SkippedPicture[];
}

/** Prepares the pictures as a model wants them and embeds them with it. Throws MODEL_DAMAGED, and what preparing throws. */
export async function embedPictures(
  environment: Environment,
  { registry }: Pick<Stores, 'registry'>,
  pictures: Pick<LabelledPictures, 'prepare'>,
  manifest: ModelManifest,
): Promise<EmbeddedPictures> {
  const prepared = await pictures.prepare(parseSettings(Preparation, manifest.preparation));
  try {
    const bytes = await readFile(registry.path(manifest.modelId, 'encoder.onnx'));
    return { ids: prepared.ids, skipped: prepared.skipped, rows: await rowsOf(environment, prepared, bytes) };
  } finally {
    prepared.close();
  }
}

/** What an exported encoder gives for prepared pictures. */
export async function rowsOf(environment: Environment, prepared: PreparedSamples, bytes: Uint8Array): Promise<Rows> {
  const encoder = await openOnnxEncoder(bytes, { threads: environment.cores });
  return rowsOfEncoder(encoder, samplesIn(prepared)).finally(() => encoder.close());
}

export const samplesIn = ({ ids, samples }: PreparedSamples): Uint8Array[] =>
  ids.map((_, i) => samples.read(i).slice());

/** In brackets, why the first picture was passed over; nothing where none was. */
export const firstSkipped = ([first]: readonly SkippedPicture[]): string =>
  first ? ` (${first.name}: ${first.why.replace(/\.$/, '')})` : '';

/** Labels by number, in the order in which they are met. */
export interface NumberedLabels {
  readonly labels: Int32Array;
  readonly names: readonly string[];
}

export function numberLabels(names: readonly string[]): NumberedLabels {
  const numbers = new Map<string, number>();
  for (const name of names) if (!numbers.has(name)) numbers.set(name, numbers.size);
  return { labels: Int32Array.from(names, (name) => numbers.get(name)!), names: [...numbers.keys()] };
}
