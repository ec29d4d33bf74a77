import { type Tensor, tensor1d } from '@tensorflow/tfjs-core';
import { affine } from '../tensor/operations.js';

/** Mean and standard deviation of each channel of the training set, values in [0, 1]. */
export interface PixelStatistics {
  readonly mean: number[];
  readonly deviation: number[];
}

/** The first operation of every network: (x − mean) / deviation by channel. `[N, C, …]` in [0, 1] in. */
export function standardise(x: Tensor, { mean, deviation }: PixelStatistics): Tensor {
  const scale = deviation.map((value) => 1 / value);
  const shift = mean.map((value, channel) => -value * scale[channel]!);
  return affine(x, tensor1d(scale), tensor1d(shift));
}
