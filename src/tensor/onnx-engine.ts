import ort from 'onnxruntime-node';
import { checkedInput } from './checked-input.js';
import type { CompiledFunction, Engine, TensorFunction, TensorSpec, TensorSpecs, Values } from './engine.js';
import type { Graph } from './graph.js';
import { emit } from './onnx/emit.js';
import { inParts, type Part, type Parted } from './passes/in-parts.js';
import { compileGraph, type Layout } from './passes/index.js';
import { peakBytes } from './peak-bytes.js';
import { trace } from './trace.js';

export interface OnnxEngineOptions {
  /** Threads inside one operator; 0 means one a core. */
  readonly threads?: number;
  /** Whether idle threads spin while they wait for the next operator: faster training, costly beside a server. */
  readonly spin?: boolean;
  /** How maps lie in memory; `plain` where it is not said. `choose-layout.ts` finds the fastest that is right here. */
  readonly layout?: Layout;
  /** What computes; anything but the processor takes the plain layout. */
  readonly device?: Device;
}

/** ONNX Runtime's providers that training can run on. */
export type Device = 'cpu' | 'webgpu' | 'cuda';

/** Compiles: TensorFlow.js kernels are traced into a graph, which ONNX Runtime runs. */
export class OnnxEngine implements Engine {
  readonly name = 'onnx';

  constructor(private readonly options: OnnxEngineOptions = {}) {}

  async compile(fn: TensorFunction, inputs: TensorSpecs): Promise<CompiledFunction> {
    const graph = compileGraph(trace(fn, inputs), this.options.layout ?? 'plain', { standardOnly: false });
    return openGraph(graph, inputs, this.options);
  }
}

/** A graph of ONNX Runtime's operators as a function of these inputs. */
export async function openGraph(
  graph: Graph,
  inputs: TensorSpecs,
  options: OnnxEngineOptions = {},
): Promise<CompiledFunction> {
  const outputs = Object.fromEntries(
    [...graph.outputs].map(([name, { shape, type }]) => [name, { shape, dtype: type } as TensorSpec]),
  );
  const parted = inParts(graph);
  const session = await ort.InferenceSession.create(emit(outputsApart(parted.graph)), sessionOptions(options));
  return new Session(inputs, outputs, peakBytes({ ...parted.graph, inputs: graph.inputs }), session, parted);
}

/** Put before the names of outputs: a model can't have an input and an output of one name, and a function can. */
const APART = 'next:';

function outputsApart(graph: Graph): Graph {
  return { ...graph, outputs: new Map([...graph.outputs].map(([name, value]) => [APART + name, value])) };
}

class Session implements CompiledFunction {
  constructor(
    readonly inputs: TensorSpecs,
    readonly outputs: TensorSpecs,
    readonly peakBytes: number,
    private readonly session: ort.InferenceSession,
    private readonly parted: Parted,
  ) {}

  async run(values: Values, spare: Values = {}): Promise<Values> {
    const feeds: Record<string, ort.Tensor> = {};
    const fed = new Set(this.session.inputNames);
    for (const [name, spec] of Object.entries(this.inputs)) {
      const value = checkedInput(name, spec, values[name]);
      if (fed.has(name)) feeds[name] = new ort.Tensor(spec.dtype, value as Float32Array, spec.shape);
      for (const part of this.parted.inputs.get(name) ?? []) feeds[part.name] = partOf(value, part);
    }
    const inPlace: Record<string, Float32Array> = {};
    const fetches: Record<string, ort.Tensor | null> = {};
    for (const [name, spec] of Object.entries(this.outputs)) {
      const parts = this.parted.outputs.get(name);
      if (!parts) fetches[APART + name] = null;
      else {
        inPlace[name] = checkedInput(name, spec, spare[name] ?? new Float32Array(spec.shape[0]!)) as Float32Array;
        for (const part of parts) fetches[APART + part.name] = partOf(inPlace[name], part);
      }
    }
    const results = await this.session.run(feeds, fetches);
    const made = Object.entries(this.outputs).map(([name]) => [name, inPlace[name] ?? results[APART + name]!.data]);
    return Object.fromEntries(made);
  }

  async dispose(): Promise<void> {
    await this.session.release();
  }
}

/** A view, not a copy. */
function partOf(vector: Values[string], { start, length }: Part): ort.Tensor {
  return new ort.Tensor('float32', (vector as Float32Array).subarray(start, start + length), [length]);
}

/** How sessions are made for training. `enableMemPattern: false` halves the memory of a step at the same speed. */
export function sessionOptions({
  threads = 0,
  spin = true,
  device = 'cpu',
}: OnnxEngineOptions): ort.InferenceSession.SessionOptions {
  return {
    executionProviders: [device],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    enableMemPattern: false,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: spin ? '1' : '0' } } },
  };
}
