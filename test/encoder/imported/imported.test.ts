import * as tf from '@tensorflow/tfjs-core';
import ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.js';
import type { Block } from '../../../src/encoder/block.js';
import { exportEncoder } from '../../../src/encoder/export-encoder.js';
import { ImportedOptions, imported } from '../../../src/encoder/imported/imported.js';
import { type BackboneOptions, readBackbone } from '../../../src/encoder/imported/read-backbone.js';
import { openOnnxEncoder } from '../../../src/encoder/onnx-encoder.js';
import { chooseLayout } from '../../../src/tensor/choose-layout.js';
import type { Engine, TensorSpec } from '../../../src/tensor/engine.js';
import { OnnxEngine } from '../../../src/tensor/onnx-engine.js';
import { drawn, engine, expectClose } from '../../tensor/agreement.js';
import { toyParts } from '../toy-parts.js';
import { mobileFile, residualFile, transformerFile } from './networks.js';
import { OnnxFile } from './onnx-file.js';

interface Network {
  readonly name: string;
  readonly file: Uint8Array;
  readonly size: number;
  readonly width: number;
}
const NETWORKS: readonly Network[] = [
  { name: 'a ResNet', file: residualFile(), size: 32, width: 10 },
  { name: 'a MobileNet', file: mobileFile(), size: 23, width: 24 },
  { name: 'a ViT', file: transformerFile(), size: 16, width: 24 },
];

const ORT = { intraOpNumThreads: 1, logSeverityLevel: 3 } as const;

const { layout: here } = await chooseLayout();

async function open({ file, size }: Pick<Network, 'file' | 'size'>, given: BackboneOptions = {}) {
  const { saved } = readBackbone(file, { size, ...given });
  const options = ImportedOptions.parse(saved.architectureOptions);
  const block = await imported(options, saved.shape, { graph: saved.graph!, parameters: saved.parameters });
  return { block, saved };
}

/** The block as a function of pictures and of every parameter. */
function asFunction(block: Block) {
  return (inputs: Readonly<Record<string, tf.Tensor>>) => {
    const scope = { parameter: (name: string) => inputs[name]!, normalise: () => expect.fail('it has none') };
    return { y: block.forward(scope, inputs.x!) };
  };
}

/** What a block makes of pictures [N, 3, H, W] with the weights that it came with. */
async function featuresOf({ block, saved }: Awaited<ReturnType<typeof open>>, x: TensorSpec, pictures: Float32Array) {
  const weights = block.parameters.map(({ name, shape }) => [name, { shape, dtype: 'float32' as const }] as const);
  const compiled = await (await engine('onnx')).compile(asFunction(block), { x, ...Object.fromEntries(weights) });
  const { y } = await compiled.run({
    x: pictures,
    ...Object.fromEntries(block.parameters.map(({ name }) => [name, saved.parameters[name]!.values])),
  });
  await compiled.dispose();
  return y as Float32Array;
}

/** A weighed sum of the features of `count` pictures with its gradients, and what to run it on. */
async function withSlopes(
  { block, saved }: Awaited<ReturnType<typeof open>>,
  { size, width }: Network,
  count: number,
  on: Engine,
) {
  const names = block.parameters.map(({ name }) => name);
  const x = { shape: [count, 3, size, size], dtype: 'float32' } as const;
  const specs = block.parameters.map(({ name, shape }) => [name, { shape, dtype: 'float32' as const }] as const);
  const mix = Float32Array.from({ length: count * width }, (_, i) => Math.cos(1 + 1.7 * i));
  const compiled = await on.compile(
    (inputs) => {
      const weighed = (...given: tf.Tensor[]) => {
        const named = Object.fromEntries(names.map((name, i) => [name, given[i]!]));
        const { y } = asFunction(block)({ x: inputs.x!, ...named });
        return tf.sum(tf.mul(y, tf.tensor2d(mix, [count, width]))) as tf.Scalar;
      };
      const { value, grads } = tf.valueAndGrads(weighed)(names.map((name) => inputs[name]!));
      return { value, ...Object.fromEntries(names.map((name, i) => [`d/${name}`, grads[i]!])) };
    },
    { x, ...Object.fromEntries(specs) },
  );
  const values: Record<string, Float32Array> = {
    ...(drawn({ x }, new Random(6), [-2, 2]) as Record<string, Float32Array>),
    ...Object.fromEntries(names.map((name) => [name, saved.parameters[name]!.values])),
  };
  return { compiled, values };
}

