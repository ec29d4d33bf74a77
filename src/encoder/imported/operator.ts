import { type Tensor, tensor } from '@tensorflow/tfjs-core';
import { AppError } from '../../errors.js';
import type { OnnxNode, OnnxTensor } from '../../tensor/onnx/read-model.js';

/** A value of the graph: a tensor, or numbers that are known whatever the pictures are, such as a shape. */
export type Operand = Tensor | OnnxTensor;
export const isKnown = (operand: Operand): operand is OnnxTensor => 'values' in operand;

/** How one ONNX operator is written with TensorFlow.js. */
export interface Operator {
  /** One value for each output of the node; a single one may come alone. */
  run(call: Call): Operand | readonly Operand[];
  /** Inputs that are never learned: running statistics, scales. */
  readonly fixed?: readonly number[];
  /** It multiplies by weights: one more layer of the network. */
  readonly layer?: true;
  /** What comes out may be far larger than what goes in, so it is only computed beforehand where the asked shape is small. */
  readonly grows?: true;
}
export type OperatorTable = Readonly<Record<string, Operator>>;

/** What all calls of a run share. */
export interface Surroundings {
  readonly opset: number;
  /** Samples in this run. */
  readonly batch: number;
  /** The batch the file was made for, where it allows no other: shapes in it are read as if it were open. */
  readonly fixedBatch: number | undefined;
}

/** One node with its operands, read by kind. */
export class Call {
  constructor(
    readonly node: OnnxNode,
    readonly surroundings: Surroundings,
    private readonly operands: readonly (Operand | undefined)[],
  ) {}

  /** How many operands there are, left-out ones at the end not counted. */
  get count(): number {
    return this.operands.length;
  }

  tensor(index: number): Tensor {
    return this.optional(index) ?? this.refuse(`its input ${index} is missing`);
  }

  optional(index: number): Tensor | undefined {
    const operand = this.operands[index];
    if (operand === undefined || !isKnown(operand)) return operand;
    return tensor(operand.values, [...operand.shape], operand.type);
  }

  tensors(): Tensor[] {
    return this.operands.map((_, index) => this.tensor(index));
  }

  shape(index: number): readonly number[] {
    return this.operands[index]?.shape ?? this.refuse(`its input ${index} is missing`);
  }

  /** The numbers of an input that must not depend on the pictures; undefined where it is left out. */
  numbers(index: number): number[] | undefined {
    const operand = this.operands[index];
    if (operand === undefined) return undefined;
    return isKnown(operand) ? [...operand.values] : this.refuse(`its input ${index} depends on the pictures`);
  }

  isKnown(index: number): boolean {
    const operand = this.operands[index];
    return operand !== undefined && isKnown(operand);
  }

  number(name: string, otherwise: number): number {
    return (this.node.attributes[name] as number | undefined) ?? otherwise;
  }

  text(name: string, otherwise: string): string {
    return (this.node.attributes[name] as string | undefined) ?? otherwise;
  }

  /** A list that is an attribute in older opsets and an input in newer ones. */
  list(name: string, index?: number): number[] | undefined {
    const attribute = this.node.attributes[name] as readonly number[] | undefined;
    if (attribute !== undefined) return [...attribute];
    return index === undefined ? undefined : this.numbers(index);
  }

  refuse(why: string): never {
    throw new AppError('BACKBONE_INVALID', { why: `${this.node.op} at "${this.node.name}": ${why}` });
  }
}

/** Axes counted from the end as ones counted from the start. */
export const fromStart = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);
