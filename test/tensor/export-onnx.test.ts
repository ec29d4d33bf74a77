import * as tf from '@tensorflow/tfjs-core';
import ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import type { TensorFunction } from '../../src/tensor/engine.js';
import { exportOnnx } from '../../src/tensor/export-onnx.js';
import { modelType } from '../../src/tensor/onnx/schema.js';
import {
  adaptiveAveragePool2d,
  affine,
  conv2d,
  gelu,
  layerNorm,
  maxPool2d,
  unitRows,
} from '../../src/tensor/operations.js';
import { readMetadata } from '../../src/tensor/read-metadata.js';
import { drawn, engine, expectClose, specsOf } from './agreement.js';

/** [N,C,H,W] -> [N,4C,H/2,W/2]: shapes that a batch left open must survive. */
function spaceToDepth(x: tf.Tensor): tf.Tensor {
  const [n, c, height, width] = x.shape as [number, number, number, number];
  const squares = tf.transpose(tf.reshape(x, [n, c, height / 2, 2, width / 2, 2]), [0, 3, 5, 1, 2, 4]);
  return tf.reshape(squares, [n, c * 4, height / 2, width / 2]);
}

const shapes = {
  w1: [16, 12, 3, 3],
  scale: [16],
  shift: [16],
  w2: [16, 16, 3, 3],
  mean: [64],
  gamma: [64],
  turn: [64, 10],
};
const values = drawn(specsOf(shapes), new Random(3));
const constants = Object.fromEntries(
  Object.entries(shapes).map(([name, shape]) => [name, { shape, values: values[name]! }]),
);
/** A small residual encoder with whitening, pictures in [0, 1] to unit vectors. */
const encode: TensorFunction = ({ pixels, w1, scale, shift, w2, mean, gamma, turn }) => {
  const same = { pads: [1, 1, 1, 1] } as const;
  const one = tf.relu(affine(conv2d(spaceToDepth(pixels!), w1!, same), scale!, shift!));
  const two = tf.relu(tf.add(one, affine(conv2d(one, w2!, same), scale!, shift!)));
  const pooled = adaptiveAveragePool2d(maxPool2d(two, { kernel: [2, 2], strides: [1, 1] }), [2, 2]);
  const rows = layerNorm(gelu(tf.reshape(pooled, [-1, 64])), gamma!, mean!);
  return { embedding: unitRows(tf.matMul(tf.sub(unitRows(rows), mean!) as tf.Tensor2D, turn as tf.Tensor2D)) };
};
const bytesInput = { name: 'pixels', height: 12, width: 14, channels: 3 };
const LENGTH = 12 * 14 * 3;
const model = exportOnnx({
  fn: encode,
  inputs: {},
  constants,
  bytesInput,
  metadata: { sample: '12x14x3', made: 'für dich' },
});
const pictures = (count: number) => {
  const random = new Random(9);
  return Uint8Array.from({ length: count * LENGTH }, () => random.int(256));
};

async function embed(session: ort.InferenceSession, pixels: Uint8Array): Promise<Float32Array> {
  const shape = [pixels.length / LENGTH, 12, 14, 3];
  return (await session.run({ pixels: new ort.Tensor('uint8', pixels, shape) })).embedding!.data as Float32Array;
}

describe('an exported model', () => {
  it('takes any number of pictures, and each gets the vector it gets alone', async () => {
    const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1 });
    const pixels = pictures(64);
    const alone: number[] = [];
    for (let i = 0; i < 64; i++) alone.push(...(await embed(session, pixels.subarray(i * LENGTH, (i + 1) * LENGTH))));

    for (const count of [2, 3, 17, 64])
      expectClose(await embed(session, pixels.subarray(0, count * LENGTH)), alone.slice(0, count * 10), 1e-6);
    await session.release();
  });

  it('gives what the function gives eagerly for the same pixels', async () => {
    const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1 });
    const pixels = pictures(2);
    const planes = Float32Array.from({ length: pixels.length }, (_, i) => {
      const [n, rest] = [Math.floor(i / LENGTH), i % LENGTH];
      const [channel, place] = [Math.floor(rest / 168), rest % 168];
      return pixels[n * LENGTH + place * 3 + channel]! / 255;
    });
    const eager = await (await engine('tfjs-cpu')).compile(encode, specsOf({ pixels: [2, 3, 12, 14], ...shapes }));

    const { embedding } = await eager.run({ ...values, pixels: planes });
    expectClose(await embed(session, pixels), embedding!, 1e-4);
    await session.release();
  });

  it('carries its metadata, and only standard operators', () => {
    expect(readMetadata(model)).toEqual({ sample: '12x14x3', made: 'für dich' });
    const { opset_import } = modelType().decode(model) as unknown as { opset_import: { domain: string }[] };
    expect(opset_import.map(({ domain }) => domain)).toEqual(['']);
  });

  it('takes floats with an open batch too', async () => {
    const bytes = exportOnnx({
      fn: ({ x, w }) => ({ y: tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D, false, true), first: tf.mean(x!, 1) }),
      inputs: { x: { shape: [-1, 3], dtype: 'float32' } },
      constants: { w: { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) } },
    });
    const session = await ort.InferenceSession.create(bytes);
    const { y, first } = await session.run({ x: new ort.Tensor('float32', Float32Array.of(1, 0, 0, 0, 1, 0), [2, 3]) });

    expect(y!.data).toEqual(Float32Array.of(1, 4, 2, 5));
    expectClose(first!.data as Float32Array, [1 / 3, 1 / 3], 1e-6);
    await session.release();
  });

  it.each<[string, TensorFunction]>([
    ['adds one number a sample', ({ x }) => ({ y: tf.add(x!, tf.reshape(tf.range(0, x!.shape[0]!), [-1, 1])) })],
    ['leaves the first sample out', ({ x }) => ({ y: tf.slice(x!, [1, 0], [-1, -1]) })],
  ])('is refused where the function %s', (_, fn) => {
    const inputs = { x: { shape: [-1, 3], dtype: 'float32' } } as const;
    expect(() => exportOnnx({ fn, inputs, constants: {} })).toThrow('depends on the number of samples');
  });
});
