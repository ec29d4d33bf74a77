import type { Graph, Value } from '../graph.js';
import { rewrite } from './rewrite.js';

/** Computes once what is computed twice: equal operation, attributes and inputs. */
export function commonNodes(graph: Graph): Graph {
  const identities = new Map<Value, string>();
  const seen = new Map<string, readonly Value[]>();
  const identity = (value: Value): string => {
    const known = identities.get(value);
    if (known) return known;
    const small = value.constant && value.constant.length <= 64;
    const name = small ? `${value.type} [${value.shape}] ${value.constant}` : `#${identities.size}`;
    identities.set(value, name);
    return name;
  };
  return rewrite(graph, (node) => {
    const key = JSON.stringify([
      node.domain,
      node.op,
      node.inputs.map(identity),
      node.attributes,
      node.outputs[0]!.type,
    ]);
    const before = seen.get(key);
    if (!before) seen.set(key, node.outputs);
    return before;
  });
}
