import { Builder } from '../builder.js';
import { type Graph, type Node, sizeOf, type Value } from '../graph.js';
import { deadNodes } from './dead-nodes.js';

/** Numbers of a part: so few that what is worked out from one stays in the cache until it is done. */
const PART = 2 ** 18;

/** Operators of which each number of the result depends on the same number of the inputs only. */
const ELEMENTWISE = new Set(['Abs', 'Add', 'Div', 'Max', 'Min', 'Mul', 'Neg', 'Pow', 'Reciprocal', 'Sqrt', 'Sub']);

/** A vector of these many numbers from `start` on, under a name of its own. */
export interface Part {
  readonly name: string;
  readonly start: number;
  readonly length: number;
}
/** By the name of a vector: the parts it comes in, or what is asked of it. */
export type Parts = ReadonlyMap<string, readonly Part[]>;
/** A graph of which long vectors come in and go out in parts. */
export interface Parted {
  readonly graph: Graph;
  readonly inputs: Parts;
  readonly outputs: Parts;
}

/** Numbers of a long vector from `start` on, as a value of their own. */
interface Piece {
  readonly start: number;
  readonly value: Value;
}
type Pieces = Map<Value, readonly Piece[]>;

/**
 * Works out long vectors that a graph returns, as an optimiser's, part after part: all operators on one part, then all on
 * the next, where else each operator would go through all of memory. What comes in is cut for nothing: a part of an input,
 * or what the graph would slice out of it, is an input of its own, which stands beside the whole where that is needed too.
 */
export function inParts(graph: Graph): Parted {
  const tail = elementwiseTail(graph);
  const b = new Builder();
  const isInput = new Set(graph.inputs.values());
  const [cut, sliced]: [Pieces, Pieces] = [new Map(), new Map()];
  const partsOf = (value: Value): readonly Piece[] => {
    const known = cut.get(value);
    const parts = known ?? (isInput.has(value) ? cutFresh(value) : cutHere(b, value));
    cut.set(value, parts);
    return parts;
  };
  for (const node of graph.nodes) {
    const [x] = node.inputs;
    const [made] = node.outputs as [Value];
    if (tail.has(node)) cut.set(made, nodeInParts(b, node, partsOf));
    else if (x && isInput.has(x) && isPlainSlice(node))
      sliced.set(x, [
        ...(sliced.get(x) ?? []),
        { start: (node.attributes.starts as readonly number[])[0]!, value: made },
      ]);
    else b.append(node);
  }
  const wanted = [...graph.outputs.values()].flatMap((value) => cut.get(value)?.map((part) => part.value) ?? [value]);
  const { nodes } = deadNodes({
    ...graph,
    outputs: new Map(wanted.map((value, i) => [`${i}`, value])),
    nodes: b.nodes,
  });
  const read = new Set([...nodes.flatMap(({ inputs }) => inputs), ...wanted]);
  const inputs = named(graph.inputs, (value) => [...(cut.get(value) ?? []), ...(sliced.get(value) ?? [])], read);
  const outputs = named(graph.outputs, (value) => cut.get(value) ?? [], new Set());
  return {
    graph: { inputs: inputs.values, outputs: outputs.values, nodes },
    inputs: inputs.parts,
    outputs: outputs.parts,
  };
}

/** Some numbers of a long vector, one after another. */
function isPlainSlice({ op, inputs: [x], attributes }: Node): boolean {
  return op === 'Slice' && isLong(x!) && (attributes.steps as readonly number[])[0] === 1;
}

const isLong = ({ shape, type }: Value): boolean => type === 'float32' && shape.length === 1 && shape[0]! >= 2 * PART;

function nodeInParts(b: Builder, node: Node, partsOf: (value: Value) => readonly Piece[]): readonly Piece[] {
  const inputs = node.inputs.map((input) => (sizeOf(input.shape) === 1 ? undefined : partsOf(input)));
  return cutFresh(node.outputs[0]!).map(({ start, value }, at) => {
    const own = node.inputs.map((input, i) => inputs[i]?.[at]?.value ?? input);
    return { start, value: b.add(node.op, own, value.shape, { attributes: node.attributes }) };
  });
}

/** A vector in parts of about one length, which are yet to be made. */
function cutFresh({ shape, type }: Value): readonly Piece[] {
  const length = sizeOf(shape);
  const count = Math.ceil(length / PART);
  const each = Math.ceil(length / count);
  return Array.from({ length: count }, (_, i) => {
    const start = i * each;
    return { start, value: { shape: [Math.min(each, length - start)], type } };
  });
}

/** A vector in parts, sliced out of it, or out of what it is put together from. */
function cutHere(b: Builder, value: Value): readonly Piece[] {
  const made = b.maker(value);
  const sources = made?.op === 'Concat' ? made.inputs : [value];
  return cutFresh(value).map(({ start, value: part }) => {
    const end = start + sizeOf(part.shape);
    const pieces: Value[] = [];
    let from = 0;
    for (const source of sources) {
      const length = sizeOf(source.shape);
      const [first, last] = [Math.max(start - from, 0), Math.min(end - from, length)];
      if (first < last) pieces.push(b.slice(source, [first], [last]));
      from += length;
    }
    return { start, value: b.concat(pieces, 0) };
  });
}

/** The operators on long vectors whose results nothing needs but the likes of them and whoever called. */
function elementwiseTail({ nodes, outputs }: Graph): ReadonlySet<Node> {
  const others = new Set<Value>(); // values that somebody else reads
  const wanted = new Set<Value>(outputs.values());
  const tail = new Set<Node>();
  for (const node of nodes.toReversed()) {
    const [made] = node.outputs as [Value];
    const fits = node.inputs.every(
      ({ shape }) => sizeOf(shape) === 1 || (shape.length === 1 && shape[0] === made.shape[0]),
    );
    const isOne =
      ELEMENTWISE.has(node.op) && node.domain === '' && isLong(made) && fits && wanted.has(made) && !others.has(made);
    if (isOne) tail.add(node);
    for (const input of node.inputs) (isOne ? wanted : others).add(input);
  }
  return tail;
}

/** Values by name, those in pieces by the names of their pieces, and whole only where that is read as well. */
function named(
  values: ReadonlyMap<string, Value>,
  piecesOf: (value: Value) => readonly Piece[],
  read: ReadonlySet<Value>,
): { values: ReadonlyMap<string, Value>; parts: Parts } {
  const all = new Map<string, Value>();
  const parts = new Map<string, readonly Part[]>();
  for (const [name, value] of values) {
    const pieces = piecesOf(value);
    if (pieces.length === 0 || read.has(value)) all.set(name, value);
    if (pieces.length === 0) continue;
    for (const [i, piece] of pieces.entries()) all.set(`${name}@${i}`, piece.value);
    const places = pieces.map(({ start, value: { shape } }, i) => ({ name: `${name}@${i}`, start, length: shape[0]! }));
    parts.set(name, places);
  }
  return { values: all, parts };
}
