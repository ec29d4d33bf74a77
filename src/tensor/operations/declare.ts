import * as tf from '@tensorflow/tfjs-core';

/** The TensorFlow.js backend that records instead of computing. */
export const TRACE_BACKEND = 'kindred-trace';

/** What the recording backend offers to a declared operation: one node of the graph, whole. */
export interface DeclaredSink {
  declared(
    name: string,
    inputs: readonly tf.TensorInfo[],
    attributes: object,
    shapes: readonly (readonly number[])[],
  ): tf.TensorInfo[];
}

/** Gradient of a declared operation: from the gradients of its outputs to one gradient an input, made when asked for. */
export interface DeclaredGradient<A> {
  readonly saveInputs: readonly string[];
  readonly saveOutputs?: readonly boolean[];
  of(dys: readonly tf.Tensor[], saved: readonly tf.Tensor[], attributes: A): Record<string, () => tf.Tensor>;
}

/**
 * An operation of our own. TensorFlow.js sees it as one kernel: on a computing backend it runs as `eager` says (a
 * composition of ordinary operations, the twin that is believed), and while tracing it stays one node of the graph, so
 * that each layout can lower it in its best form.
 */
export interface Declaration<A extends object> {
  readonly name: string;
  readonly inputs: readonly string[];
  shapes(inputs: readonly (readonly number[])[], attributes: A): readonly (readonly number[])[];
  eager(inputs: readonly tf.Tensor[], attributes: A): tf.Tensor[];
  readonly gradient?: DeclaredGradient<A>;
}

type Call<A> = (inputs: readonly tf.Tensor[], attributes: A) => tf.Tensor[];

/** Turns a declaration into the function that calls it. Kernels register on their first use on a backend. */
export function declare<A extends object>(declaration: Declaration<A>): Call<A> {
  return (inputs, attributes) => {
    register(declaration);
    const named = Object.fromEntries(declaration.inputs.map((name, i) => [name, inputs[i]!]));
    return tf.engine().runKernel(declaration.name, named, attributes as unknown as tf.NamedAttrMap) as tf.Tensor[];
  };
}

function register<A extends object>(declaration: Declaration<A>): void {
  const backendName = tf.getBackend();
  if (!tf.getKernel(declaration.name, backendName)) {
    const kernelFunc = backendName === TRACE_BACKEND ? traced(declaration) : eager(declaration);
    tf.registerKernel({ kernelName: declaration.name, backendName, kernelFunc });
  }
  const gradient = declaration.gradient;
  if (gradient && !tf.getGradient(declaration.name)) {
    tf.registerGradient({
      kernelName: declaration.name,
      inputsToSave: [...gradient.saveInputs],
      outputsToSave: [...(gradient.saveOutputs ?? [])],
      gradFunc: (dy, saved, attributes) =>
        gradient.of(Array.isArray(dy) ? dy : [dy], saved, attributes as unknown as A),
    });
  }
}

function traced<A extends object>(declaration: Declaration<A>): tf.KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const ordered = declaration.inputs.map((name) => inputs[name]!);
    const attributes = attrs as unknown as A;
    const shapes = declaration.shapes(
      ordered.map((input) => input.shape),
      attributes,
    );
    return (backend as DeclaredSink).declared(declaration.name, ordered, attributes, shapes);
  };
}

function eager<A extends object>(declaration: Declaration<A>): tf.KernelFunc {
  return ({ inputs, attrs }) => {
    // what a kernel is handed are the tensors themselves, though typed as their description only
    const ordered = declaration.inputs.map((name) => inputs[name] as tf.Tensor);
    return tf.tidy(() => declaration.eager(ordered, attrs as unknown as A));
  };
}

/** What `tf.customGrad` hands over to keep tensors for the gradient; TensorFlow.js does not export its type. */
export type Save = (tensors: tf.Tensor[]) => void;
