import { AppError } from '../../errors.js';
import { ATTRIBUTE_TYPES, modelType } from './schema.js';

/** A tensor of a file whose numbers are known. Whole numbers of any width are int32 here, the far ends cut off. */
export interface OnnxTensor {
  readonly shape: readonly number[];
  readonly type: 'float32' | 'int32' | 'bool';
  readonly values: Float32Array | Int32Array | Uint8Array;
}
export type OnnxAttribute = number | string | readonly number[] | readonly string[] | OnnxTensor;

export interface OnnxNode {
  readonly name: string;
  /** ONNX's own operators have no prefix; those of another domain are called `domain.Operator`. */
  readonly op: string;
  /** An optional input that is left out is ''. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxInput {
  readonly name: string;
  /** undefined where the file leaves an extent open. */
  readonly shape: readonly (number | undefined)[];
  /** Of the picture's numbers: 0 to 255 where they are bytes. */
  readonly bytes: boolean;
}

/** An inference graph as a file has it. Nodes stand in an order in which they can be run. */
export interface OnnxModel {
  readonly opset: number;
  readonly inputs: readonly OnnxInput[];
  readonly outputs: readonly string[];
  readonly nodes: readonly OnnxNode[];
  /** Initialisers, and what nodes of the kind Constant hold. */
  readonly constants: ReadonlyMap<string, OnnxTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What protobufjs makes of the schema; 64-bit numbers come as objects that `Number` understands. */
export interface ModelMessage {
  readonly ir_version: unknown;
  readonly opset_import: readonly { readonly domain: string; readonly version: unknown }[];
  readonly metadata_props: readonly { readonly key: string; readonly value: string }[];
  readonly graph: {
    readonly node: readonly NodeMessage[];
    readonly initializer: readonly TensorMessage[];
    readonly input: readonly ValueMessage[];
    readonly output: readonly ValueMessage[];
  } | null;
}
interface NodeMessage {
  readonly name: string;
  readonly op_type: string;
  readonly domain: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly AttributeMessage[];
}
interface AttributeMessage {
  readonly name: string;
  readonly type: number;
  readonly f: number;
  readonly i: unknown;
  readonly s: Uint8Array;
  readonly t: TensorMessage;
  readonly floats: readonly number[];
  readonly ints: readonly unknown[];
  readonly strings: readonly Uint8Array[];
}
interface TensorMessage {
  readonly name: string;
  readonly dims: readonly unknown[];
  readonly data_type: number;
  readonly raw_data: Uint8Array;
  readonly float_data: readonly number[];
  readonly int32_data: readonly number[];
  readonly int64_data: readonly unknown[];
  readonly double_data: readonly number[];
  readonly external_data: readonly unknown[];
  readonly data_location: number;
}
interface ValueMessage {
  readonly name: string;
  readonly type: {
    readonly tensor_type: {
      readonly elem_type: number;
      readonly shape: { readonly dim: readonly { readonly dim_value?: unknown; readonly value?: string }[] } | null;
    } | null;
  } | null;
}

const OLDEST = 9;
const NEWEST = 21;
const EXTERNAL = 1;

/**
 * Reads an ONNX file: opsets 9 to 21, weights inside the file.
 * @throws AppError BACKBONE_INVALID where it is no such file, or its weights lie in other files
 */
export function readModel(bytes: Uint8Array): OnnxModel {
  const { opset_import, metadata_props, graph } = decodeModel(bytes);
  if (!graph || graph.node.length === 0) throw invalid('it is not an ONNX file');
  const opset = Number(opset_import.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0);
  if (opset < OLDEST || opset > NEWEST)
    throw invalid(`it is written in opset ${opset}, and ${OLDEST} to ${NEWEST} can be read`);
  const constants = new Map(graph.initializer.map((tensor) => [tensor.name, readTensor(tensor)]));
  const nodes: OnnxNode[] = [];
  for (const node of graph.node.map(readNode)) {
    const held = node.op === 'Constant' ? heldBy(node) : undefined;
    if (held) constants.set(node.outputs[0]!, held);
    else nodes.push(node);
  }
  return {
    opset,
    inputs: graph.input.filter(({ name }) => !constants.has(name)).map(readInput),
    outputs: graph.output.map(({ name }) => name),
    nodes,
    constants,
    metadata: Object.fromEntries(metadata_props.map(({ key, value }) => [key, value])),
  };
}

/** @throws AppError BACKBONE_INVALID where the bytes are no protobuf of a model */
export function decodeModel(bytes: Uint8Array): ModelMessage {
  try {
    return modelType().decode(bytes) as unknown as ModelMessage;
  } catch (cause) {
    throw new AppError('BACKBONE_INVALID', { why: 'it is not an ONNX file, or not all of one' }, { cause });
  }
}

const invalid = (why: string) => new AppError('BACKBONE_INVALID', { why });

function readNode(node: NodeMessage): OnnxNode {
  const own = node.domain === '' || node.domain === 'ai.onnx';
  return {
    name: node.name || node.output[0] || node.op_type,
    op: own ? node.op_type : `${node.domain}.${node.op_type}`,
    inputs: node.input,
    outputs: node.output,
    attributes: Object.fromEntries(node.attribute.flatMap((one) => readAttribute(one) ?? [])),
  };
}

/** Attributes of other kinds (graphs, sparse tensors) belong to operators that no table of ours knows. */
function readAttribute(attribute: AttributeMessage): [[string, OnnxAttribute]] | undefined {
  const readers: Readonly<Record<number, () => OnnxAttribute>> = {
    [ATTRIBUTE_TYPES.float]: () => attribute.f,
    [ATTRIBUTE_TYPES.int]: () => Number(attribute.i),
    [ATTRIBUTE_TYPES.string]: () => text(attribute.s),
    [ATTRIBUTE_TYPES.tensor]: () => readTensor(attribute.t),
    [ATTRIBUTE_TYPES.floats]: () => [...attribute.floats],
    [ATTRIBUTE_TYPES.ints]: () => attribute.ints.map(Number),
    [ATTRIBUTE_TYPES.strings]: () => attribute.strings.map(text),
  };
  const value = readers[attribute.type]?.();
  return value === undefined ? undefined : [[attribute.name, value]];
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

function readInput({ name, type }: ValueMessage): OnnxInput {
  const tensor = type?.tensor_type;
  const shape = (tensor?.shape?.dim ?? []).map(({ dim_value }) => Number(dim_value ?? 0) || undefined);
  return { name, shape, bytes: tensor?.elem_type === 2 };
}

/** The tensor of a Constant node, whichever of its attributes it is in. */
function heldBy({ attributes }: OnnxNode): OnnxTensor | undefined {
  const { value, value_float, value_int, value_floats, value_ints } = attributes;
  if (value !== undefined) return value as OnnxTensor;
  const floats = value_float ?? value_floats;
  const whole = value_int ?? value_ints;
  const given = floats ?? whole;
  if (given === undefined) return undefined;
  const shape = Array.isArray(given) ? [given.length] : [];
  const numbers = [given].flat() as number[];
  return floats === undefined
    ? { shape, type: 'int32', values: Int32Array.from(numbers, within32) }
    : { shape, type: 'float32', values: Float32Array.from(numbers) };
}

const within32 = (number: number): number => Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, number));

