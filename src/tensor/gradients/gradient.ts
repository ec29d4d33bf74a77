import * as tf from '@tensorflow/tfjs-core';
import { sameShape } from '../graph.js';
import { KernelAttributes } from '../kernels/kernel.js';

export type Inputs = Record<string, () => tf.Tensor>;

/**
 * One row of the table of gradients: which inputs and outputs of the kernel to keep, and from the gradient of the
 * output to that of each input, made when asked for.
 */
export interface Gradient {
  readonly inputs?: readonly string[];
  /** keep the (only) output: it comes after the kept inputs */
  readonly output?: true;
  of(dy: tf.Tensor, saved: readonly tf.Tensor[], attributes: KernelAttributes): Inputs;
}
/** The same for kernels that take a list of tensors, or give one. */
export interface ListGradient {
  /** the input to keep; all of them where a kernel takes a list */
  readonly input?: string;
  of(dy: tf.Tensor | tf.Tensor[], inputs: readonly tf.Tensor[], attributes: KernelAttributes): Inputs;
}
export type GradientTable = Readonly<Record<string, Gradient>>;

export function registerGradient(kernelName: string, gradient: Gradient): void {
  tf.registerGradient({
    kernelName,
    inputsToSave: [...(gradient.inputs ?? [])],
    outputsToSave: gradient.output ? [true] : [],
    gradFunc: (dy, saved, attributes) =>
      gradient.of(dy as tf.Tensor, saved, new KernelAttributes(attributes as Record<string, unknown>)),
  });
}

export function registerListGradient(kernelName: string, gradient: ListGradient): void {
  tf.registerGradient({
    kernelName,
    ...(gradient.input ? { inputsToSave: [gradient.input] } : { saveAllInputs: true }),
    gradFunc: (dy, saved, attributes) =>
      gradient.of(dy, saved, new KernelAttributes(attributes as Record<string, unknown>)),
  });
}

/** The gradient of something that was broadcast: summed over what broadcasting repeated. */
export function unbroadcast(dy: tf.Tensor, like: tf.Tensor): tf.Tensor {
  if (sameShape(dy.shape, like.shape)) return tf.clone(dy); // never dy itself: TensorFlow.js frees what it has added up
  const lead = dy.rank - like.rank;
  const axes = dy.shape.map((_, axis) => axis).filter((axis) => axis < lead || like.shape[axis - lead] === 1);
  return tf.reshape(tf.sum(dy, axes), like.shape);
}

/** Puts reduced axes back as ones, so that the result broadcasts over `like`. */
export function unreduced(y: tf.Tensor, like: tf.Tensor, axes: readonly number[]): tf.Tensor {
  return tf.reshape(
    y,
    like.shape.map((length, axis) => (axes.includes(axis) ? 1 : length)),
  );
}
