import { Builder } from '../builder.js';
import { type Graph, type Node, sizeOf, type Value } from '../graph.js';

/** Numbers of a part: so few that what is worked out from one part stays in a core's cache until it is done. */
const PART = Number(process.env.PART ?? 2 ** 17);

/** Operators of which each number of the result depends on the same number of the inputs only. */
const ELEMENTWISE = new Set(['Abs', 'Add', 'Div', 'Max', 'Min', 'Mul', 'Neg', 'Pow', 'Reciprocal', 'Sqrt', 'Sub']);

/** By the name of a vector: the names of its parts, in the order in which they make it up, and where each begins. */
export type Parts = ReadonlyMap<string, readonly Part[]>;
export interface Part {
  readonly name: string;
  readonly start: number;
  readonly length: number;
}
/** A graph whose long vectors come in and go out in parts. */
export interface Parted {
  readonly graph: Graph;
  readonly inputs: Parts;
  readonly outputs: Parts;
}

/**
 * Works long vectors that a graph returns, as an optimiser's, out part after part: all operators on one part, then all on
 * the next, where they would else go through memory one after another. An input that is needed whole as well comes in twice.
 */
export function inParts(graph: Graph): Parted {
  const long = [...graph.outputs].filter(([, value]) => value.shape.length === 1 && sizeOf(value.shape) >= 2 * PART);
  const tail = elementwiseBehind(
    graph,
    long.map(([, value]) => value),
  );
  const made = new Set([...tail].flatMap((node) => node.outputs));
  const b = new Builder();
  const cut = new Map<Value, readonly Value[]>();
  const partsOf = (value: Value): readonly Value[] => {
    const known = cut.get(value);
    if (known) return known;
    const lengths = partsOfLength(sizeOf(value.shape)).map(({ length }) => length);
    const parts = lengths.map((length): Value => ({ shape: [length], type: value.type }));
    cut.set(value, parts);
    if (!names.has(value)) b.append(split(value, parts));
    return parts;
  };
  const names = new Map([...graph.inputs].map(([name, value]) => [value, name]));
  for (const node of graph.nodes)
    if (tail.has(node)) cut.set(node.outputs[0]!, nodeInParts(b, node, partsOf));
    else b.append({ ...node, inputs: node.inputs.map((input) => (made.has(input) ? whole(b, cut.get(input)!) : input)) });

  const inputs = new Map(graph.inputs);
  const outputs = new Map(graph.outputs);
  const [inputParts, outputParts] = [new Map<string, readonly Part[]>(), new Map<string, readonly Part[]>()];
  const read = new Set(b.nodes.flatMap((node) => node.inputs));
  for (const [name, value] of graph.inputs) {
    if (!cut.has(value)) continue;
    inputParts.set(name, named(name, inputs, partsOf(value)));
    if (!read.has(value)) inputs.delete(name);
  }
  for (const [name, value] of long) {
    if (!made.has(value)) continue;
    outputs.delete(name);
    outputParts.set(name, named(name, outputs, partsOf(value)));
  }
  return { graph: { inputs, outputs, nodes: b.nodes }, inputs: inputParts, outputs: outputParts };
}
