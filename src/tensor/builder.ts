import {
  type Attribute,
  broadcast,
  type ConstantArray,
  DECLARED,
  type ElementType,
  type Node,
  sameShape,
  sizeOf,
  uniform,
  type Value,
} from './graph.js';

type Attributes = Readonly<Record<string, Attribute>>;

/** Appends nodes and knows their shapes. What changes nothing (a reshape to the same shape) appends nothing. */
export class Builder {
  readonly nodes: Node[] = [];
  readonly #makers = new Map<Value, Node>();

  /** The node that made a value here; undefined for inputs and constants. */
  maker(value: Value): Node | undefined {
    return this.#makers.get(value);
  }

  append(node: Node): void {
    this.nodes.push(node);
    for (const output of node.outputs) this.#makers.set(output, node);
  }

  /** One node with one output, an ONNX operator unless a domain is named. */
  add(op: string, inputs: readonly Value[], shape: readonly number[], rest: NodeRest = {}): Value {
    const output: Value = { shape, type: rest.type ?? inputs[0]?.type ?? 'float32' };
    this.append({ op, domain: rest.domain ?? '', inputs, outputs: [output], attributes: rest.attributes ?? {} });
    return output;
  }

  constant(numbers: ConstantArray, shape: readonly number[], type: ElementType): Value {
    const value: Value = { shape, type, constant: numbers };
    const one = numbers.length > 16 ? uniform(value) : undefined;
    if (one === undefined) return value;
    return this.expand({ shape: [], type, constant: numbers.slice(0, 1) }, shape); // never the values themselves
  }

  scalar(number: number, type: ElementType = 'float32'): Value {
    return { shape: [], type, constant: arrayOf(type, [number]) };
  }

  integers(numbers: readonly number[]): Value {
    return { shape: [numbers.length], type: 'int64', constant: BigInt64Array.from(numbers, BigInt) };
  }

  unary(op: string, x: Value, attributes: Attributes = {}): Value {
    return this.add(op, [x], x.shape, { attributes });
  }

  binary(op: string, a: Value, b: Value, type: ElementType = a.type): Value {
    return this.add(op, [a, b], broadcast(a.shape, b.shape), { type });
  }

  plus(a: Value, b: Value | number): Value {
    return this.binary('Add', a, typeof b === 'number' ? this.scalar(b, a.type) : b);
  }

  minus(a: Value, b: Value): Value {
    return this.binary('Sub', a, b);
  }

  times(a: Value, b: Value | number): Value {
    return this.binary('Mul', a, typeof b === 'number' ? this.scalar(b, a.type) : b);
  }

  cast(x: Value, type: ElementType): Value {
    return x.type === type ? x : this.add('Cast', [x], x.shape, { type });
  }

  reshape(x: Value, shape: readonly number[]): Value {
    if (sameShape(x.shape, shape)) return x;
    if (x.constant) return { ...x, shape };
    const made = this.maker(x);
    const source = made?.op === 'Reshape' ? made.inputs[0]! : x;
    if (sameShape(source.shape, shape)) return source;
    return this.add('Reshape', [source], shape, { attributes: { shape } });
  }

  transpose(x: Value, perm: readonly number[]): Value {
    const shape = perm.map((axis) => x.shape[axis]!);
    const moved = perm.filter((axis) => x.shape[axis] !== 1);
    if (moved.every((axis, i) => i === 0 || axis > moved[i - 1]!)) return this.reshape(x, shape); // only ones moved
    return this.add('Transpose', [x], shape, { attributes: { perm } });
  }

  expand(x: Value, shape: readonly number[]): Value {
    return sameShape(x.shape, shape) ? x : this.add('Expand', [x], shape, { attributes: { shape } });
  }

  /** `op` is an ONNX reduction. Reducing over no axis changes nothing. */
  reduce(op: string, x: Value, axes: readonly number[], keep = false): Value {
    if (axes.length === 0) return x;
    const full = x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
    const shape = keep ? full : x.shape.filter((_, axis) => !axes.includes(axis));
    return this.add(op, [x], shape, { attributes: { axes: [...axes], keepdims: keep ? 1 : 0 } });
  }

  /** Cuts every axis from start to end (excluded), in steps; axes that stay whole are left out of the node. */
  slice(x: Value, starts: readonly number[], ends: readonly number[], steps = starts.map(() => 1)): Value {
    const cut = x.shape
      .map((_, axis) => axis)
      .filter((a) => starts[a] !== 0 || ends[a] !== x.shape[a] || steps[a] !== 1);
    if (cut.length === 0) return x;
    const shape = starts.map((start, axis) => Math.ceil((ends[axis]! - start) / steps[axis]!));
    const pick = (from: readonly number[]) => cut.map((axis) => from[axis]!);
    const attributes = { starts: pick(starts), ends: pick(ends), axes: cut, steps: pick(steps) };
    return this.add('Slice', [x], shape, { attributes });
  }

  /** Pads each axis by [before, after]. */
  pad(x: Value, pads: readonly (readonly [number, number])[], value = 0): Value {
    if (pads.every(([before, after]) => before === 0 && after === 0)) return x;
    const shape = x.shape.map((length, axis) => length + pads[axis]![0] + pads[axis]![1]);
    const attributes = { pads: [...pads.map(([before]) => before), ...pads.map(([, after]) => after)], value };
    return this.add('Pad', [x], shape, { attributes });
  }

  concat(parts: readonly Value[], axis: number): Value {
    if (parts.length === 1) return parts[0]!;
    const length = parts.reduce((sum, part) => sum + part.shape[axis]!, 0);
    return this.add('Concat', parts, parts[0]!.shape.with(axis, length), { attributes: { axis } });
  }

  /** […, M, K] × […, K, N], either transposed in its last two axes; the leading axes broadcast. */
  matmul(a: Value, b: Value, transposeA = false, transposeB = false): Value {
    const [rows] = a.shape.slice(transposeA ? -1 : -2) as [number];
    const columns = b.shape.at(transposeB ? -2 : -1)!;
    const shape = [...broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2)), rows, columns];
    const attributes = { transposeA: Number(transposeA), transposeB: Number(transposeB) };
    return this.add('MatMul', [a, b], shape, { domain: DECLARED, attributes });
  }

  /** The rows of x along an axis that the indices name. */
  gather(x: Value, indices: Value, axis: number): Value {
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
    return this.add('Gather', [x, indices], shape, { attributes: { axis } });
  }

  size(x: Value): number {
    return sizeOf(x.shape);
  }
}

interface NodeRest {
  readonly type?: ElementType;
  readonly domain?: string;
  readonly attributes?: Attributes;
}

export function arrayOf(type: ElementType, numbers: ArrayLike<number>): ConstantArray {
  if (type === 'float32') return Float32Array.from(numbers);
  if (type === 'int32') return Int32Array.from(numbers);
  if (type === 'int64') return BigInt64Array.from(Array.from(numbers, (number) => BigInt(number)));
  return Uint8Array.from(numbers);
}
