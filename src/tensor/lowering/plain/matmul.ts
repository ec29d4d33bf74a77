import type { Builder } from '../../builder.js';
import type { Value } from '../../graph.js';
import type { Lowering } from '../lowering.js';

/** A matrix product in the operator that takes it as it lies: MatMul, Gemm, or ONNX Runtime's FusedMatMul. */
export const lowerMatMul: Lowering = (node, b, { standardOnly }) => {
  const [left, right] = node.inputs as [Value, Value];
  const shape = node.outputs[0]!.shape;
  const [transA, transB] = [node.attributes.transposeA as number, node.attributes.transposeB as number];
  if (!transA && !transB) return [b.add('MatMul', [left, right], shape)];
  if (left.shape.length === 2 && right.shape.length === 2)
    return [b.add('Gemm', [left, right], shape, { attributes: { transA, transB } })];
  if (!standardOnly)
    return [b.add('FusedMatMul', [left, right], shape, { domain: 'com.microsoft', attributes: { transA, transB } })];
  return [b.add('MatMul', [transA ? turned(b, left) : left, transB ? turned(b, right) : right], shape)];
};

function turned(b: Builder, x: Value): Value {
  const axes = x.shape.map((_, axis) => axis);
  return b.transpose(x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}