/** What ONNX Runtime makes of the file itself. */
async function givenBy(file: Uint8Array, x: Float32Array, shape: readonly number[]): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(file, ORT);
  const [y] = Object.values(await session.run({ x: new ort.Tensor('float32', x, shape) }));
  await session.release();
  return y!.data as Float32Array;
}

/** [N, C, H, W] as [N, H, W, C], the channels in the order that is named. */
function channelsLast(x: Float32Array, [n, c, h, w]: readonly number[], order: readonly number[]): Float32Array {
  const moved = new Float32Array(x.length);
  for (let i = 0; i < n!; i++)
    for (let pixel = 0; pixel < h! * w!; pixel++)
      for (const [place, channel] of order.entries())
        moved[(i * h! * w! + pixel) * c! + place] = x[(i * c! + channel) * h! * w! + pixel]!;
  return moved;
}

describe.each(NETWORKS)('$name from a file', (network) => {
  const { file, size, width } = network;

  it('gives what ONNX Runtime gives for the file', async () => {
    const { block, saved } = await open(network);
    expect(block.width).toBe(width);
    const x = { shape: [3, 3, size, size], dtype: 'float32' } as const;
    const pictures = drawn({ x }, new Random(5), [-2, 2]).x as Float32Array;

    expectClose(await featuresOf({ block, saved }, x, pictures), await givenBy(file, pictures, x.shape), 1e-4);
  });

  it.skipIf(here === 'plain')('has the same gradients in blocks of channels', async () => {
    const opened = await open(network);
    const [plain, blocked] = await Promise.all(
      (['plain', here] as const).map(async (layout) => {
        const { compiled, values } = await withSlopes(opened, network, 16, new OnnxEngine({ threads: 1, layout }));
        const out = await compiled.run(values);
        await compiled.dispose();
        return out;
      }),
    );
    for (const [name, expected] of Object.entries(plain!)) {
      const found = blocked![name] as Float32Array;
      const apart = Math.hypot(...found.map((number, i) => number - expected[i]!));
      expect(apart, name).toBeLessThan(1e-3 * Math.hypot(...(expected as Float32Array)) + 1e-5);
    }
  });

  it('has gradients that are slopes, weight by weight', async () => {
    const opened = await open(network);
    const names = opened.block.parameters.map(({ name }) => name);
    const { compiled, values } = await withSlopes(opened, network, 2, await engine('onnx'));
    const out = await compiled.run(values);
    const random = new Random(9);
    for (const name of names) {
      const along = values[name]!.map(() => random.normal());
      const step = 2e-3 / Math.sqrt(along.length);
      const at = async (by: number) => {
        const moved = values[name]!.map((number, i) => number + by * along[i]!);
        return (await compiled.run({ ...values, [name]: moved })).value![0]!;
      };
      const slope = ((await at(step)) - (await at(-step))) / (2 * step);
      const gradient = out[`d/${name}`] as Float32Array;
      const expected = along.reduce((sum, number, i) => sum + number * gradient[i]!, 0);
      const allowed = 0.02 * Math.hypot(...gradient) + 0.02;
      expect(Math.abs(slope - expected), `${name}: ${slope} and ${expected}`).toBeLessThan(allowed);
    }
    await compiled.dispose();
  });
});

