import { describe, expect, it } from 'vitest';
import { OPTIMISER_NAMES, OPTIMISERS } from '../../src/training/optimisers/index.js';
import { descend, optimiserContract } from '../contracts/optimiser.contract.js';

for (const name of OPTIMISER_NAMES) optimiserContract(name, OPTIMISERS[name].build({}));

const gradients = [0.5, -0.2, 0.9, 0.1, -0.7];
const inTurn = () => {
  let step = 0;
  return () => Float32Array.of(gradients[step++]!);
};

describe('AdamW', () => {
  it('does what algorithm 2 of the paper says, number for number', async () => {
    const [rate, decay, beta1, beta2, epsilon] = [0.1, 0.05, 0.9, 0.99, 1e-6];
    let [theta, m, v] = [2, 0, 0];
    for (const [t, g] of gradients.entries()) {
      m = beta1 * m + (1 - beta1) * g;
      v = beta2 * v + (1 - beta2) * g * g;
      const mHat = m / (1 - beta1 ** (t + 1));
      const vHat = v / (1 - beta2 ** (t + 1));
      theta -= rate * (mHat / (Math.sqrt(vHat) + epsilon) + decay * theta);
    }

    const optimiser = OPTIMISERS.adamw.build({ weightDecay: decay, beta1, beta2, epsilon });
    const found = await descend(optimiser, [2], inTurn(), { steps: gradients.length, rate, decay: [1] });

    expect(found[0]).toBeCloseTo(theta, 5);
  });
});

describe('SGD', () => {
  it('does heavy-ball momentum, number for number', async () => {
    const [rate, decay, momentum] = [0.1, 0.05, 0.8];
    let [theta, velocity] = [2, 0];
    for (const g of gradients) {
      velocity = momentum * velocity + g + decay * theta;
      theta -= rate * velocity;
    }

    const optimiser = OPTIMISERS.sgd.build({ weightDecay: decay, momentum });
    const found = await descend(optimiser, [2], inTurn(), { steps: gradients.length, rate, decay: [1] });

    expect(found[0]).toBeCloseTo(theta, 5);
  });
});
