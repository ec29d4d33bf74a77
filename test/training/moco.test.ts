import type { Tensor2D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { cosine, dot } from '../../src/core/vectors.js';
import { projectionHead } from '../../src/encoder/projection-head.js';
import { evaluateMethod, PROJECTED, WIDTH } from './evaluate-method.js';

const head = projectionHead('projection', WIDTH, 7, PROJECTED);

describe('Momentum Contrast', () => {
  it.each([0.1, 0.2, 1])('agrees with equation 1 of the paper at temperature %d', async (temperature) => {
    const { loss, seen, targets, queue } = await evaluateMethod('moco', { temperature, queue: 9 }, (scope, rows) => ({
      queries: head.forward(scope, rows) as Tensor2D,
    }));
    const queries = seen.queries!;
    const half = queries.length / 2;
    const each = queries.map((query, i) => {
      const right = Math.exp(cosine(query, targets[(i + half) % queries.length]!) / temperature);
      const wrong = queue.reduce((sum, key) => sum + Math.exp(cosine(query, key) / temperature), 0);
      return -Math.log(right / (right + wrong));
    });

    expect(dot(targets[0]!, targets[0]!)).toBeCloseTo(1, 5);
    expect(loss).toBeCloseTo(each.reduce((a, b) => a + b) / each.length, 4);
  });
});
