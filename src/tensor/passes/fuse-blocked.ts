import type { Graph, Node, Value } from '../graph.js';
import { NCHWC } from '../lowering/blocked/forms.js';
import type { Pass } from './rewrite.js';

/**
 * A convolution in blocks adds another tensor and applies a ReLU in the same pass over memory. Where nothing else needs
 * what was there before, the addition and the ReLU behind it move into it.
 */
export const fuseBlocked: Pass = (graph) => fuse(fuse(graph, intoSum), intoActivation);

/** What a node and the convolution that made one of its inputs become together; undefined where they stay apart. */
type Fusion = (
  node: Node,
  made: (value: Value) => Node | undefined,
) => { readonly into: Node; readonly as: Node } | undefined;

function fuse(graph: Graph, fusion: Fusion): Graph {
  const uses = new Map<Value, number>();
  const use = (value: Value) => uses.set(value, (uses.get(value) ?? 0) + 1);
  for (const node of graph.nodes) node.inputs.forEach(use);
  for (const value of graph.outputs.values()) use(value);

  const makers = new Map<Value, Node>();
  const gone = new Set<Node>();
  const nodes: Node[] = [];
  const made = (value: Value): Node | undefined => {
    const node = makers.get(value);
    return node?.domain === NCHWC && node.op === 'Conv' && uses.get(value) === 1 ? node : undefined;
  };
  for (const node of graph.nodes) {
    const fused = fusion(node, made);
    if (fused) gone.add(fused.into);
    const now = fused?.as ?? node;
    for (const output of now.outputs) makers.set(output, now);
    nodes.push(now);
  }
  return { ...graph, nodes: nodes.filter((node) => !gone.has(node)) };
}

/** The convolution moves down to where the sum is: by then the other summand is there. */
const intoSum: Fusion = (node, made) => {
  if (node.op !== 'Add' || node.domain !== '') return undefined;
  for (const [i, input] of node.inputs.entries()) {
    const convolution = made(input);
    const other = node.inputs[1 - i]!;
    if (!convolution || convolution.inputs.length > 3 || other.shape.join() !== input.shape.join()) continue;
    const [x, w, bias = zeros(w!.shape[0]!)] = convolution.inputs;
    const as = { ...convolution, inputs: [x!, w!, bias, other], outputs: node.outputs };
    return { into: convolution, as };
  }
  return undefined;
};

const intoActivation: Fusion = (node, made) => {
  if (node.op !== 'Relu') return undefined;
  const convolution = made(node.inputs[0]!);
  if (!convolution || convolution.attributes.activation !== undefined) return undefined;
  const attributes = { ...convolution.attributes, activation: 'Relu' };
  return { into: convolution, as: { ...convolution, attributes, outputs: node.outputs } };
};

const zeros = (length: number): Value => ({ shape: [length], type: 'float32', constant: new Float32Array(length) });
