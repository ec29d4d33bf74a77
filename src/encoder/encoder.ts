import type { Vector } from '../core/vectors.js';

/** What one prepared sample looks like: for pictures, `[height, width, channels]` bytes. */
export interface SampleSpec {
  readonly shape: readonly number[];
}

/** What an encoder sees where in one sample, before it pools that into one vector. */
export interface FeatureMap {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** `[height, width, channels]`: the features of a cell lie together. As the network has them, of any length. */
  readonly cells: Float32Array;
}

/** Turns prepared samples into unit vectors. The same samples give the same vectors, alone or in a batch. */
export interface Encoder {
  readonly dimension: number;
  readonly sample: SampleSpec;
  /**
   * @param samples each the bytes of one prepared sample, `sample.shape` multiplied out
   * @returns one unit vector of `dimension` numbers for each, in order
   * @throws AppError SAMPLE_INVALID where a sample has another length
   */
  encode(samples: readonly Uint8Array[]): Promise<readonly Vector[]>;
  /**
   * The feature map of each sample, in order; absent where the network has none, or was exported before it was kept.
   * @throws AppError SAMPLE_INVALID where a sample has another length
   */
  encodeMaps?(samples: readonly Uint8Array[]): Promise<readonly FeatureMap[]>;
  close(): Promise<void>;
}
