import type { Tensor1D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/tensor/create-engine.js';
import { scalarsOf, updateInputs, updateParameters } from '../../src/training/optimiser-update.js';
import type { Optimiser } from '../../src/training/optimisers/optimiser.js';

/** Where `steps` updates lead from `start`, with the gradient that `slope` gives for the parameters of the moment. */
export async function descend(
  optimiser: Optimiser,
  start: readonly number[],
  slope: (parameters: Float32Array) => Float32Array,
  { steps, rate, decay }: { steps: number; rate: number; decay: readonly number[] },
): Promise<Float32Array> {
  const engine = await createEngine('tfjs-cpu');
  const flat = { shape: [start.length], dtype: 'float32' as const };
  const compiled = await engine.compile((inputs) => updateParameters(optimiser, inputs, inputs.gradient as Tensor1D), {
    gradient: flat,
    ...updateInputs(optimiser, start.length),
  });
  let parameters = Float32Array.from(start);
  let slots = Object.fromEntries(optimiser.slots.map((name) => [`slot/${name}`, new Float32Array(start.length)]));
  for (let step = 0; step < steps; step++) {
    const out = await compiled.run({
      parameters,
      gradient: slope(parameters),
      decay: Float32Array.from(decay),
      ...slots,
      ...scalarsOf(optimiser, step, rate),
    });
    parameters = out['next/parameters'] as Float32Array<ArrayBuffer>;
    slots = Object.fromEntries(
      optimiser.slots.map((name) => [`slot/${name}`, out[`next/slot/${name}`] as Float32Array<ArrayBuffer>]),
    );
  }
  return parameters;
}

/** What every optimiser promises. */
export function optimiserContract(name: string, optimiser: Optimiser): void {
  describe(`${name} honours the Optimiser contract`, () => {
    it('finds the bottom of a bowl', async () => {
      const target = [1, -2, 0.5];
      const slope = (p: Float32Array) => p.map((value, i) => 2 * (value - target[i]!));

      const found = await descend(optimiser, [4, 4, 4], slope, { steps: 400, rate: 0.05, decay: [0, 0, 0] });

      for (const [i, value] of target.entries()) expect(found[i]).toBeCloseTo(value, 1);
    });

    it('pulls only at the parameters that decay', async () => {
      const flat = (p: Float32Array) => p.map(() => 0);

      const found = await descend(optimiser, [1, 1], flat, { steps: 20, rate: 0.5, decay: [1, 0] });

      expect(found[0]).toBeLessThan(1);
      expect(found[1]).toBe(1);
    });

    it('moves nothing at a rate of 0', async () => {
      const found = await descend(optimiser, [3], () => Float32Array.of(5), { steps: 2, rate: 0, decay: [1] });

      expect(found[0]).toBe(3);
    });

    it('gives exactly the numbers whose names it declares', () => {
      expect(Object.keys(optimiser.numbers(0, 0.1)).sort()).toEqual([...optimiser.scalars].sort());
    });
  });
}
