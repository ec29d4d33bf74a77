import * as tf from '@tensorflow/tfjs-core';
import { checkedInput } from './checked-input.js';
import type { CompiledFunction, Engine, TensorFunction, TensorSpec, TensorSpecs, Values } from './engine.js';
import { registerGradients } from './gradients.js';
import { trace } from './trace.js';

/** Runs the function itself, kernel by kernel, on a TensorFlow.js backend: the twin of the compiled form. */
export class EagerEngine implements Engine {
  constructor(
    readonly name: 'tfjs-cpu' | 'tfjs-node',
    private readonly backendName: string,
  ) {
    registerGradients();
  }

  async compile(fn: TensorFunction, inputs: TensorSpecs): Promise<CompiledFunction> {
    const outputs = Object.fromEntries(
      [...trace(fn, inputs).outputs].map(([name, { shape, type }]) => [name, { shape, dtype: type } as TensorSpec]),
    );
    const run = async (values: Values) => this.#run(fn, inputs, values);
    return { inputs, outputs, run, dispose: async () => {} };
  }

  /** In one turn of the event loop, so that nobody else meets a foreign backend. */
  #run(fn: TensorFunction, specs: TensorSpecs, values: Values): Values {
    const before = tf.engine().backendName;
    void tf.setBackend(this.backendName);
    try {
      const found: Record<string, Float32Array | Int32Array> = {};
      tf.tidy(() => {
        const tensors = Object.entries(specs).map(([name, spec]) => {
          const value = checkedInput(name, spec, values[name]);
          return [name, tf.tensor(value.slice(), [...spec.shape], spec.dtype)] as const;
        });
        for (const [name, tensor] of Object.entries(fn(Object.fromEntries(tensors))))
          found[name] = (tensor.dataSync() as Float32Array | Int32Array).slice();
      });
      return found;
    } finally {
      if (before) void tf.setBackend(before);
    }
  }
}
