import { type Tensor, tidy } from '@tensorflow/tfjs-core';
import { AppError } from '../../errors.js';
import { onCpu } from '../../tensor/on-cpu.js';
import type { OnnxNode, OnnxTensor } from '../../tensor/onnx/read-model.js';
import { Call, isKnown, type Operand, type Operator, type Surroundings } from './operator.js';
import { OPERATORS } from './operators/index.js';
import type { Plan } from './plan.js';

/** Numbers that are worked out beforehand, at most: shapes and small tables. */
const BEFOREHAND = 4096;

/**
 * Runs the nodes of a plan on what the file takes as its input. What depends on shapes alone is worked out at once (in
 * a trace every shape is known), so only what depends on pictures and weights becomes operations.
 * @param weight gives the tensor of a learned constant
 */
export function runPlan(plan: Plan, x: Tensor, weight: (name: string) => Tensor): Tensor {
  const { model, input, nodes, output } = plan;
  const learned = new Set(plan.parameters.map(({ name }) => name));
  const values = new Map<string, Operand>([[input.name, x]]);
  const operandOf = (name: string): Operand | undefined => {
    if (name === '') return undefined;
    const value = values.get(name) ?? (learned.has(name) ? weight(name) : model.constants.get(name));
    if (value === undefined) throw new AppError('BACKBONE_INVALID', { why: `nothing in it makes "${name}"` });
    values.set(name, value);
    return value;
  };
  const surroundings: Surroundings = { opset: model.opset, batch: x.shape[0]!, fixedBatch: input.shape[0] };
  for (const node of nodes) {
    const operands = node.inputs.map(operandOf);
    const made = [run(node, surroundings, operands)].flat() as Operand[];
    node.outputs.forEach((name, i) => {
      if (name !== '' && made[i] !== undefined) values.set(name, made[i]);
    });
  }
  const features = values.get(output);
  if (features === undefined || isKnown(features))
    throw new AppError('BACKBONE_INVALID', { why: `"${output}" does not depend on the picture` });
  return features;
}

function run(
  node: OnnxNode,
  surroundings: Surroundings,
  operands: readonly (Operand | undefined)[],
): Operand | readonly Operand[] {
  const row = OPERATORS[node.op]!;
  const call = new Call(node, surroundings, operands);
  if (!worthFolding(row, operands)) return row.run(call);
  return onCpu(() => {
    const made: OnnxTensor[] = [];
    tidy(() => {
      for (const one of [row.run(call)].flat() as Operand[]) made.push(isKnown(one) ? one : numbersOf(one));
    });
    return made;
  });
}

function worthFolding(row: Operator, operands: readonly (Operand | undefined)[]): boolean {
  let size = 0;
  for (const operand of operands) {
    if (operand === undefined) continue;
    if (!isKnown(operand)) return false;
    size += operand.values.length;
  }
  const asked = row.grows ? [...(operands.at(-1) as OnnxTensor).values] : [];
  return size <= BEFOREHAND && asked.reduce((product, extent) => product * extent, 1) <= BEFOREHAND;
}

function numbersOf(tensor: Tensor): OnnxTensor {
  const type = tensor.dtype as OnnxTensor['type'];
  return { shape: tensor.shape, type, values: (tensor.dataSync() as OnnxTensor['values']).slice() };
}
