import { Builder } from '../builder.js';
import type { Graph, Node, Value } from '../graph.js';

/** What replaces a node's outputs, in order; undefined leaves the node as it is. */
export type Rule = (node: Node, builder: Builder) => readonly Value[] | undefined;
/** From a graph to an equal one. */
export type Pass = (graph: Graph) => Graph;

/** Goes through the nodes in order, and lets a rule put others in the place of each. */
export function rewrite(graph: Graph, rule: Rule): Graph {
  const builder = new Builder();
  const replaced = new Map<Value, Value>();
  const now = (value: Value) => replaced.get(value) ?? value;
  for (const node of graph.nodes) {
    const moved = { ...node, inputs: node.inputs.map(now) };
    const instead = rule(moved, builder);
    if (!instead) builder.append(moved);
    else
      node.outputs.forEach((output, i) => {
        replaced.set(output, instead[i]!);
      });
  }
  const outputs = new Map([...graph.outputs].map(([name, value]) => [name, now(value)]));
  return { inputs: graph.inputs, outputs, nodes: builder.nodes };
}
