import { add, mul, sub, type Tensor1D } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { Optimiser, UpdateInputs } from './optimiser.js';

export const SgdOptions = z.strictObject({
  momentum: z.number().min(0).lt(1).default(0.9),
  weightDecay: z.number().min(0).default(1e-4),
});

/**
 * Stochastic gradient descent with heavy-ball momentum. Polyak 1964; Sutskever et al. 2013 for how much.
 *
 *   g' = g + λ θ     v ← μ v + g'     θ ← θ − r v
 */
export function sgd({ momentum, weightDecay }: z.output<typeof SgdOptions>): Optimiser {
  return {
    slots: ['velocity'],
    scalars: ['rate'],
    numbers: (_step, rate) => ({ rate }),
    update({ parameters, gradient, decay, rates, slots, scalars }: UpdateInputs) {
      const pulled = add(gradient, mul(mul(parameters, decay), weightDecay));
      const velocity = add(mul(slots.velocity!, momentum), pulled) as Tensor1D;
      const move = mul(rates ? mul(velocity, rates) : velocity, scalars.rate!);
      return { parameters: sub(parameters, move) as Tensor1D, slots: { velocity } };
    },
  };
}
