import type { Vector } from '../core/vectors.js';

/** What one prepared sample looks like: for pictures, `[height, width, channels]` bytes. */
export interface SampleSpec {
  readonly shape: readonly number[];
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
  close(): Promise<void>;
}
