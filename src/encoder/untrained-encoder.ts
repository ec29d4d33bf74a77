import { Random } from '../core/random.js';
import { exportEncoder } from './export-encoder.js';
import { buildNetwork, type NetworkName } from './networks.js';
import { parameterLayout, startingParameters, statisticsOf } from './parameter-layout.js';
import { namedParts, readParameters } from './parameters-file.js';

/**
 * The bytes of `encoder.onnx` as a model's network was before its first step: same architecture, same seed, nothing
 * learnt, no whitening. What a trained network finds beyond it is what training gave. Undefined for an imported network,
 * whose random start nobody trained from.
 * @param saved `parameters.bin` of the model
 * @throws AppError PARAMETERS_INVALID
 */
export async function untrainedEncoder(saved: Uint8Array, seed: number): Promise<Uint8Array | undefined> {
  const { architecture, architectureOptions, shape, pixels } = readParameters(saved);
  if (architecture === 'imported') return undefined;
  const [channels = 3, height = 0, width = 0] = shape;
  const network = await buildNetwork(architecture as NetworkName, architectureOptions, shape, undefined);
  const random = new Random(seed);
  const layout = parameterLayout(network.parameters);
  const statistics = parameterLayout(statisticsOf(network.normalisations));
  return exportEncoder({
    encoder: network,
    parameters: namedParts(startingParameters(layout, random.fork('parameters')), layout),
    statistics: namedParts(startingParameters(statistics, random.fork('statistics')), statistics),
    pixels: { mean: pixels.mean, deviation: pixels.deviation },
    whitening: undefined,
    sample: [height, width, channels],
    notes: {},
  });
}