describe('a network that takes its pictures in another way', () => {
  const shape = [3, 3, 8, 8] as const;
  const x = { shape, dtype: 'float32' } as const;
  const pictures = drawn({ x }, new Random(7), [-2, 2]).x as Float32Array;
  const conv = (file: OnnxFile, from: string) => file.node('Conv', [from, file.weight([4, 3, 3, 3])]);

  it('gets channels at the end where its input has them there', async () => {
    const file = new OnnxFile(new Random(3));
    const map = conv(file, file.node('Transpose', ['x'], { perm: [0, 3, 1, 2] }));
    const bytes = file.bytes(['batch', 8, 8, 3], file.node('Flatten', [file.node('GlobalAveragePool', [map])]));
    const expected = await givenBy(bytes, channelsLast(pictures, shape, [0, 1, 2]), [3, 8, 8, 3]);

    expectClose(await featuresOf(await open({ file: bytes, size: 8 }), x, pictures), expected, 1e-4);
  });

  it('gets blue first where it is said to want that', async () => {
    const file = new OnnxFile(new Random(4));
    const turned = file.node('Transpose', ['x'], { perm: [0, 3, 1, 2] });
    const pooled = file.node('GlobalAveragePool', [conv(file, turned)]);
    const bytes = file.bytes(['batch', 8, 8, 3], file.node('Flatten', [pooled]));
    const expected = await givenBy(bytes, channelsLast(pictures, shape, [2, 1, 0]), [3, 8, 8, 3]);

    const opened = await open({ file: bytes, size: 8 }, { order: 'bgr' });
    expectClose(await featuresOf(opened, x, pictures), expected, 1e-4);
  });

  it('is one vector a picture, where it gives tokens: the first or their mean', async () => {
    const file = new OnnxFile(new Random(5));
    const rows = file.node('Reshape', [conv(file, 'x'), file.integers([0, 4, -1])]);
    const bytes = file.bytes(['batch', 3, 8, 8], file.node('Transpose', [rows], { perm: [0, 2, 1] }), { rank: 3 });
    const tokens = await givenBy(bytes, pictures, shape); // [3, 36, 4]
    const of = (pick: (token: number) => number) =>
      Float32Array.from({ length: 3 * 4 }, (_, at) => {
        const [picture, place] = [Math.floor(at / 4), at % 4];
        return Array.from({ length: 36 }, (_, t) => pick(t) * tokens[(picture * 36 + t) * 4 + place]!).reduce(
          (a, b) => a + b,
        );
      });

    const first = await open({ file: bytes, size: 8 });
    expectClose(
      await featuresOf(first, x, pictures),
      of((token) => (token === 0 ? 1 : 0)),
      1e-4,
    );
    const mean = await open({ file: bytes, size: 8 }, { tokens: 'mean' });
    expectClose(
      await featuresOf(mean, x, pictures),
      of(() => 1 / 36),
      1e-4,
    );
  });

  it('is an encoder of our own, which takes bytes: the same vectors', async () => {
    const bytes = exportEncoder(toyParts(9));
    const samples = [1, 2, 3].map((seed) => {
      const random = new Random(seed);
      return Uint8Array.from({ length: 9 * 9 * 3 }, () => Math.floor(256 * random.next()));
    });
    const encoder = await openOnnxEncoder(bytes);
    const expected = Float32Array.from((await encoder.encode(samples)).flatMap((vector) => [...vector]));
    await encoder.close();

    const opened = await open({ file: bytes, size: 9 });
    const { mean, deviation } = opened.saved.pixels;
    expect([mean, deviation]).toEqual([Array(3).fill(0), Array(3).fill(1 / 255)]);
    const first = new Float32Array(3 * 3 * 81);
    for (const [n, sample] of samples.entries())
      for (let pixel = 0; pixel < 81; pixel++)
        for (let c = 0; c < 3; c++) first[(n * 3 + c) * 81 + pixel] = sample[pixel * 3 + c]!;
    const found = await featuresOf(opened, { shape: [3, 3, 9, 9], dtype: 'float32' }, first);
    expectClose(found, expected, 1e-4);
  });

  it('has a map where its features are the mean of one, and only there', async () => {
    const file = exportEncoder(toyParts(36));
    const random = new Random(5);
    const pictures = Float32Array.from({ length: 3 * 36 * 36 }, () => 255 * random.next());
    const x: TensorSpec = { shape: [1, 3, 36, 36], dtype: 'float32' };

    const rows = await open({ file, size: 36 });
    const pooled = await open({ file, size: 36 }, { output: 'map' });
    const { dense } = pooled.block;
    const map = await featuresOf(
      { ...pooled, block: { ...pooled.block, forward: (...given) => dense!(...given).map } },
      x,
      pictures,
    );

    expect(rows.block.dense).toBeUndefined();
    const means = Float32Array.from({ length: pooled.block.width }, (_, c) =>
      map.subarray(25 * c, 25 * (c + 1)).reduce((sum, value) => sum + value / 25, 0),
    );
    expectClose(await featuresOf(pooled, x, pictures), means, 1e-4);
  });
});
