import { matMul, mul, relu, sub, type Tensor2D } from '@tensorflow/tfjs-core';
import { unitRows } from '../../tensor/operations.js';

/** Squared Euclidean distances `[R, R]`, from 0 to 4, between rows `[R, P]` that are brought to unit length. */
export function squaredDistances(rows: Tensor2D): Tensor2D {
  const unit = unitRows(rows);
  return relu(sub(2, mul(matMul(unit, unit, false, true), 2)) as Tensor2D); // rounding may take it below zero
}
