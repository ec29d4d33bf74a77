import type { Tensor } from '@tensorflow/tfjs-core';

export interface TensorSpec {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
}
export type TensorSpecs = Readonly<Record<string, TensorSpec>>;
export type Tensors = Readonly<Record<string, Tensor>>;
export type Values = Readonly<Record<string, Float32Array | Int32Array>>;

/** A pure function of named tensors, written with TensorFlow.js and the operations of `operations.ts`. No randomness inside. */
export type TensorFunction = (inputs: Tensors) => Tensors;

/** A function that was traced (or is run eagerly) for one set of shapes. */
export interface CompiledFunction {
  readonly inputs: TensorSpecs;
  readonly outputs: TensorSpecs;
  /** The least that running takes at its fullest, inputs and outputs included, workspaces not; only compiled forms know. */
  readonly peakBytes?: number;
  /**
   * @param spare outputs of an earlier run that nobody needs any more: results may be written into their memory
   * @throws AppError TENSOR_MISMATCH where a value is missing or has another length
   */
  run(values: Values, spare?: Values): Promise<Values>;
  dispose(): Promise<void>;
}

/** Where tensor functions run: compiled to ONNX Runtime, or eagerly on a TensorFlow.js backend. */
export interface Engine {
  readonly name: 'onnx' | 'tfjs-node' | 'tfjs-cpu';
  compile(fn: TensorFunction, inputs: TensorSpecs): Promise<CompiledFunction>;
}
