import { type Graph, type Node, sameShape, type Value } from '../graph.js';
import { NCHWC } from '../lowering/blocked/nchwc.js';
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
  /** Whether all that reads a value, but for the node, has been run once the other value is there. */
  isLast(node: Node, value: Value, other: Value): boolean;
}
/** What comes in the place of a node; undefined where it stays. */
type Fusion = (node: Node, seen: Seen) => Fused | undefined;

function fuse(graph: Graph, fusion: Fusion): Graph {
  const readers = new Map<Value, Node[]>();
  for (const node of graph.nodes)
    for (const input of node.inputs) readers.set(input, [...(readers.get(input) ?? []), node]);
  const returned = new Set(graph.outputs.values());
  const makers = new Map<Value, Node>();
  const gone = new Set<Node>();
  const nodes: Node[] = [];
  const isConvolution = (node: Node | undefined) => node?.domain === NCHWC && node.op === 'Conv';
  const seen: Seen = {
    convolution(value) {
      const node = makers.get(value);
      const isOnly = readers.get(value)?.length === 1 && !returned.has(value);
      return isConvolution(node) && isOnly ? node : undefined;
    },
    isBlocked: (value) => makers.get(value)?.domain === NCHWC && makers.get(value)?.op !== 'ReorderOutput',
    isLast(node, value, other) {
      const rest = (readers.get(value) ?? []).filter((reader) => reader !== node);
      if (returned.has(value)) return false;
      if (rest.length === 0) return true;
      const before = behind(other, makers);
      return rest.every(({ outputs }) => outputs.some((output) => before.has(output)));
    },
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

/** All values that a value is worked out from, itself among them. */
function behind(value: Value, makers: ReadonlyMap<Value, Node>): ReadonlySet<Value> {
  const found = new Set([value]);
  for (const each of found) for (const input of makers.get(each)?.inputs ?? []) found.add(input);
  return found;
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
    if (convolution.inputs.length <= 3 && seen.isLast(node, other, input)) {
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
