import { readFile } from 'node:fs/promises';
import type { Encoder } from '../encoder/encoder.js';
import { exportEncoder } from '../encoder/export-encoder.js';
import { buildNetwork, type NetworkName } from '../encoder/networks.js';
import { openOnnxEncoder } from '../encoder/onnx-encoder.js';
import { readParameters } from '../encoder/parameters-file.js';
import { AppError } from '../errors.js';
import { Preparation } from '../images/preparation.js';
import type { ModelRegistry } from '../registry/registry.js';

type Models = Pick<ModelRegistry, 'path'> & { read(modelId: string): Promise<{ readonly preparation: unknown }> };

/** The feature maps of a model, and how pictures are prepared for it. */
export interface MapEncoder {
  readonly preparation: Preparation;
  readonly encodeMaps: NonNullable<Encoder['encodeMaps']>;
  close(): Promise<void>;
}

/**
 * Opens a model for its feature maps. One that was exported before maps were an output is exported again, in memory, from
 * its parameters. Throws MODEL_NOT_FOUND, MODEL_DAMAGED, and MODEL_WITHOUT_MAP where its network has none.
 */
export async function openMapEncoder(registry: Models, modelId: string): Promise<MapEncoder> {
  const preparation = Preparation.parse((await registry.read(modelId)).preparation);
  const published = await openOnnxEncoder(registry.path(modelId, 'encoder.onnx'));
  const encoder = published.encodeMaps ? published : await exportedAgain(registry, modelId);
  if (encoder !== published) await published.close();
  const { encodeMaps } = encoder;
  if (encodeMaps) return { preparation, encodeMaps, close: () => encoder.close() };
  await encoder.close();
  throw new AppError('MODEL_WITHOUT_MAP', { modelId });
}

async function exportedAgain(registry: Models, modelId: string): Promise<Encoder> {
  const saved = readParameters(await readFile(registry.path(modelId, 'parameters.bin')));
  const [channels, height, width] = saved.shape as [number, number, number];
  const network = await buildNetwork(saved.architecture as NetworkName, saved.architectureOptions, saved.shape, saved);
  const { parameters, statistics, pixels } = saved;
  const sample = [height, width, channels];
  const parts = { encoder: network, parameters, statistics, pixels, whitening: undefined, sample, notes: {} };
  return openOnnxEncoder(exportEncoder(parts));
}
