import { add, mul, reshape, rsqrt, slice, sub, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import { affine, batchNorm } from '../tensor/operations.js';
import type { Scope } from './block.js';
import type { ParameterLayout } from './parameter-layout.js';

/** Added to variances before their root is taken. */
export const EPSILON = 1e-5;

/** Cuts a flat `[P]` tensor into the parameters of a layout. */
export function splitFlat(flat: Tensor1D, layout: ParameterLayout): Record<string, Tensor> {
  return Object.fromEntries(
    layout.entries.map(({ name, shape, offset, length }) => [
      name,
      reshape(slice(flat, [offset], [length]), [...shape]),
    ]),
  );
}

function lookUp(tensors: Readonly<Record<string, Tensor>>, name: string): Tensor {
  const found = tensors[name];
  if (found === undefined) throw new RangeError(`No parameter is called "${name}".`);
  return found;
}

/**
 * Batches are normalised by their own statistics, which are collected in `statistics` as `NAME/mean` and
 * `NAME/variance` (`[C]`, biased) for the trainer to keep a running mean of.
 */
export function trainingScope(
  parameters: Readonly<Record<string, Tensor>>,
): Scope & { readonly statistics: Record<string, Tensor> } {
  const statistics: Record<string, Tensor> = {};
  return {
    statistics,
    parameter: (name) => lookUp(parameters, name),
    normalise(name, x) {
      const { y, mean, variance } = batchNorm(
        x,
        lookUp(parameters, `${name}/scale`),
        lookUp(parameters, `${name}/shift`),
        EPSILON,
      );
      statistics[`${name}/mean`] = mean;
      statistics[`${name}/variance`] = variance;
      return y;
    },
  };
}

/** Running statistics stand in for those of the batch, so that a sample's embedding does not depend on its company. */
export function inferenceScope(
  parameters: Readonly<Record<string, Tensor>>,
  statistics: Readonly<Record<string, Tensor>>,
): Scope {
  return {
    parameter: (name) => lookUp(parameters, name),
    normalise(name, x) {
      const inverse = rsqrt(add(lookUp(statistics, `${name}/variance`), EPSILON));
      const scale = mul(lookUp(parameters, `${name}/scale`), inverse);
      const shift = sub(lookUp(parameters, `${name}/shift`), mul(lookUp(statistics, `${name}/mean`), scale));
      return affine(x, scale, shift);
    },
  };
}
