import { readFile } from 'node:fs/promises';
import { cosine } from '../core/vectors.js';
import type { Encoder } from '../encoder/encoder.js';
import { exportSaved } from '../encoder/export-saved.js';
import { openOnnxEncoder } from '../encoder/onnx-encoder.js';
import { readParameters } from '../encoder/parameters-file.js';
import { publishedWhitening } from '../encoder/published-whitening.js';
import { type MapGeometry, placeOfMap } from '../encoder/similarity-shares.js';
import { AppError } from '../errors.js';
import { Preparation } from '../images/preparation.js';
import type { ModelRegistry } from '../registry/registry.js';

type Models = Pick<ModelRegistry, 'path'> & { read(modelId: string): Promise<{ readonly preparation: unknown }> };

/** The feature maps of a model, and how pictures are prepared for them. */
export interface MapEncoder {
  readonly preparation: Preparation;
  /** How its embeddings are made from its maps. */
  readonly geometry: MapGeometry;
  readonly encodeMaps: NonNullable<Encoder['encodeMaps']>;
  close(): Promise<void>;
}

/**
 * Opens a model for its feature maps. One that was exported before maps were an output is exported again, in memory, from
 * its parameters. Throws MODEL_NOT_FOUND, MODEL_DAMAGED, and MODEL_WITHOUT_MAP where its network has none, or one that its
 * embeddings are not made from.
 */
export async function openMapEncoder(registry: Models, modelId: string): Promise<MapEncoder> {
  const preparation = Preparation.parse((await registry.read(modelId)).preparation);
  const bytes = await readFile(registry.path(modelId, 'encoder.onnx'));
  const opened = [await openOnnxEncoder(bytes)];
  let kept: Encoder | undefined;
  try {
    const [published] = opened as [Encoder];
    if (!published.encodeMaps) opened.push(await exportedAgain(registry, modelId));
    const encoder = opened.at(-1)!;
    const whitening = publishedWhitening(bytes);
    const geometry = {
      dimension: whitening?.dimension ?? published.dimension,
      whitenings: whitening ? [whitening] : [],
    };
    const { encodeMaps } = encoder;
    if (!encodeMaps || !(await agree(published, encodeMaps, geometry)))
      throw new AppError('MODEL_WITHOUT_MAP', { modelId });
    kept = encoder;
    return { preparation, geometry, encodeMaps, close: () => encoder.close() };
  } finally {
    for (const encoder of opened) if (encoder !== kept) await encoder.close();
  }
}

/** A network knows things by the size that they have in its training, where they fill the picture; in scenes they are smaller. */
const TIMES = 6;
/** Largest side of a sample, in pixels. */
const LARGEST = 512;

/**
 * The same for finer maps: pictures are prepared six times as large, or as nearly as the network takes them (one from
 * elsewhere may take one size alone) and `Preparation` allows.
 */
export async function openFineMapEncoder(registry: Models, modelId: string): Promise<Omit<MapEncoder, 'geometry'>> {
  const own = await openMapEncoder(registry, modelId);
  const { preparation } = own;
  const { size } = preparation;
  try {
    for (let times = Math.min(TIMES, Math.floor(LARGEST / size)); times > 1; times--) {
      const larger = await exportedAgain(registry, modelId, times * size).catch(nothingWhereRefused);
      if (!larger?.encodeMaps) continue;
      await own.close();
      const { encodeMaps } = larger;
      return { preparation: { ...preparation, size: times * size }, encodeMaps, close: () => larger.close() };
    }
  } catch (cause) {
    await own.close();
    throw cause;
  }
  return own;
}

/** Codes of a network that does not take pictures of a size. */
const REFUSED: readonly string[] = ['SETTINGS_INVALID', 'BACKBONE_INVALID', 'PARAMETERS_INVALID'];

function nothingWhereRefused(cause: unknown): undefined {
  if (cause instanceof AppError && REFUSED.includes(cause.code)) return;
  throw cause;
}

/** Whether the embedding of a sample is what the geometry makes of its map: what is said of cells is then said of the embedding. */
async function agree(
  published: Encoder,
  encodeMaps: MapEncoder['encodeMaps'],
  geometry: MapGeometry,
): Promise<boolean> {
  const length = published.sample.shape.reduce((product, side) => product * side, 1);
  const sample = Uint8Array.from({ length }, (_, i) => (i * 37 + (i >> 5) * 101) % 256);
  const [[embedding], [map]] = await Promise.all([published.encode([sample]), encodeMaps([sample])]);
  const windows = Math.sqrt(geometry.dimension / map!.channels);
  if (!Number.isInteger(windows) || windows > Math.min(map!.height, map!.width)) return false;
  return cosine(embedding!, placeOfMap(map!, geometry)) > 0.999;
}

async function exportedAgain(registry: Models, modelId: string, side?: number): Promise<Encoder> {
  const saved = readParameters(await readFile(registry.path(modelId, 'parameters.bin')));
  return openOnnxEncoder(
    await exportSaved(saved, {}, side === undefined ? saved.shape : [saved.shape[0]!, side, side]),
  );
}
