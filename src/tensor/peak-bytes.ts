import { Arena } from './arena.js';
import { type ElementType, type Graph, type Node, sizeOf, type Value } from './graph.js';

const ELEMENT_BYTES: Readonly<Record<ElementType, number>> = { float32: 4, int32: 4, int64: 8, bool: 1, uint8: 1 };
const bytesOf = ({ shape, type }: Value): number => sizeOf(shape) * ELEMENT_BYTES[type];

/** Outputs that are their first input under another shape. */
const ALIASES = new Set(['Reshape', 'Identity', 'Squeeze', 'Unsqueeze', 'Flatten']);
/**
 * Bytes that running a graph takes at its fullest: constants and inputs, and what the runtime's arena needs for all in
 * between, its gaps included, when the nodes run in their order. Temporary workspaces inside operators are not counted.
 */
export function peakBytes(given: Graph): number {
  const graph = { ...given, nodes: runtimeOrder(given.nodes) };
  const homes = homesOf(graph.nodes);
  const home = (value: Value): Value => homes.get(value) ?? value;
  const uses = lastUses(graph, home);
  const fixed = new Set<Value>(graph.inputs.values());
  for (const { inputs } of graph.nodes) for (const input of inputs) if (input.constant) fixed.add(home(input));

  const arena = new Arena();
  const held = new Map<Value, ReturnType<Arena['allocate']>>();
  graph.nodes.forEach((node, at) => {
    const dying = new Set(node.inputs.map(home).filter((value) => held.has(value) && uses.get(value) === at));
    for (const output of node.outputs) if (!homes.has(output)) held.set(output, arena.allocate(bytesOf(output)));
    const unused = node.outputs.filter((output) => held.has(output) && !uses.has(output));
    for (const value of [...dying, ...unused]) {
      arena.release(held.get(value)!);
      held.delete(value);
    }
  });
  return arena.touched + [...fixed].reduce((sum, value) => sum + bytesOf(value), 0);
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

/**
 * The order in which ONNX Runtime runs nodes: depth first from those that nobody reads, backwards, the latest first
 * (`Graph::ReverseDFSFrom`).
 */
function runtimeOrder(nodes: readonly Node[]): readonly Node[] {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const places = new Map(nodes.map((node, at) => [node, at]));
  const read = new Set(nodes.flatMap(({ inputs }) => inputs));
  const ordered: Node[] = [];
  const entered = new Set<Node>();
  const stack: { readonly node: Node; readonly leave: boolean }[] = nodes
    .filter(({ outputs }) => outputs.every((output) => !read.has(output)))
    .map((node) => ({ node, leave: false }));
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { node, leave } = top;
    if (leave) ordered.push(node);
    if (leave || entered.has(node)) continue;
    entered.add(node);
    stack.push({ node, leave: true });
    const before = new Set(node.inputs.flatMap((input) => makers.get(input) ?? []));
    for (const each of [...before].sort((a, b) => places.get(a)! - places.get(b)!))
      if (!entered.has(each)) stack.push({ node: each, leave: false });
  }
  return ordered;
}
