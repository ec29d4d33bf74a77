import { add, div, mul, sqrt, square, sub, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { Optimiser, UpdateInputs } from './optimiser.js';

export const AdamwOptions = z.strictObject({
  weightDecay: z.number().min(0).default(0.1),
  beta1: z.number().min(0).lt(1).default(0.9),
  beta2: z.number().min(0).lt(1).default(0.999),
  epsilon: z.number().positive().default(1e-8),
});

/**
 * Adam with the decay beside the gradient instead of in it.
 * Loshchilov and Hutter 2019, "Decoupled Weight Decay Regularization", algorithm 2. arXiv:1711.05101
 *
 *   m ← β1 m + (1 − β1) g     v ← β2 v + (1 − β2) g²     θ ← θ − r ( m̂ / (√v̂ + ε) + λ θ )
 *
 * The corrections of m̂ and v̂ are plain numbers, worked out here: θ ← θ − a m / (√v + ε') − r λ θ.
 */
export function adamw({ weightDecay, beta1, beta2, epsilon }: z.output<typeof AdamwOptions>): Optimiser {
  return {
    slots: ['first', 'second'],
    scalars: ['stride', 'epsilon', 'pull'],
    numbers(step, rate) {
      const second = Math.sqrt(1 - beta2 ** (step + 1));
      return {
        stride: (rate * second) / (1 - beta1 ** (step + 1)),
        epsilon: epsilon * second,
        pull: rate * weightDecay,
      };
    },
    update({ parameters, gradient, decay, rates, slots, scalars }: UpdateInputs) {
      const shared = (move: Tensor) => (rates ? mul(move, rates) : move);
      const first = add(mul(slots.first!, beta1), mul(gradient, 1 - beta1));
      const second = add(mul(slots.second!, beta2), mul(square(gradient), 1 - beta2));
      const move = div(mul(first, scalars.stride!), add(sqrt(second), scalars.epsilon!));
      const pulled = sub(parameters, shared(mul(mul(parameters, decay), scalars.pull!)));
      return {
        parameters: sub(pulled, shared(move)) as Tensor1D,
        slots: { first: first as Tensor1D, second: second as Tensor1D },
      };
    },
  };
}
