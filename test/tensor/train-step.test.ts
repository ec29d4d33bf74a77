import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import type { Engine, TensorFunction, Values } from '../../src/tensor/engine.js';
import {
  adaptiveAveragePool2d,
  batchNorm,
  conv2d,
  maskedCrossEntropy,
  maxPool2d,
  unitRows,
} from '../../src/tensor/operations.js';
import { drawn, engine, expectClose } from './agreement.js';

const ROWS = 8;
const PARAMETERS = { w1: [6, 2, 3, 3], gamma: [6], beta: [6], w2: [8, 6, 3, 3], head: [32, 5] } as const;
const names = Object.keys(PARAMETERS) as (keyof typeof PARAMETERS)[];
const specs = Object.fromEntries(
  [['views', [ROWS, 2, 8, 8]] as const, ...names.map((name) => [name, PARAMETERS[name]] as const)].map(
    ([name, shape]) => [name, { shape, dtype: 'float32' as const }],
  ),
);

/** conv, batch norm, ReLU, pool, conv, pool, linear, NT-Xent; one step of gradient descent. */
const step: TensorFunction = (inputs) => {
  const loss = (...[w1, gamma, beta, w2, head]: tf.Tensor[]) => {
    const map = tf.relu(batchNorm(conv2d(inputs.views!, w1!, { pads: [1, 1, 1, 1] }), gamma!, beta!).y);
    const small = maxPool2d(map, { kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] });
    const last = adaptiveAveragePool2d(conv2d(small, w2!, { strides: [1, 1], pads: [1, 1, 1, 1] }), [2, 2]);
    const rows = unitRows(tf.matMul(tf.reshape(last, [ROWS, 32]), head as tf.Tensor2D));
    const logits = tf.mul(tf.matMul(rows, rows, false, true), 5);
    const partners = tf.tensor1d([4, 5, 6, 7, 0, 1, 2, 3], 'int32');
    return maskedCrossEntropy(logits, tf.mul(tf.eye(ROWS), -1e9), partners);
  };
  const { value, grads } = tf.valueAndGrads(loss)(names.map((name) => inputs[name]!));
  return {
    loss: value,
    ...Object.fromEntries(names.map((name, i) => [name, tf.sub(inputs[name]!, tf.mul(grads[i]!, 0.1))])),
  };
};

async function lossCurve(on: Engine, steps: number): Promise<number[]> {
  const compiled = await on.compile(step, specs);
  let values: Values = { ...drawn(specs, new Random(5)), gamma: new Float32Array(6).fill(1) };
  const curve: number[] = [];
  for (let i = 0; i < steps; i++) {
    const { loss, ...next } = await compiled.run(values);
    values = { ...values, ...next };
    curve.push(loss![0]!);
  }
  await compiled.dispose();
  return curve;
}

it('a whole training step, backward pass and update included, gives the same loss curve on both engines', async () => {
  const compiled = await lossCurve(await engine('onnx'), 20);
  const eager = await lossCurve(await engine('tfjs-cpu'), 20);

  expectClose(compiled, eager, 1e-3, 'loss');
  expect(compiled.at(-1)).toBeLessThan(compiled[0]! - 0.1);
});
