import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { NormalisationSpec, ParameterSpec, Scope } from '../../encoder/block.js';
import type { Loss } from '../losses/loss.js';

/** A way to learn from views: which heads it puts on the encoder, how many views it wants, and what it asks of them. */
export interface Method {
  readonly viewsPerSample: number;
  /** Parameters of its heads, trained with the encoder's and thrown away after. */
  readonly parameters: readonly ParameterSpec[];
  readonly normalisations: readonly NormalisationSpec[];
  /** What is carried from step to step beside the parameters; nothing where it is absent. */
  readonly memory?: MethodMemory;
  /** The rows `[views, P]` that the objective compares, of features `[views, D]`: a head may collapse before its encoder. */
  project?(scope: Scope, features: Tensor2D): Tensor2D;
  /**
   * What is minimised.
   * @param features `[viewsPerSample · N, D]`: the first view of each sample, then the second of each
   * @param remembered what `memory` asks for
   * @param map `[viewsPerSample · N, C, h, w]`, what the features are pooled from; absent where the network has none
   */
  objective(scope: Scope, features: Tensor2D, remembered: Remembered, map?: Tensor): Scalar;
}

/** A copy of the network that follows it slowly, what it makes of the views, and a queue of what it made of earlier ones. */
export interface MethodMemory {
  /** Share of the copy that stays at each step; with 0 it is the network itself. */
  readonly momentum: number;
  /** Rows of earlier batches, the oldest first to go; none where it is absent. */
  readonly queue?: MethodQueue;
  /**
   * What the copy makes of features `[viewsPerSample · N, D]`, and of the map where there is one: rows
   * `[viewsPerSample · N, P]` of unit length, or several such side by side.
   */
  target(scope: Scope, features: Tensor2D, map?: Tensor): Tensor2D;
}

export interface MethodQueue {
  readonly rows: number;
  /** Numbers of a row: the first so many of a target are queued. */
  readonly width: number;
  /** Vectors of unit length that lie side by side in a row; one where it is absent. */
  readonly keys?: number;
}

/** Constants to the gradient. */
export interface Remembered {
  /** `[viewsPerSample · N, P]`, what `target` made of the same views. */
  readonly targets?: Tensor2D;
  /** `[Q, width]` rows, the newest first. */
  readonly queue?: Tensor2D;
}

/** What a method is built for. */
export interface MethodInputs {
  /** Width of the encoder's features. */
  readonly features: number;
  /** Channels of its map; absent where it has none. */
  readonly mapChannels?: number | undefined;
  readonly loss: Loss;
}
