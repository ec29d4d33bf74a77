import * as tf from '@tensorflow/tfjs-core';
import ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.js';
import type { Block } from '../../../src/encoder/block.js';
import { ImportedOptions, imported } from '../../../src/encoder/imported/imported.js';
import { readBackbone } from '../../../src/encoder/imported/read-backbone.js';
import type { Values } from '../../../src/tensor/engine.js';
import { drawn, engine, expectClose } from '../../tensor/agreement.js';
import { mobileFile, residualFile, transformerFile } from './networks.js';

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

async function open({ file, size }: Network) {
  const { saved } = readBackbone(file, {});
  const options = ImportedOptions.parse(saved.architectureOptions);
  const block = await imported(options, [3, size, size], { graph: saved.graph!, parameters: saved.parameters });
  return { block, saved };
}

/** The block as a function of pictures and of every parameter. */
function asFunction(block: Block) {
  return (inputs: Readonly<Record<string, tf.Tensor>>) => {
    const scope = { parameter: (name: string) => inputs[name]!, normalise: () => expect.fail('it has none') };
    return { y: block.forward(scope, inputs.x!) };
  };
}

describe.each(NETWORKS)('$name from a file', (network) => {
  const { file, size, width } = network;

  it('gives what ONNX Runtime gives for the file', async () => {
    const { block, saved } = await open(network);
    expect(block.width).toBe(width);
    const x = { shape: [3, 3, size, size], dtype: 'float32' } as const;
    const specs = Object.fromEntries(
      block.parameters.map(({ name, shape }) => [name, { shape, dtype: 'float32' as const }]),
    );
    const pictures = drawn({ x }, new Random(5), [-2, 2]);
    const weights: Values = Object.fromEntries(
      block.parameters.map(({ name }) => [name, saved.parameters[name]!.values]),
    );
    const session = await ort.InferenceSession.create(file, ORT);
    const [expected] = Object.values(
      await session.run({ x: new ort.Tensor('float32', pictures.x as Float32Array, x.shape) }),
    );
    await session.release();

    const compiled = await (await engine('onnx')).compile(asFunction(block), { x, ...specs });
    const { y } = await compiled.run({ ...pictures, ...weights });
    await compiled.dispose();
    expectClose(y!, expected!.data as Float32Array, 1e-4);
  });

  it('has gradients that are slopes, weight by weight', async () => {
    const { block, saved } = await open(network);
    const names = block.parameters.map(({ name }) => name);
    const x = { shape: [2, 3, size, size], dtype: 'float32' } as const;
    const specs = Object.fromEntries(
      block.parameters.map(({ name, shape }) => [name, { shape, dtype: 'float32' as const }]),
    );
    const mix = Float32Array.from({ length: 2 * width }, (_, i) => Math.cos(1 + 1.7 * i));
    const compiled = await (await engine('onnx')).compile(
      (inputs) => {
        const weighed = (...given: tf.Tensor[]) => {
          const named = Object.fromEntries(names.map((name, i) => [name, given[i]!]));
          return tf.sum(
            tf.mul(asFunction(block)({ x: inputs.x!, ...named }).y, tf.tensor2d(mix, [2, width])),
          ) as tf.Scalar;
        };
        const { value, grads } = tf.valueAndGrads(weighed)(names.map((name) => inputs[name]!));
        return { value, ...Object.fromEntries(names.map((name, i) => [`d/${name}`, grads[i]!])) };
      },
      { x, ...specs },
    );
    const values: Record<string, Float32Array> = {
      ...(drawn({ x }, new Random(6), [-2, 2]) as Record<string, Float32Array>),
      ...Object.fromEntries(names.map((name) => [name, saved.parameters[name]!.values])),
    };
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
