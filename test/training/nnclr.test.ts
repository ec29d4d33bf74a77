import type { Tensor2D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { cosine } from '../../src/core/vectors.js';
import { projectionHead } from '../../src/encoder/projection-head.js';
import { evaluateMethod, PROJECTED, WIDTH } from './evaluate-method.js';

const head = projectionHead('projection', WIDTH, 7, PROJECTED);
const predictor = projectionHead('prediction', PROJECTED, 7, PROJECTED);

describe('NNCLR', () => {
  it('agrees with equation 3 of the paper, the neighbours found one by one', async () => {
    const temperature = 0.3;
    const { loss, seen, targets, queue } = await evaluateMethod('nnclr', { temperature, queue: 9 }, (scope, rows) => ({
      predicted: predictor.forward(scope, head.forward(scope, rows)) as Tensor2D,
    }));
    const predicted = seen.predicted!;
    const [count, half] = [predicted.length, predicted.length / 2];
    const neighbours = targets.map((target) =>
      queue.reduce((best, key) => (cosine(target, key) > cosine(target, best) ? key : best)),
    );
    const each = predicted.map((row, i) => {
      const shares = predicted.map((_, k) => Math.exp(cosine(row, neighbours[(k + half) % count]!) / temperature));
      return -Math.log(shares[i]! / shares.reduce((a, b) => a + b));
    });

    expect(loss).toBeCloseTo(each.reduce((a, b) => a + b) / count, 4);
  });
});
