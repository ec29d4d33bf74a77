import { AppError } from '../errors.js';
import type { TensorSpec, Values } from './engine.js';
import { sizeOf } from './graph.js';

/**
 * The value of an input, if it is what the function was compiled for.
 * @throws AppError TENSOR_MISMATCH where it is missing, or has another length or type
 */
export function checkedInput(name: string, spec: TensorSpec, value: Values[string] | undefined): Values[string] {
  if (!value) throw new AppError('TENSOR_MISMATCH', { name, why: 'it is missing' });
  const length = sizeOf(spec.shape);
  if (value.length !== length)
    throw new AppError('TENSOR_MISMATCH', { name, why: `expected ${length} numbers, received ${value.length}` });
  if (value instanceof Float32Array !== (spec.dtype === 'float32'))
    throw new AppError('TENSOR_MISMATCH', { name, why: `expected numbers of type ${spec.dtype}` });
  return value;
}
