import { type Graph, type Node, sizeOf } from './graph.js';
import type { Conv2dAttributes } from './operations/conv2d.js';

/** Multiplications (each with its addition) of the operations that make a network's cost, from a traced graph. */
const COUNTED: Readonly<Record<string, (node: Node) => number>> = {
  KindredConv2d: (node) => sizeOf(node.outputs[0]!.shape) * sizeOf(node.inputs[1]!.shape.slice(1)),
  KindredConv2dInputGrad: (node) => sizeOf(node.inputs[0]!.shape) * sizeOf(node.inputs[1]!.shape.slice(1)),
  KindredConv2dFilterGrad: (node) => {
    const { kernel, groups } = node.attributes as unknown as Conv2dAttributes;
    return sizeOf(node.inputs[1]!.shape) * (node.inputs[0]!.shape[1]! / groups) * sizeOf(kernel);
  },
  MatMul: (node) => {
    const [a] = node.inputs;
    return sizeOf(node.outputs[0]!.shape) * a!.shape.at(node.attributes.transposeA === 1 ? -2 : -1)!;
  },
};

/** Multiplications of convolutions and matrix products, forward and backward as the graph has them. */
export function countMultiplications(graph: Graph): number {
  return graph.nodes.reduce((sum, node) => sum + (COUNTED[node.op]?.(node) ?? 0), 0);
}
