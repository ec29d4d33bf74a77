import type { Tensor2D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { cosine } from '../../src/core/vectors.js';
import { projectionHead } from '../../src/encoder/projection-head.js';
import { evaluateMethod, PROJECTED, WIDTH } from './evaluate-method.js';

const head = projectionHead('projection', WIDTH, 7, PROJECTED);
const predictor = projectionHead('prediction', PROJECTED, 7, PROJECTED);

describe('BYOL', () => {
  it('agrees with equation 2 of the paper', async () => {
    const { loss, seen, targets } = await evaluateMethod('byol', {}, (scope, rows) => ({
      predicted: predictor.forward(scope, head.forward(scope, rows)) as Tensor2D,
    }));
    const predicted = seen.predicted!;
    const half = predicted.length / 2;
    const each = predicted.map((row, i) => 2 - 2 * cosine(row, targets[(i + half) % predicted.length]!));

    expect(loss).toBeCloseTo(each.reduce((a, b) => a + b) / each.length, 4);
  });
});
