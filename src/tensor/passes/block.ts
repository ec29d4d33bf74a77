import { Builder } from '../builder.js';
import { type BlockSize, Forms } from '../lowering/blocked/forms.js';
import { BLOCKED } from '../lowering/blocked/index.js';
import type { Pass } from './rewrite.js';

/** Writes in blocks of channels what the table `BLOCKED` knows; values change their form where a node needs another. */
export function block(size: BlockSize): Pass {
  return (graph) => {
    const builder = new Builder();
    const forms = new Forms(builder, size);
    for (const node of graph.nodes) {
      const made = BLOCKED[node.op]?.(node, forms);
      if (!made) builder.append({ ...node, inputs: node.inputs.map((input) => forms.plain(input)) });
      else
        node.outputs.forEach((output, i) => {
          forms.put(output, made[i]!);
        });
    }
    const outputs = new Map([...graph.outputs].map(([name, value]) => [name, forms.plain(value)]));
    return { inputs: graph.inputs, outputs, nodes: builder.nodes };
  };
}
