import { type ElementType, type Graph, type Node, sizeOf, type Value } from './graph.js';

const ELEMENT_BYTES: Readonly<Record<ElementType, number>> = { float32: 4, int32: 4, int64: 8, bool: 1, uint8: 1 };
const bytesOf = ({ shape, type }: Value): number => sizeOf(shape) * ELEMENT_BYTES[type];

/** Outputs that are their first input under another shape. */
const ALIASES = new Set(['Reshape', 'Identity', 'Squeeze', 'Unsqueeze', 'Flatten']);
/** Operators that may write over an input of the same size that nobody needs any more. */
const IN_PLACE = new Set(
  'Add Sub Mul Div Neg Sqrt Exp Log Abs Erf Tanh Sigmoid Relu Clip Reciprocal Softmax Floor Ceil'.split(' '),
);

/**
 * Bytes that running a graph takes at its fullest: constants, inputs and outputs, and of everything in between what is
 * alive at once when the nodes run in their order. The runtime adds its own workspaces and rounding.
 */
export function peakBytes(graph: Graph): number {
  const homes = homesOf(graph.nodes);
  const home = (value: Value): Value => homes.get(value) ?? value;
  const uses = lastUses(graph, home);
  const [fixed, held] = [new Set<Value>(graph.inputs.values()), new Set<Value>()];
  for (const { inputs } of graph.nodes) for (const input of inputs) if (input.constant) fixed.add(home(input));

  let alive = [...fixed].reduce((sum, value) => sum + bytesOf(value), 0);
  let peak = alive;
  graph.nodes.forEach((node, at) => {
    const dying = [...new Set(node.inputs.map(home))].filter((value) => held.has(value) && uses.get(value) === at);
    for (const output of node.outputs) {
      if (homes.has(output)) continue;
      const over = IN_PLACE.has(node.op) ? dying.findIndex((value) => bytesOf(value) === bytesOf(output)) : -1;
      if (over >= 0) held.delete(dying.splice(over, 1)[0]!);
      else alive += bytesOf(output);
      held.add(output);
    }
    peak = Math.max(peak, alive);
    const unused = node.outputs.filter((output) => held.has(output) && !uses.has(output));
    for (const value of [...dying, ...unused]) {
      held.delete(value);
      alive -= bytesOf(value);
    }
  });
  return peak;
}

/** By value that is another one under a new shape: the one whose memory it is. */
function homesOf(nodes: readonly Node[]): ReadonlyMap<Value, Value> {
  const homes = new Map<Value, Value>();
  for (const { op, inputs, outputs } of nodes) {
    if (!ALIASES.has(op)) continue;
    const [from, to] = [inputs[0]!, outputs[0]!];
    homes.set(to, homes.get(from) ?? from);
  }
  return homes;
}

/** By value: the number of the last node that reads it; infinite for what is returned. */
function lastUses(graph: Graph, home: (value: Value) => Value): ReadonlyMap<Value, number> {
  const uses = new Map<Value, number>();
  graph.nodes.forEach(({ inputs }, at) => {
    for (const input of inputs) uses.set(home(input), at);
  });
  for (const output of graph.outputs.values()) uses.set(home(output), Number.POSITIVE_INFINITY);
  return uses;
}
