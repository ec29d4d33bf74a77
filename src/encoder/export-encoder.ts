import { matMul, sub, type Tensor2D } from '@tensorflow/tfjs-core';
import { exportOnnx } from '../tensor/export-onnx.js';
import { unitRows } from '../tensor/operations.js';
import { type Block, readoutOf } from './block.js';
import { EMBEDDING, MAP, PIXELS, writeMetadata } from './encoder-metadata.js';
import { frozenScope } from './frozen-scope.js';
import type { SavedTensor } from './parameters-file.js';
import { type PixelStatistics, standardise } from './pixel-statistics.js';
import { axesOf, type Whitening } from './whitening.js';

/** All that an encoder is made of. */
export interface EncoderParts {
  readonly encoder: Block;
  readonly parameters: Readonly<Record<string, SavedTensor>>;
  readonly statistics: Readonly<Record<string, SavedTensor>>;
  readonly pixels: PixelStatistics;
  readonly whitening: Whitening | undefined;
  /** `[height, width, channels]` of a sample. */
  readonly sample: readonly number[];
  /** Kept in the file for whoever opens it. */
  readonly notes: Readonly<Record<string, string>>;
}

/**
 * The bytes of `encoder.onnx`: `pixels` uint8 [N, H, W, C] in, `embedding` float32 [N, D] out, unit rows. Preprocessing,
 * whitening and the unit length are in the graph, so whoever runs it can't get them wrong. Where the network has a map,
 * it is a second output, `map` float32 [N, C, h, w]: the last one before pooling, as it is, channels first, since turning
 * it would cost every run something, also those that ask for embeddings alone.
 */
export function exportEncoder(parts: EncoderParts): Uint8Array {
  const { encoder, parameters, statistics, pixels, whitening, sample, notes } = parts;
  const [height, width, channels] = sample as [number, number, number];
  const whitener = whitening && {
    'whitening/mean': constant([1, whitening.dimension], whitening.mean),
    'whitening/matrix': constant([whitening.dimension, axesOf(whitening)], whitening.matrix),
  };
  const learned = Object.entries(parameters).map(
    ([name, { shape, values }]) => [name, constant(shape, values)] as const,
  );
  return exportOnnx({
    fn(tensors) {
      const scope = frozenScope(tensors, parameters, statistics);
      const x = standardise(tensors[PIXELS]!, pixels);
      const seen = readoutOf(encoder).features(scope, x);
      const rows = unitRows(seen.rows);
      const map = seen.map && { [MAP]: seen.map };
      if (!whitener) return { [EMBEDDING]: rows, ...map };
      const centred = sub(rows, tensors['whitening/mean']!) as Tensor2D;
      return { [EMBEDDING]: unitRows(matMul(centred, tensors['whitening/matrix'] as Tensor2D)), ...map };
    },
    inputs: {},
    constants: { ...Object.fromEntries(learned), ...whitener },
    bytesInput: { name: PIXELS, height, width, channels },
    metadata: writeMetadata({ format: 1, sample: [...sample], dimension: embeddingLength(parts), notes: { ...notes } }),
  });
}

/** Numbers of an embedding. */
export const embeddingLength = ({ encoder, whitening }: Pick<EncoderParts, 'encoder' | 'whitening'>): number =>
  whitening ? axesOf(whitening) : readoutOf(encoder).width;

const constant = (shape: readonly number[], values: Float32Array) => ({ shape, values });
