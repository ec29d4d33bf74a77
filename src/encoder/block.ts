import type { Tensor } from '@tensorflow/tfjs-core';

/** A tensor that is learned. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** A constant, or the standard deviation of a normal distribution around 0. */
  readonly start: number | { readonly deviation: number };
  /** Whether weight decay pulls at it: not at biases, nor at the scales and shifts of normalisations. */
  readonly decays: boolean;
  /** Where its layer stands, from 0 at the pictures to 1 at the end; 1 where it is not said. Early layers may learn slower. */
  readonly depth?: number;
  /** What of the pictures' shape this parameter's shape follows; nothing where it is absent. */
  readonly follows?: Followed;
}

/**
 * `channels`: the second axis is squares of pixels × channels, channels changing fastest. `grid`: the first axis is a
 * grid of places [rows, columns] in the picture.
 */
export type Followed = { readonly channels: number } | { readonly grid: readonly [number, number] };

/** A batch normalisation: it keeps a running mean and variance of each channel. */
export interface NormalisationSpec {
  readonly name: string;
  readonly channels: number;
}

/** What `forward` reads its parameters from. Training and inference hand it different ones (`scopes.ts`). */
export interface Scope {
  parameter(name: string): Tensor;
  /** Batch normalisation of `[N, C]` or `[N, C, H, W]` by channel. */
  normalise(name: string, x: Tensor): Tensor;
}

/** A piece of a network, an architecture or a head: a pure function of its parameters. */
export interface Block {
  readonly parameters: readonly ParameterSpec[];
  readonly normalisations: readonly NormalisationSpec[];
  /** Numbers that come out for each sample. */
  readonly width: number;
  /** `[N, …]` in, `[N, width]` out. */
  forward(scope: Scope, x: Tensor): Tensor;
  /** The same, with the map on the way; absent where a network has none. */
  dense?(scope: Scope, x: Tensor): DenseFeatures;
  /** Channels of that map. */
  readonly mapChannels?: number;
  /** What embeddings are made from, where that is more than a head learns on. */
  readonly readout?: Readout;
}

/** Features for an embedding. */
export interface Readout {
  readonly width: number;
  features(scope: Scope, x: Tensor): Features;
}

/** What a network makes of pictures before and after it loses sight of where things are. */
export interface DenseFeatures {
  /** The last feature map before pooling, `[N, C, h, w]`. */
  readonly map: Tensor;
  /** What `forward` gives, `[N, width]`. */
  readonly rows: Tensor;
}

/** The same of any network: without a map where it has none. */
export type Features = Pick<DenseFeatures, 'rows'> & Partial<DenseFeatures>;

/** What a network makes of pictures, its map beside the rows where it has one. */
export const featuresOf = (block: Block, scope: Scope, x: Tensor): Features =>
  block.dense?.(scope, x) ?? { rows: block.forward(scope, x) };

/** What embeddings are made from: what a head learns on, unless a network has more to say. */
export const readoutOf = (block: Block): Readout =>
  block.readout ?? { width: block.width, features: (scope, x) => featuresOf(block, scope, x) };

/** `forward` and `dense` of a network that ends in a pooling of its last map, of so many channels. */
export function pooledNetwork(
  mapChannels: number,
  mapOf: (scope: Scope, x: Tensor) => Tensor,
  pooled: (map: Tensor) => Tensor,
): Required<Pick<Block, 'forward' | 'dense' | 'mapChannels'>> {
  return {
    mapChannels,
    forward: (scope, x) => pooled(mapOf(scope, x)),
    dense(scope, x) {
      const map = mapOf(scope, x);
      return { map, rows: pooled(map) };
    },
  };
}

/** Standard deviation of PyTorch's default, uniform in ±1/√fan-in: the recipe was measured with it. */
const deviation = (fanIn: number): number => Math.sqrt(1 / (3 * fanIn));

/** Weights `[out, in, k, k]`. Their length matters only to the pace of learning: a normalisation follows. */
export const convolution = (name: string, inputs: number, outputs: number, kernel: number): ParameterSpec => ({
  name,
  shape: [outputs, inputs, kernel, kernel],
  start: { deviation: deviation(inputs * kernel * kernel) },
  decays: true,
});

/** The convolution that reads pixels: weights `[out, squares · channels, k, k]`. */
export const pixelConvolution = (
  name: string,
  channels: number,
  squares: number,
  outputs: number,
  kernel: number,
): ParameterSpec => ({ ...convolution(name, channels * squares, outputs, kernel), follows: { channels } });

/** Weights `[in, out]`, as they stand in x · W. */
export const linear = (name: string, inputs: number, outputs: number): ParameterSpec => ({
  name,
  shape: [inputs, outputs],
  start: { deviation: deviation(inputs) },
  decays: true,
});

export const bias = (name: string, outputs: number): ParameterSpec => ({
  name,
  shape: [outputs],
  start: 0,
  decays: false,
});

/** The scale and shift of a normalisation, named as `Scope.normalise` looks for them. */
export const scaleAndShift = ({ name, channels }: NormalisationSpec): ParameterSpec[] => [
  { name: `${name}/scale`, shape: [channels], start: 1, decays: false },
  { name: `${name}/shift`, shape: [channels], start: 0, decays: false },
];
