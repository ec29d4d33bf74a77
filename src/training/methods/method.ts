import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import type { NormalisationSpec, ParameterSpec, Scope } from '../../encoder/block.js';
import type { Loss } from '../losses/loss.js';

/** A way to learn from views: which heads it puts on the encoder, how many views it wants, and what it asks of them. */
export interface Method {
  readonly viewsPerSample: number;
  /** Parameters of its heads, trained with the encoder's and thrown away after. */
  readonly parameters: readonly ParameterSpec[];
  readonly normalisations: readonly NormalisationSpec[];
  /**
   * What is minimised.
   * @param features `[viewsPerSample · N, D]`: the first view of each sample, then the second of each
   */
  objective(scope: Scope, features: Tensor2D): Scalar;
}

/** What a method is built for. */
export interface MethodInputs {
  /** Width of the encoder's features. */
  readonly features: number;
  readonly loss: Loss;
}
