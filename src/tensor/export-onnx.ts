import { AppError } from '../errors.js';
import { Builder } from './builder.js';
import type { TensorFunction, TensorSpecs } from './engine.js';
import type { Graph, Node, Value } from './graph.js';
import { emit } from './onnx/emit.js';
import { compileGraph } from './passes/index.js';
import { type Constants, trace } from './trace.js';

export interface OnnxExport {
  /** Inference only. Gets the inputs and the constants, all by name; its result names the outputs of the model. */
  readonly fn: TensorFunction;
  /** Inputs of the model; an extent of −1 is the batch, and any number of samples will do. */
  readonly inputs: TensorSpecs;
  /** Parameters: they become initialisers. */
  readonly constants: Constants;
  /** Strings that travel in the model: `readMetadata` gives them back. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** One more input, which takes pictures as bytes [N,H,W,C]; `fn` sees it as float32 [N,C,H,W] in [0, 1]. */
  readonly bytesInput?: {
    readonly name: string;
    readonly height: number;
    readonly width: number;
    readonly channels: number;
  };
}

/** Stands for the batch while tracing: a prime that no layer is as wide as, so its multiples are recognised. */
const BATCH = 100_003;

/**
 * A function with its parameters as the bytes of an ONNX model: standard operators only (opset 18), any batch.
 * @throws AppError FUNCTION_NOT_TRACEABLE where the function depends on how many samples it is given
 */
export function exportOnnx({ fn, inputs, constants, metadata = {}, bytesInput }: OnnxExport): Uint8Array {
  const specs = Object.fromEntries(
    Object.entries(inputs).map(([name, spec]) => [
      name,
      { ...spec, shape: spec.shape.map((n) => (n < 0 ? BATCH : n)) },
    ]),
  );
  if (bytesInput) {
    const { name, height, width, channels } = bytesInput;
    specs[name] = { shape: [BATCH, channels, height, width], dtype: 'float32' };
  }
  const traced = trace(fn, specs, constants);
  const whole = bytesInput ? withBytes(traced, bytesInput) : traced;
  const graph = compileGraph(whole, 'plain', { standardOnly: true });
  for (const node of graph.nodes) refuseFixedBatch(node);
  return emit(graph, { batch: BATCH, metadata });
}

/** The graph with what turns bytes into the floats that the function was traced with in front of it. */
function withBytes(graph: Graph, { name, height, width, channels }: NonNullable<OnnxExport['bytesInput']>): Graph {
  const builder = new Builder();
  const bytes: Value = { shape: [BATCH, height, width, channels], type: 'uint8' };
  const floats = builder.transpose(builder.cast(bytes, 'float32'), [0, 3, 1, 2]);
  const scaled = builder.binary('Div', floats, builder.scalar(255));
  const traced = graph.inputs.get(name)!;
  const swap = (value: Value) => (value === traced ? scaled : value);
  const nodes = graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map(swap) }));
  return {
    inputs: new Map([...graph.inputs].map(([key, value]) => [key, key === name ? bytes : value])),
    outputs: new Map([...graph.outputs].map(([key, value]) => [key, swap(value)])),
    nodes: [...builder.nodes, ...nodes],
  };
}

/** A number that came from the batch's extent would be wrong for every other batch. */
function refuseFixedBatch(node: Node): void {
  const fixes = (extent: number) => extent !== 0 && extent % BATCH === 0;
  const inConstant = node.inputs.some((input) => input.constant && input.shape.some(fixes));
  const inAttribute = Object.values(node.attributes).some((value) => [value].flat().some((n) => fixes(Number(n))));
  const expanded = node.op === 'Expand' && node.outputs[0]!.shape.some((n, axis) => fixes(n) && !keeps(node, axis));
  const free = node.op === 'Reshape' || node.op === 'Expand';
  if (inConstant || expanded || (inAttribute && !free))
    throw new AppError('FUNCTION_NOT_TRACEABLE', { why: `its ${node.op} depends on the number of samples` });
}

function keeps(node: Node, axis: number): boolean {
  const [from, to] = [node.inputs[0]!.shape, node.outputs[0]!.shape];
  return from[axis - to.length + from.length] === to[axis];
}
