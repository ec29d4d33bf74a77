import type { Value } from '../../graph.js';
import type { LayerNormAttributes } from '../../operations/layer-norm.js';
import type { Lowering } from '../lowering.js';

export const lowerLayerNorm: Lowering = (node, b) => [
  b.add('LayerNormalization', node.inputs, node.outputs[0]!.shape, { attributes: { ...node.attributes, axis: -1 } }),
];

export const lowerLayerNormGrad: Lowering = (node, b) => {
  const { epsilon } = node.attributes as unknown as LayerNormAttributes;
  const [dy, x, gamma] = node.inputs as [Value, Value, Value];
  const last = [x.shape.length - 1];
  const leading = x.shape.slice(0, -1).map((_, axis) => axis);
  const average = (value: Value) => b.reduce('ReduceMean', value, last, true);
  const centred = b.minus(x, average(x));
  const rstd = b.unary('Reciprocal', b.unary('Sqrt', b.plus(average(b.times(centred, centred)), epsilon)));
  const normal = b.times(centred, rstd);
  const scaled = b.times(dy, gamma);
  const along = b.times(normal, average(b.times(scaled, normal)));
  const dx = b.times(b.minus(b.minus(scaled, average(scaled)), along), rstd);
  return [dx, b.reduce('ReduceSum', b.times(dy, normal), leading), b.reduce('ReduceSum', dy, leading)];
};
