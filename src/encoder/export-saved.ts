import { exportEncoder } from './export-encoder.js';
import { buildNetwork, type NetworkName } from './networks.js';
import type { SavedParameters } from './parameters-file.js';

/**
 * The bytes of `encoder.onnx` made of saved parameters as they are: without whitening.
 * @param options of the network that are another than they were, such as what embeddings are made from
 * @throws AppError SETTINGS_INVALID, BACKBONE_INVALID
 */
export async function exportSaved(saved: SavedParameters, options: object = {}): Promise<Uint8Array> {
  const { architecture, architectureOptions, shape, parameters, statistics, pixels } = saved;
  const [channels, height, width] = shape as [number, number, number];
  return exportEncoder({
    encoder: await buildNetwork(architecture as NetworkName, { ...architectureOptions, ...options }, shape, saved),
    parameters,
    statistics,
    pixels,
    whitening: undefined,
    sample: [height, width, channels],
    notes: {},
  });
}
