import type { Attribute, ConstantArray, Graph, Node, Value } from '../graph.js';
import { Naming } from './naming.js';
import { ATTRIBUTE_TYPES, DATA_TYPES, modelType } from './schema.js';

export interface EmitOptions {
  /** An extent that stands for any number of pictures: wherever it appears, the model takes what it is given. */
  readonly batch?: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What our graph keeps as an attribute and ONNX (opset 18) wants as a constant input, in ONNX's order. */
const AS_INPUTS: Readonly<Record<string, readonly string[]>> = {
  Expand: ['shape'],
  Pad: ['pads', 'value'],
  Reshape: ['shape'],
  Slice: ['starts', 'ends', 'axes', 'steps'],
  Tile: ['repeats'],
  ReduceMax: ['axes'],
  ReduceMean: ['axes'],
  ReduceMin: ['axes'],
  ReduceProd: ['axes'],
  ReduceSum: ['axes'],
  ReduceSumSquare: ['axes'],
};
const FLOATS = new Set(['alpha', 'beta', 'epsilon', 'momentum', 'gamma']);
const OPSETS = [
  { domain: '', version: 18 },
  { domain: 'com.microsoft', version: 1 },
  { domain: 'com.microsoft.nchwc', version: 1 },
];

/** A graph of ONNX operators as the bytes of a model. */
export function emit(graph: Graph, options: EmitOptions = {}): Uint8Array {
  const naming = new Naming(graph);
  const nodes = graph.nodes.map((node, index) => nodeMessage(node, index, naming, options));
  const used = new Set(['', ...graph.nodes.map((node) => node.domain)]);
  return modelType()
    .encode({
      ir_version: 9,
      producer_name: 'kindred',
      opset_import: OPSETS.filter(({ domain }) => used.has(domain)),
      metadata_props: Object.entries(options.metadata ?? {}).map(([key, value]) => ({ key, value })),
      graph: {
        name: 'kindred',
        node: [...nodes, ...naming.renames()],
        initializer: naming.constants().map(([name, value]) => constantMessage(name, value)),
        input: [...graph.inputs].map(([name, value]) => valueMessage(name, value, options)),
        output: [...graph.outputs].map(([name, value]) => valueMessage(name, value, options)),
      },
    })
    .finish();
}

function nodeMessage(node: Node, index: number, naming: Naming, options: EmitOptions): object {
  const asInputs = AS_INPUTS[node.op] ?? [];
  const extra = asInputs.map((name) => naming.of(parameter(node, name, options)));
  const attributes = Object.entries(node.attributes).filter(([name]) => !asInputs.includes(name));
  if (node.op === 'Cast') attributes.push(['to', DATA_TYPES[node.outputs[0]!.type]]);
  return {
    name: `${node.op}_${index}`,
    op_type: node.op,
    domain: node.domain,
    input: [...node.inputs.map((input) => naming.of(input)), ...extra],
    output: node.outputs.map((output) => naming.of(output)),
    attribute: attributes.map(([name, value]) => attributeMessage(name, value)),
  };
}

function parameter(node: Node, name: string, { batch }: EmitOptions): Value {
  const given = node.attributes[name]!;
  if (typeof given === 'number') return { shape: [], type: 'float32', constant: Float32Array.of(given) };
  const numbers = batch === undefined || name !== 'shape' ? (given as readonly number[]) : openShape(node, batch);
  return { shape: [numbers.length], type: 'int64', constant: BigInt64Array.from(numbers, BigInt) };
}

/** The shape a node asks for, with the batch left open: Reshape infers −1, and Expand keeps what it asks 1 of. */
function openShape(node: Node, batch: number): readonly number[] {
  const shape = node.outputs[0]!.shape;
  const open = node.op === 'Expand' ? 1 : -1;
  return shape.map((length) => (length > 0 && length % batch === 0 ? open : length));
}

function attributeMessage(name: string, value: Attribute): object {
  if (typeof value === 'string') return { name, s: Buffer.from(value), type: ATTRIBUTE_TYPES.string };
  if (typeof value === 'object') return { name, ints: value, type: ATTRIBUTE_TYPES.ints };
  if (FLOATS.has(name)) return { name, f: value, type: ATTRIBUTE_TYPES.float };
  return { name, i: value, type: ATTRIBUTE_TYPES.int };
}

function valueMessage(name: string, value: Value, { batch }: EmitOptions): object {
  const dim = value.shape.map((length) =>
    batch !== undefined && length === batch ? { dim_param: 'batch' } : { dim_value: length },
  );
  return { name, type: { tensor_type: { elem_type: DATA_TYPES[value.type], shape: { dim } } } };
}

function constantMessage(name: string, value: Value): object {
  return { name, dims: value.shape, data_type: DATA_TYPES[value.type], raw_data: bytesOf(value.constant!) };
}

/** Little-endian, as ONNX wants them and every processor that Node runs on has them. */
const bytesOf = (numbers: ConstantArray): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