/** TensorProto.DataType: what a tensor becomes, the bytes of one element, and how to read it from raw bytes. */
const KINDS: Readonly<Record<number, readonly [OnnxTensor['type'], number, (view: DataView, at: number) => number]>> = {
  1: ['float32', 4, (view, at) => view.getFloat32(at, true)],
  2: ['int32', 1, (view, at) => view.getUint8(at)],
  3: ['int32', 1, (view, at) => view.getInt8(at)],
  6: ['int32', 4, (view, at) => view.getInt32(at, true)],
  7: ['int32', 8, (view, at) => within32(Number(view.getBigInt64(at, true)))],
  9: ['bool', 1, (view, at) => view.getUint8(at)],
  10: ['float32', 2, (view, at) => half(view.getUint16(at, true))],
  11: ['float32', 8, (view, at) => view.getFloat64(at, true)],
};
const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

function readTensor(tensor: TensorMessage): OnnxTensor {
  const { name, data_type, raw_data } = tensor;
  if (tensor.data_location === EXTERNAL || tensor.external_data.length > 0)
    throw invalid('its weights lie in other files; save it with all of them inside');
  const kind = KINDS[data_type];
  if (!kind) throw invalid(`"${name}" holds numbers of a kind that is not read (data type ${data_type})`);
  const [type, width, element] = kind;
  const shape = tensor.dims.map(Number);
  const length = shape.reduce((product, extent) => product * extent, 1);
  const values = new ARRAYS[type](length);
  const listed = listOf(tensor);
  if (raw_data.length === length * width) {
    const view = new DataView(raw_data.buffer, raw_data.byteOffset, raw_data.byteLength);
    for (let i = 0; i < length; i++) values[i] = element(view, i * width);
  } else if (raw_data.length === 0 && listed.length === length) values.set(listed);
  else throw invalid(`"${name}" should hold ${length} numbers and does not`);
  return { shape, type, values };
}

/** Numbers that stand in a list of their kind; half precision stands in that of int32, as its bits. */
function listOf({ data_type, float_data, int32_data, int64_data, double_data }: TensorMessage): number[] {
  if (data_type === 10) return int32_data.map(half);
  if (int64_data.length > 0) return int64_data.map((number) => within32(Number(number)));
  return [...float_data, ...int32_data, ...double_data];
}

/** IEEE 754 half precision, from its bits. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = (bits & 0x3ff) / 1024;
  if (exponent === 0) return sign * fraction * 2 ** -14;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction) * 2 ** (exponent - 15);
}
