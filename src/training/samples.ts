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
  /** How many neighbours are best read together; absent where any sample can be read as easily as any other. */
  readonly shard?: number;
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

/** Samples and views as a thread opened them. */
export interface OpenedSamples {
  readonly samples: Pick<Samples, 'count' | 'shard' | 'read'>;
  readonly views: Views;
}

/** How a thread comes to the same samples and views: a module whose function makes them from plain data. */
export interface Portable {
  readonly module: URL;
  /** What the module exports: `(options) => OpenedSamples`. */
  readonly name: string;
  /** Whatever can be sent to a thread; shared memory stays shared. */
  readonly options: unknown;
}
