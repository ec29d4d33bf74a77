import { exportEncoder } from './export-encoder.js';
import { buildNetwork, type NetworkName } from './networks.js';
import type { SavedParameters } from './parameters-file.js';
import { savedParametersFor } from './saved-parameters-for.js';

/**
 * The bytes of `encoder.onnx` made of saved parameters as they are: without whitening.
 * @param options of the network that are another than they were, such as what embeddings are made from
 * @param shape of the pictures that go in, `[channels, height, width]`, where they are not as they were
 * @throws AppError SETTINGS_INVALID, BACKBONE_INVALID; PARAMETERS_INVALID where there is no way to the shape
 */
export async function exportSaved(
  saved: SavedParameters,
  options: object = {},
  shape: readonly number[] = saved.shape,
): Promise<Uint8Array> {
  const { architecture, architectureOptions, statistics, pixels } = saved;
  const [channels, height, width] = shape as [number, number, number];
  const encoder = await buildNetwork(architecture as NetworkName, { ...architectureOptions, ...options }, shape, saved);
  return exportEncoder({
    encoder,
    parameters: savedParametersFor(saved, encoder.parameters),
    statistics,
    pixels,
    whitening: undefined,
    sample: [height, width, channels],
    notes: {},
  });
}
