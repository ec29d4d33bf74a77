import type { Tensor1D } from '@tensorflow/tfjs-core';

/** What one update sees. Every tensor is flat, `[P]`: all parameters of the network, one after another. */
export interface UpdateInputs {
  readonly parameters: Tensor1D;
  readonly gradient: Tensor1D;
  /** 1 where weight decay pulls, 0 at biases and normalisations. */
  readonly decay: Tensor1D;
  /** Share of the learning rate that each parameter gets; absent where all get the whole. */
  readonly rates?: Tensor1D;
  readonly slots: Readonly<Record<string, Tensor1D>>;
  /** Numbers of this step, each a tensor of shape `[1]`. */
  readonly scalars: Readonly<Record<string, Tensor1D>>;
}

/** Turns gradients into new parameters. A pure function of tensors, so that a whole step is one compiled function. */
export interface Optimiser {
  /** Names of the vectors it keeps between steps, each as long as the parameters and 0 at the start. */
  readonly slots: readonly string[];
  /** Names of what `numbers` gives, so that the step can be compiled before the first of them is known. */
  readonly scalars: readonly string[];
  /** @param step from 0 */
  numbers(step: number, rate: number): Readonly<Record<string, number>>;
  update(inputs: UpdateInputs): { parameters: Tensor1D; slots: Record<string, Tensor1D> };
}
