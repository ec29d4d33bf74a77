import { Builder } from '../builder.js';
import { type Graph, type Node, sizeOf, type Value } from '../graph.js';

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
/** By the name of a vector: the parts that make it up, in order. */
export type Parts = ReadonlyMap<string, readonly Part[]>;
/** A graph of which long vectors come in and go out in parts. */
export interface Parted {
  readonly graph: Graph;
  readonly inputs: Parts;
  readonly outputs: Parts;
}

/**
 * Works out long vectors that a graph returns, as an optimiser's, part after part: all operators on one part, then all on
 * the next, where else each operator would go through all of memory. What comes in is cut for nothing: a part of an input
 * is an input of its own, which stands beside the whole where that is needed too.
 */
export function inParts(graph: Graph): Parted {
  const tail = elementwiseTail(graph);
  const b = new Builder();
  const names = new Map([...graph.inputs].map(([name, value]) => [value, name]));
  const cut = new Map<Value, readonly Value[]>();
  const partsOf = (value: Value): readonly Value[] => {
    const known = cut.get(value);
    if (known) return known;
    const parts = cutAt(sizeOf(value.shape)).map(({ length }): Value => ({ shape: [length], type: value.type }));
    cut.set(value, parts);
    if (!names.has(value)) b.append(split(value, parts));
    return parts;
  };
  for (const node of graph.nodes)
    if (!tail.has(node)) b.append(node);
    else {
      const inputs = node.inputs.map((input) => (sizeOf(input.shape) === 1 ? undefined : partsOf(input)));
      const each = (at: number) => node.inputs.map((input, i) => inputs[i]?.[at] ?? input);
      const count = cutAt(sizeOf(node.outputs[0]!.shape)).length;
      const made = Array.from({ length: count }, (_, at) => {
        const length = cutAt(sizeOf(node.outputs[0]!.shape))[at]!.length;
        return b.add(node.op, each(at), [length], { attributes: node.attributes });
      });
      cut.set(node.outputs[0]!, made);
    }
  const read = new Set(b.nodes.flatMap(({ inputs }) => inputs));
  const inputs = named(graph.inputs, cut, (value) => read.has(value));
  const outputs = named(graph.outputs, cut, () => false);
  return {
    graph: { inputs: inputs.values, outputs: outputs.values, nodes: b.nodes },
    inputs: inputs.parts,
    outputs: outputs.parts,
  };
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
    const isLong = made.shape.length === 1 && made.shape[0]! >= 2 * PART;
    const isOne =
      ELEMENTWISE.has(node.op) && node.domain === '' && isLong && fits && wanted.has(made) && !others.has(made);
    if (isOne) tail.add(node);
    for (const input of node.inputs) (isOne ? wanted : others).add(input);
  }
  return tail;
}

/** Where so many numbers are cut, into parts of about one length. */
function cutAt(length: number): readonly Omit<Part, 'name'>[] {
  const count = Math.ceil(length / PART);
  const each = Math.ceil(length / count);
  return Array.from({ length: count }, (_, i) => ({ start: i * each, length: Math.min(each, length - i * each) }));
}

function split(value: Value, parts: readonly Value[]): Node {
  const lengths = parts.map(({ shape }) => shape[0]!);
  return { op: 'Split', domain: '', inputs: [value], outputs: parts, attributes: { axis: 0, split: lengths } };
}

/** Values by name, the cut ones by the names of their parts, and whole only where that is wanted as well. */
function named(
  values: ReadonlyMap<string, Value>,
  cut: ReadonlyMap<Value, readonly Value[]>,
  isWanted: (value: Value) => boolean,
): { values: ReadonlyMap<string, Value>; parts: Parts } {
  const all = new Map<string, Value>();
  const parts = new Map<string, readonly Part[]>();
  for (const [name, value] of values) {
    const pieces = cut.get(value);
    if (!pieces || isWanted(value)) all.set(name, value);
    if (!pieces) continue;
    const places = cutAt(sizeOf(value.shape)).map((place, i) => ({ ...place, name: `${name}@${i}` }));
    for (const [i, { name: own }] of places.entries()) all.set(own, pieces[i]!);
    parts.set(name, places);
  }
  return { values: all, parts };
}
