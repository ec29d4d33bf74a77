import * as tf from '@tensorflow/tfjs-core';
import { AppError } from '../errors.js';
import { Builder } from './builder.js';
import type { TensorFunction, TensorSpecs } from './engine.js';
import { registerGradients } from './gradients.js';
import { type Attribute, type ConstantArray, DECLARED, type Graph, type Value } from './graph.js';
import { KERNELS } from './kernels/index.js';
import { KernelAttributes } from './kernels/kernel.js';
import { type DeclaredSink, TRACE_BACKEND } from './operations/declare.js';

/** Tensors whose numbers are known when a function is traced. */
export type Constants = Readonly<
  Record<string, { readonly shape: readonly number[]; readonly values: Float32Array | Int32Array }>
>;

/**
 * Runs a tensor function once on a backend that computes nothing: every kernel, also those of the tape's backward pass,
 * becomes a node. All of it happens in one turn of the event loop, so traces can't meet, and TensorFlow.js has its own
 * backend again when it returns.
 * @throws AppError FUNCTION_NOT_TRACEABLE for a kernel that has no line in `KERNELS`, or a value that is read
 */
export function trace(fn: TensorFunction, specs: TensorSpecs, constants: Constants = {}): Graph {
  registerKernels();
  registerGradients();
  const backend = new TraceBackend();
  return onBackend(backend, () => {
    let graph: Graph | undefined;
    // not returned through `tidy`, which would look for tensors in every number of the constants
    tf.tidy(() => {
      const inputs = Object.entries(specs).map(([name, { shape, dtype }]) => {
        const value: Value = { shape: [...shape], type: dtype };
        return { name, value, tensor: backend.tensor(value) };
      });
      const fixed = Object.entries(constants).map(([name, { shape, values }]) => {
        const type = values instanceof Float32Array ? 'float32' : 'int32';
        return [name, backend.tensor({ shape, type, constant: values })] as const;
      });
      const given = [...inputs.map(({ name, tensor }) => [name, tensor] as const), ...fixed];
      const returned = fn(Object.fromEntries(given));
      const outputs = Object.entries(returned).map(([name, tensor]) => [name, backend.valueBehind(tensor)] as const);
      graph = {
        inputs: new Map(inputs.map(({ name, value }) => [name, value])),
        outputs: new Map(outputs),
        nodes: backend.builder.nodes,
      };
    });
    return graph!;
  });
}

class TraceBackend extends tf.KernelBackend implements DeclaredSink {
  readonly builder = new Builder();
  readonly #values = new Map<tf.DataId, Value>();

  /** A tensor that stands for a value of the graph. */
  info(value: Value): tf.TensorInfo {
    const dataId = {};
    this.#values.set(dataId, value);
    return { dataId, shape: [...value.shape], dtype: value.type as tf.DataType };
  }

  tensor(value: Value): tf.Tensor {
    return tf.engine().makeTensorFromTensorInfo(this.info(value));
  }

  /** The value a tensor stands for; a tensor of another backend, which a closure brought along, becomes a constant. */
  valueBehind(tensor: tf.TensorInfo): Value {
    const known = this.#values.get(tensor.dataId);
    if (known) return known;
    const numbers = tf.engine().readSync(tensor.dataId) as ConstantArray;
    return this.builder.constant(numbers.slice(), tensor.shape, tensor.dtype as Value['type']);
  }

  declared(
    name: string,
    inputs: readonly tf.TensorInfo[],
    attributes: object,
    shapes: readonly (readonly number[])[],
  ): tf.TensorInfo[] {
    const values = inputs.map((input) => this.valueBehind(input));
    const outputs = shapes.map((shape): Value => ({ shape, type: 'float32' }));
    const node = { op: name, domain: DECLARED, inputs: values, outputs };
    this.builder.append({ ...node, attributes: attributes as Record<string, Attribute> });
    return outputs.map((output) => this.info(output));
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId {
    return this.info(this.builder.constant(values as ConstantArray, shape, dtype as Value['type'])).dataId;
  }

  override move(dataId: tf.DataId, values: tf.BackendValues, shape: number[], dtype: tf.DataType): void {
    this.#values.set(dataId, this.builder.constant(values as ConstantArray, shape, dtype as Value['type']));
  }

  override readSync(dataId: tf.DataId): tf.BackendValues {
    const constant = this.#values.get(dataId)?.constant;
    if (!constant) throw notTraceable('it reads the value of a tensor, which is not known while tracing');
    return constant as unknown as tf.BackendValues;
  }

  override async read(dataId: tf.DataId): Promise<tf.BackendValues> {
    return this.readSync(dataId);
  }

  override disposeData(dataId: tf.DataId): boolean {
    return this.#values.delete(dataId);
  }

  override numDataIds(): number {
    return this.#values.size;
  }

  override refCount(): number {
    return 1;
  }

  override incRef(): void {}

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override dispose(): void {
    this.#values.clear();
  }
}

const notTraceable = (why: string, cause?: unknown) => new AppError('FUNCTION_NOT_TRACEABLE', { why }, { cause });

/** Does something with a backend as TensorFlow.js's current one, and puts back what was there. No await in between. */
function onBackend<T>(backend: tf.KernelBackend, work: () => T): T {
  const engine = tf.engine();
  const before = engine.backendName;
  if (before === TRACE_BACKEND) throw notTraceable('it compiles another function');
  engine.registerBackend(TRACE_BACKEND, () => backend, -1);
  void engine.setBackend(TRACE_BACKEND); // settles at once: the factory is synchronous
  try {
    return work();
  } catch (cause) {
    const unknown = /kernel '(\w+)'/i.exec(String(cause))?.[1];
    if (unknown) throw notTraceable(`there is no rule for the TensorFlow.js kernel "${unknown}"`, cause);
    throw cause;
  } finally {
    if (before) void engine.setBackend(before);
    engine.removeBackend(TRACE_BACKEND);
  }
}

function registerKernels(): void {
  if (tf.getKernel('Identity', TRACE_BACKEND)) return;
  for (const [kernelName, kernel] of Object.entries(KERNELS)) {
    const kernelFunc: tf.KernelFunc = ({ inputs, attrs, backend }) => {
      const tracer = backend as TraceBackend;
      const values = Object.values(inputs).map((input) => tracer.valueBehind(input!));
      const made = kernel(tracer.builder, values, new KernelAttributes(attrs ?? {}));
      return Array.isArray(made) ? made.map((value) => tracer.info(value)) : tracer.info(made);
    };
    tf.registerKernel({ kernelName, backendName: TRACE_BACKEND, kernelFunc });
  }
}
