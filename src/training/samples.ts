import type { Random } from '../core/random.js';

/**
 * What the trainer trains on: fixed-length byte samples by number. It never names pixels. For pictures a sample is
 * `[height, width, channels]` bytes, as `prepare` makes them.
 */
export interface Samples {
  readonly count: number;
  readonly shape: readonly number[];
  /** Hash of the content of all samples, in order: what a manifest calls the data's fingerprint. */
  readonly fingerprint: string;
  /** The bytes of one sample, valid until the next call. */
  read(index: number): Uint8Array;
}

/** Makes one random view of a sample, as the network wants it: for pictures `[channels, height, width]` in [0, 1]. */
export interface Views {
  /** Length of one view. */
  readonly length: number;
  readonly shape: readonly number[];
  write(sample: Uint8Array, random: Random, out: Float32Array, offset: number): void;
  /** The sample itself, unchanged, in the same form. */
  plain(sample: Uint8Array, out: Float32Array, offset: number): void;
}
