import type { Graph, Value } from '../graph.js';

/** Drops nodes whose outputs nothing needs. */
export function deadNodes(graph: Graph): Graph {
  const needed = new Set<Value>(graph.outputs.values());
  const alive = graph.nodes.toReversed().filter((node) => {
    if (!node.outputs.some((output) => needed.has(output))) return false;
    for (const input of node.inputs) needed.add(input);
    return true;
  });
  return { ...graph, nodes: alive.toReversed() };
}
