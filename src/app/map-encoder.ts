import { readFile } from 'node:fs/promises';
import { cosine } from '../core/vectors.js';
import type { Encoder } from '../encoder/encoder.js';
import { exportSaved } from '../encoder/export-saved.js';
import { openOnnxEncoder } from '../encoder/onnx-encoder.js';
import { readParameters, type SavedParameters } from '../encoder/parameters-file.js';
import { publishedWhitening } from '../encoder/published-whitening.js';
import { type MapGeometry, placeOfMap } from '../encoder/similarity-shares.js';
import { AppError } from '../errors.js';
import { LARGEST_SIDE, Preparation } from '../images/preparation.js';
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
    if (!published.encodeMaps) opened.push(await exported(await savedOf(registry, modelId)));
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

/** How many times as large pictures are seen where a thing is looked for in them, which filled them in training. */
export const FINER = 6;

/**
 * The same for finer maps: pictures are prepared `FINER` times as large, or as nearly as the network takes them (one from
 * elsewhere may take one size alone) and a sample may be.
 */
export async function openFineMapEncoder(registry: Models, modelId: string): Promise<Omit<MapEncoder, 'geometry'>> {
  const own = await openMapEncoder(registry, modelId);
  try {
    const { preparation } = own;
    const saved = await savedOf(registry, modelId);
    for (let times = Math.min(FINER, Math.floor(LARGEST_SIDE / preparation.size)); times > 1; times--) {
      const size = times * preparation.size;
      const larger = await tried(saved, size);
      if (!larger) continue;
      await own.close();
      return { preparation: { ...preparation, size }, ...larger };
    }
    return own;
  } catch (cause) {
    await own.close();
    throw cause;
  }
}

/** The maps of a saved network for pictures of another side; undefined where it does not take them, which only a try shows. */
async function tried(
  saved: SavedParameters,
  side: number,
): Promise<Pick<MapEncoder, 'encodeMaps' | 'close'> | undefined> {
  let encoder: Encoder | undefined;
  try {
    encoder = await exported(saved, side);
    const { encodeMaps, close } = encoder;
    await encodeMaps!([new Uint8Array(side * side * saved.shape[0]!)]);
    return { encodeMaps: encodeMaps!, close: close.bind(encoder) };
  } catch {
    await encoder?.close();
    return undefined;
  }
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

const savedOf = async (registry: Models, modelId: string): Promise<SavedParameters> =>
  readParameters(await readFile(registry.path(modelId, 'parameters.bin')));

async function exported(saved: SavedParameters, side?: number): Promise<Encoder> {
  const shape = side === undefined ? saved.shape : [saved.shape[0]!, side, side];
  return openOnnxEncoder(await exportSaved(saved, {}, shape));
}
