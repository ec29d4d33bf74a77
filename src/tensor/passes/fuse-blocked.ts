import { type Graph, type Node, sameShape, type Value } from '../graph.js';
import { NCHWC } from '../lowering/blocked/forms.js';
import type { Pass } from './rewrite.js';

/**
 * A convolution in blocks adds another tensor and applies a ReLU in the same pass over memory. Where nothing else needs
 * what was there before, the addition and the ReLU behind it move into it.
 */
export const fuseBlocked: Pass = (graph) => [intoActivation, intoSum, intoActivation].reduce(fuse, graph);

interface Fused {
  /** The node that goes; absent where all stay. */
  readonly gone?: Node;
  readonly as: Node;
}
interface Seen {
  /** The convolution in blocks that made a value which nothing else needs. */
  convolution(value: Value): Node | undefined;
  /** Whether a value is in blocks, made by a convolution or not. */
  isBlocked(value: Value): boolean;
  uses(value: Value): number;
}
/** What comes in the place of a node; undefined where it stays. */
type Fusion = (node: Node, seen: Seen) => Fused | undefined;

function fuse(graph: Graph, fusion: Fusion): Graph {
  const uses = new Map<Value, number>();
  const use = (value: Value) => uses.set(value, (uses.get(value) ?? 0) + 1);
  for (const node of graph.nodes) node.inputs.forEach(use);
  for (const value of graph.outputs.values()) use(value);

  const makers = new Map<Value, Node>();
  const gone = new Set<Node>();
  const nodes: Node[] = [];
  const isConvolution = (node: Node | undefined) => node?.domain === NCHWC && node.op === 'Conv';
  const seen: Seen = {
    convolution(value) {
      const node = makers.get(value);
      return isConvolution(node) && uses.get(value) === 1 ? node : undefined;
    },
    isBlocked: (value) => makers.get(value)?.domain === NCHWC && makers.get(value)?.op !== 'ReorderOutput',
    uses: (value) => uses.get(value) ?? 0,
  };
  for (const node of graph.nodes) {
    const fused = fusion(node, seen);
    if (fused?.gone) gone.add(fused.gone);
    const now = fused?.as ?? node;
    for (const output of now.outputs) makers.set(output, now);
    nodes.push(now);
  }
  return { ...graph, nodes: nodes.filter((node) => !gone.has(node)) };
}

/**
 * The convolution moves down to where the sum is: by then the other summand is there. It is added in place where nothing
 * else needs it; otherwise it would be copied, by one thread, and it is cheaper to add the convolution to it: in place,
 * by another convolution of one tap.
 */
const intoSum: Fusion = (node, seen) => {
  if (node.op !== 'Add' || node.domain !== '') return undefined;
  for (const [i, input] of node.inputs.entries()) {
    const convolution = seen.convolution(input);
    const other = node.inputs[1 - i]!;
    if (!convolution || convolution.attributes.activation || !sameShape(other.shape, input.shape)) continue;
    if (seen.uses(other) === 1 && convolution.inputs.length <= 3) {
      const [x, w, bias = filled(0, w!.shape[0]!)] = convolution.inputs;
      return { gone: convolution, as: { ...convolution, inputs: [x!, w!, bias, other], outputs: node.outputs } };
    }
    if (seen.isBlocked(other)) return { as: added(other, input, node.outputs) };
  }
  return undefined;
};

/** x + sum, in the memory of `sum`. */
function added(x: Value, sum: Value, outputs: readonly Value[]): Node {
  const channels = x.shape[1]!;
  const ones: Value = { ...filled(1, channels), shape: [channels, 1, 1, 1] };
  return {
    op: 'Conv',
    domain: NCHWC,
    inputs: [x, ones, filled(0, channels), sum],
    outputs,
    attributes: { kernel_shape: [1, 1], strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], group: channels },
  };
}

const intoActivation: Fusion = (node, seen) => {
  if (node.op !== 'Relu') return undefined;
  const convolution = seen.convolution(node.inputs[0]!);
  if (!convolution || convolution.attributes.activation !== undefined) return undefined;
  const attributes = { ...convolution.attributes, activation: 'Relu' };
  return { gone: convolution, as: { ...convolution, attributes, outputs: node.outputs } };
};

const filled = (number: number, length: number): Value => ({
  shape: [length],
  type: 'float32',
  constant: new Float32Array(length).fill(number),
});
