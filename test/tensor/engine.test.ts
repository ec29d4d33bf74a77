import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createEngine, ENGINE_NAMES } from '../../src/tensor/create-engine.js';
import type { TensorFunction } from '../../src/tensor/engine.js';
import { batchNorm, conv2d } from '../../src/tensor/operations.js';
import { probeEngines } from '../../src/tensor/probe-engines.js';
import { engine } from './agreement.js';

const float = (...shape: number[]) => ({ shape, dtype: 'float32' }) as const;
const double: TensorFunction = ({ x }) => ({ y: tf.mul(x!, 2) });

describe('an engine', () => {
  it.each(['onnx', 'tfjs-cpu'] as const)('%s refuses values that the function was not compiled for', async (name) => {
    const compiled = await (await engine(name)).compile(double, { x: float(2) });

    await expect(compiled.run({})).rejects.toMatchObject({ code: 'TENSOR_MISMATCH' });
    await expect(compiled.run({ x: new Float32Array(3) })).rejects.toThrow('expected 2 numbers, received 3');
    await expect(compiled.run({ x: new Int32Array(2) })).rejects.toThrow('expected numbers of type float32');
    expect((await compiled.run({ x: Float32Array.of(1, -2) })).y).toEqual(Float32Array.of(2, -4));
    await compiled.dispose();
  });

  it('says shapes and types of what goes in and out', async () => {
    const fn: TensorFunction = ({ x }) => ({ sum: tf.sum(x!), at: tf.argMax(x!, 1) });
    const compiled = await (await engine('onnx')).compile(fn, { x: float(2, 3) });

    expect(compiled.inputs).toEqual({ x: float(2, 3) });
    expect(compiled.outputs).toEqual({ sum: float(), at: { shape: [2], dtype: 'int32' } });
    await compiled.dispose();
  });

  it('gives outputs that are inputs, constants, or each other', async () => {
    const fn: TensorFunction = ({ x }) => {
      const y = tf.neg(x!);
      return { same: x!, fixed: tf.tensor1d([3, 4]), ones: tf.ones([40]), once: y, again: y };
    };
    const compiled = await (await engine('onnx')).compile(fn, { x: float(2), unused: float(5) });
    const out = await compiled.run({ x: Float32Array.of(1, 2), unused: new Float32Array(5) });

    expect(out.same).toEqual(Float32Array.of(1, 2));
    expect(out.fixed).toEqual(Float32Array.of(3, 4));
    expect(out.ones).toEqual(new Float32Array(40).fill(1));
    expect([out.once, out.again]).toEqual([Float32Array.of(-1, -2), Float32Array.of(-1, -2)]);
    await compiled.dispose();
  });

  it('takes along tensors that were made outside, as constants', async () => {
    await engine('tfjs-cpu');
    await tf.setBackend('cpu');
    const outside = tf.tensor1d([10, 20]);
    const compiled = await (await engine('onnx')).compile(({ x }) => ({ y: tf.add(x!, outside) }), { x: float(2) });
    outside.dispose();

    expect((await compiled.run({ x: Float32Array.of(1, 2) })).y).toEqual(Float32Array.of(11, 22));
    await compiled.dispose();
  });

  it('leaves the backend of TensorFlow.js, and its count of tensors, as they were', async () => {
    await engine('tfjs-cpu');
    await tf.setBackend('cpu');
    const before = tf.memory().numTensors;
    const step: TensorFunction = ({ x }) => ({
      slope: tf.grad((z) => tf.sum(tf.square(tf.tidy(() => tf.exp(z)))))(x!),
    });

    const onnx = await engine('onnx');
    const compiled = await Promise.all([0, 1, 2].map(() => onnx.compile(step, { x: float(2) })));
    expect(() => tf.tensor1d([1]).dataSync()).not.toThrow();
    await expect(
      onnx.compile(() => ({ y: tf.tensor(new Float32Array(2).fill(tf.add(1, 1).dataSync()[0]!)) }), {}),
    ).rejects.toThrow();

    expect(tf.getBackend()).toBe('cpu');
    expect(tf.memory().numTensors).toBe(before + 1);
    const slopes = await Promise.all(compiled.map((one) => one.run({ x: Float32Array.of(0, 1) })));
    for (const { slope } of slopes) expect(slope![1]).toBeCloseTo(2 * Math.exp(2), 3);
    await Promise.all(compiled.map((one) => one.dispose()));
  });

  it('names the kernel that it has no rule for, and says when a value is read', async () => {
    const onnx = await engine('onnx');
    const unknown = onnx.compile(({ x }) => ({ y: tf.atan(x!) }), { x: float(2) });
    await expect(unknown).rejects.toMatchObject({ code: 'FUNCTION_NOT_TRACEABLE' });
    await expect(unknown).rejects.toThrow('"Atan"');
    const reads = onnx.compile(({ x }) => ({ y: tf.mul(x!, x!.dataSync()[0]!) }), { x: float(2) });
    await expect(reads).rejects.toThrow('reads the value');
  });

  it('has a memory that is flat over 500 runs', { timeout: 60_000 }, async () => {
    const fn: TensorFunction = ({ x, w, g }) => {
      const { value, grads } = tf.valueAndGrads(
        (w: tf.Tensor) => tf.mean(tf.relu(batchNorm(conv2d(x!, w, { pads: [1, 1, 1, 1] }), g!, g!).y)) as tf.Scalar,
      )([w!]);
      return { value, next: tf.sub(w!, grads[0]!) };
    };
    const compiled = await (await engine('onnx')).compile(fn, {
      x: float(8, 3, 16, 16),
      w: float(16, 3, 3, 3),
      g: float(16),
    });
    const x = new Float32Array(8 * 3 * 16 * 16).fill(0.5).map((_, i) => Math.sin(i));
    let w: Float32Array = new Float32Array(16 * 27).map((_, i) => Math.cos(i));
    const runs = async (count: number) => {
      for (let i = 0; i < count; i++)
        w = (await compiled.run({ x, w, g: new Float32Array(16).fill(1) })).next as Float32Array;
    };
    await runs(100);
    const before = process.memoryUsage().rss;
    await runs(500);
    const grown = process.memoryUsage().rss - before;
    expect(grown).toBeLessThan(40e6); // the maps of one run alone are 2 MB: 500 of them would be a gigabyte
    await compiled.dispose();
  });
});

describe('the engines', () => {
  it('are probed, each with what was found', async () => {
    const probes = await probeEngines();

    expect(probes.map(({ name }) => name)).toEqual(ENGINE_NAMES);
    expect(probes.filter(({ works }) => works).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['onnx', 'tfjs-cpu']),
    );
    for (const { why } of probes) expect(why).not.toBe('');
  });

  it('fail to be made with the reason', async () => {
    const probes = await probeEngines();
    for (const { name, works } of probes.filter((probe) => !probe.works)) {
      expect(works).toBe(false);
      await expect(createEngine(name)).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE' });
    }
  });

  it('computes on the device that is asked for, or says why it is not reached', async () => {
    for (const device of ['webgpu', 'cuda'] as const) {
      const outcome = await createEngine('onnx', { threads: 1, device }).then(
        (made) => made.name,
        (cause: unknown) => cause,
      );
      if (outcome !== 'onnx')
        expect(outcome).toMatchObject({ code: 'ENGINE_UNAVAILABLE', message: expect.stringContaining(device) });
    }
  });
});
