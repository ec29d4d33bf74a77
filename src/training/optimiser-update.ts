import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import type { TensorSpec, TensorSpecs, Values } from '../tensor/engine.js';
import type { Optimiser } from './optimisers/optimiser.js';

const float = (length: number): TensorSpec => ({ shape: [length], dtype: 'float32' });

/**
 * What the end of a step takes, for `length` parameters: `parameters` [P], `decay` [P], `rates` [P] where they differ,
 * `slot/NAME` [P], `scalar/NAME` [1].
 */
export function updateInputs(optimiser: Optimiser, length: number, ownRates = false): TensorSpecs {
  return {
    parameters: float(length),
    decay: float(length),
    ...(ownRates && { rates: float(length) }),
    ...Object.fromEntries(optimiser.slots.map((name) => [`slot/${name}`, float(length)])),
    ...Object.fromEntries(optimiser.scalars.map((name) => [`scalar/${name}`, float(1)])),
  };
}

/** The end of every step, by the names of `updateInputs`: `next/parameters` and `next/slot/NAME`. */
export function updateParameters(
  optimiser: Optimiser,
  inputs: Readonly<Record<string, Tensor>>,
  gradient: Tensor1D,
): { readonly 'next/parameters': Tensor1D } & Readonly<Record<string, Tensor>> {
  const pick = (names: readonly string[], kind: string) =>
    Object.fromEntries(names.map((name) => [name, inputs[`${kind}/${name}`] as Tensor1D]));
  const { parameters, slots } = optimiser.update({
    parameters: inputs.parameters as Tensor1D,
    gradient,
    decay: inputs.decay as Tensor1D,
    ...(inputs.rates && { rates: inputs.rates as Tensor1D }),
    slots: pick(optimiser.slots, 'slot'),
    scalars: pick(optimiser.scalars, 'scalar'),
  });
  return {
    'next/parameters': parameters,
    ...Object.fromEntries(Object.entries(slots).map(([name, slot]) => [`next/slot/${name}`, slot])),
  };
}

/** The scalars of a step, as its inputs. */
export const scalarsOf = (optimiser: Optimiser, step: number, rate: number): Values =>
  Object.fromEntries(
    Object.entries(optimiser.numbers(step, rate)).map(([name, value]) => [`scalar/${name}`, Float32Array.of(value)]),
  );
