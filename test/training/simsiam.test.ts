import type { Tensor2D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { cosine } from '../../src/core/vectors.js';
import { projectionHead } from '../../src/encoder/projection-head.js';
import { evaluateMethod, PROJECTED, WIDTH } from './evaluate-method.js';

const head = projectionHead('projection', WIDTH, 7, PROJECTED);
const predictor = projectionHead('prediction', PROJECTED, 7, PROJECTED);

const evaluate = (options: object) =>
  evaluateMethod('simsiam', options, (scope, rows) => {
    const projected = scope.normalise('projection/last', head.forward(scope, rows)) as Tensor2D;
    return { projected, predicted: predictor.forward(scope, projected) as Tensor2D };
  });

describe('SimSiam', () => {
  it('agrees with equations 1 and 2 of the paper', async () => {
    const { loss, seen } = await evaluate({});
    const { projected, predicted } = seen;
    const half = predicted!.length / 2;
    const each = predicted!.map((row, i) => -cosine(row, projected![(i + half) % predicted!.length]!));

    expect(loss).toBeCloseTo(each.reduce((a, b) => a + b) / each.length, 4);
  });

  it('has the same loss without its stop of the gradient, and other slopes', async () => {
    const [stopped, through] = [await evaluate({}), await evaluate({ stopGradient: false })];

    expect(through.loss).toBeCloseTo(stopped.loss, 6);
    const apart = Math.hypot(...through.slopes.map((slope, i) => slope - stopped.slopes[i]!));
    expect(apart).toBeGreaterThan(0.1 * Math.hypot(...stopped.slopes));
  });
});
