import { Random } from '../../src/core/random.js';
import { ARCHITECTURES } from '../../src/encoder/architectures/index.js';
import type { EncoderParts } from '../../src/encoder/export-encoder.js';
import { parameterLayout, startingParameters, statisticsOf } from '../../src/encoder/parameter-layout.js';
import { namedParts } from '../../src/encoder/parameters-file.js';
import type { Whitening } from '../../src/encoder/whitening.js';

/** A small untrained encoder for `size × size × channels`, with running statistics that are not the trivial ones. */
export function toyParts(size = 9, channels = 3, whitening?: Whitening): EncoderParts {
  const random = new Random(2);
  const encoder = ARCHITECTURES.residual.build({ width: 0.25, pool: 2, readout: 2 }, [channels, size, size]);
  const layout = parameterLayout(encoder.parameters);
  const statistics = parameterLayout(statisticsOf(encoder.normalisations));
  // running statistics that fit no data would mute small weights
  const values = startingParameters(layout, random).map((value) => 3 * value);
  const running = startingParameters(statistics, random).map((value) => value + random.between(0.05, 0.3));
  return {
    encoder,
    parameters: namedParts(values, layout),
    statistics: namedParts(running, statistics),
    pixels: { mean: Array(channels).fill(0.4), deviation: Array(channels).fill(0.3) },
    whitening,
    sample: [size, size, channels],
    notes: { preparation: '{"size":9}' },
  };
}

/** A whitening that turns and stretches at random, and keeps so many axes. */
export function toyWhitening(dimension: number, axes = dimension): Whitening {
  const random = new Random(8);
  const numbers = (length: number, scale: number) => Float32Array.from({ length }, () => scale * random.normal());
  return { dimension, mean: numbers(dimension, 0.1), matrix: numbers(dimension * axes, 1) };
}
