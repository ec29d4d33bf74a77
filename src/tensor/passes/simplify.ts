import type { Builder } from '../builder.js';
import { broadcast, type Node, sameShape, uniform, type Value } from '../graph.js';
import { type Pass, type Rule, rewrite } from './rewrite.js';

/** Algebra that holds whatever the numbers are. One row an operator; every rule sees the node's inputs in place. */
const RULES: Readonly<Record<string, Rule>> = {
  Add: (node, b) => neutral(node, 0) ?? withoutExpansion(node, b),
  Div: (node, b) => neutral(node, 1, 'right') ?? withoutExpansion(node, b),
  Max: (node, b) => withoutExpansion(node, b),
  Min: (node, b) => withoutExpansion(node, b),
  Mul: (node, b) => neutral(node, 1) ?? withoutExpansion(node, b),
  Sub: (node, b) => neutral(node, 0, 'right') ?? withoutExpansion(node, b),
  Where: (node, b) => withoutExpansion(node, b),
  Reshape: (node, b) => expandedLater(node, b) ?? reshapedOnce(node, b),
};

export const simplify: Pass = (graph) =>
  rewrite(graph, (node, builder) => (node.domain === '' ? RULES[node.op]?.(node, builder) : undefined));

/** x + 0, x · 1 and their like are x, where the shape stays. */
function neutral(node: Node, element: number, side: 'both' | 'right' = 'both'): readonly Value[] | undefined {
  const [a, b] = node.inputs as [Value, Value];
  const shape = node.outputs[0]!.shape;
  if (numberOf(b) === element && sameShape(a.shape, shape)) return [a];
  if (side === 'both' && numberOf(a) === element && sameShape(b.shape, shape)) return [b];
  return undefined;
}

function numberOf(value: Value): number | undefined {
  return value.constant && value.constant.length <= 64 ? uniform(value) : undefined;
}

/** An operator that broadcasts needs no input expanded for it. */
function withoutExpansion(node: Node, b: Builder): readonly Value[] | undefined {
  const shape = node.outputs[0]!.shape;
  const inputs = [...node.inputs];
  for (const [i, input] of inputs.entries()) {
    const made = b.maker(input);
    if (made?.op !== 'Expand') continue;
    const others = inputs.map((other, j) => (i === j ? made.inputs[0]!.shape : other.shape));
    if (sameShape(others.reduce<readonly number[]>(broadcast, []), shape)) inputs[i] = made.inputs[0]!;
  }
  if (inputs.every((input, i) => input === node.inputs[i])) return undefined;
  const lighter = { ...node, inputs };
  const shorter = RULES[node.op]?.(lighter, b);
  if (shorter) return shorter;
  return [b.add(node.op, inputs, shape, { type: node.outputs[0]!.type, attributes: node.attributes })];
}

/** An expanded scalar may as well be expanded to the shape that is wanted in the end. */
function expandedLater(node: Node, b: Builder): readonly Value[] | undefined {
  const made = b.maker(node.inputs[0]!);
  if (made?.op !== 'Expand' || made.inputs[0]!.shape.length > 0) return undefined;
  return [b.expand(made.inputs[0]!, node.outputs[0]!.shape)];
}

/** A reshape of a reshape is one, or none. ONNX Runtime would join them too, and then run everything in another order. */
function reshapedOnce({ inputs: [x], outputs: [y] }: Node, b: Builder): readonly Value[] {
  return [b.reshape(x!, y!.shape)];
}
