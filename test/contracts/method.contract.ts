import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tensor1D } from '@tensorflow/tfjs-core';
import { reshape } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { norm } from '../../src/core/vectors.js';
import { ARCHITECTURES } from '../../src/encoder/architectures/index.js';
import { startingParameters } from '../../src/encoder/parameter-layout.js';
import { createEngine } from '../../src/tensor/create-engine.js';
import { learner } from '../../src/training/learner.js';
import { LOSSES } from '../../src/training/losses/index.js';
import { memoryInputs, memoryScalars, remembered, startingMemory } from '../../src/training/memory.js';
import type { MethodName } from '../../src/training/methods/index.js';
import { METHODS } from '../../src/training/methods/index.js';
import { trainEncoder } from '../../src/training/train-encoder.js';
import { lossAndGradient } from '../../src/training/training-step.js';
import { toySamples, toySettings, toyViews } from '../training/toy-samples.js';

/**
 * What every method promises, with the smallest heads that `methodOptions` can ask for.
 * @param whole options with which the gradient leaves nothing out on purpose
 * @param network what its network needs, beside the least width
 */
export function methodContract(
  name: MethodName,
  methodOptions: object,
  { whole = methodOptions, network = {} }: { whole?: object; network?: object } = {},
): void {
  const architectureOptions = { width: 0.25, ...network };
  const engine = createEngine('onnx', { threads: 1, spin: false });
  const run = async (over: object, more: object = {}) => {
    let time = 0;
    const settings = toySettings({ architectureOptions, method: name, methodOptions, whitening: 'none', ...over });
    return trainEncoder({
      samples: toySamples(32),
      views: toyViews(),
      settings,
      engine: await engine,
      now: () => time++,
      ...more,
    });
  };

  describe(`${name} honours the Method contract`, () => {
    it('has, for each parameter of encoder and heads, the gradient that central differences have', async () => {
      const encoder = ARCHITECTURES.residual.build(architectureOptions, [1, 8, 8]);
      const loss = LOSSES['nt-xent'].build({ temperature: 0.5 });
      const method = METHODS[name].build(whole, { features: encoder.width, mapChannels: encoder.mapChannels, loss });
      const student = learner(encoder, method, { mean: [0], deviation: [1] });
      const count = method.viewsPerSample * 4;
      const compiled = await (await engine).compile(
        (inputs) => {
          const earlier = remembered(student, inputs);
          const found = lossAndGradient(student, inputs.parameters as Tensor1D, inputs.views!, earlier);
          return { loss: reshape(found.loss, [1]), gradient: found.gradient };
        },
        {
          views: { shape: [count, 1, 8, 8], dtype: 'float32' },
          parameters: { shape: [student.layout.length], dtype: 'float32' },
          statistics: { shape: [student.statisticsLayout.length], dtype: 'float32' },
          ...memoryInputs(student),
        },
      );
      const random = new Random(3);
      const views = Float32Array.from({ length: count * 64 }, () => random.normal());
      const parameters = startingParameters(student.layout, random);
      const copied = {
        parameters: startingParameters(student.layout, random),
        statistics: startingParameters(student.statisticsLayout, random),
      };
      const memory = startingMemory(student, copied, random);
      const given = {
        views,
        statistics: copied.statistics,
        ...Object.fromEntries(Object.entries(memory).map(([part, vector]) => [`memory/${part}`, vector])),
        ...memoryScalars(method, 0),
      };
      const gradient = (await compiled.run({ ...given, parameters })).gradient as Float32Array;
      const wholeLength = norm(gradient);
      for (const { name: parameter, offset, length } of student.layout.entries) {
        const slope = norm(gradient.subarray(offset, offset + length));
        if (slope < 0.02 * wholeLength) continue; // what is left of it is rounding
        const step = 1e-3; // a longer one passes kinks
        const at = async (way: number) => {
          const moved = parameters.slice();
          for (let i = offset; i < offset + length; i++) moved[i]! += (way * step * gradient[i]!) / slope;
          return (await compiled.run({ ...given, parameters: moved })).loss![0]!;
        };
        const difference = ((await at(1)) - (await at(-1))) / (2 * step);
        expect(difference / slope, parameter).toBeGreaterThan(0.9);
        expect(difference / slope, parameter).toBeLessThan(1.1);
      }
      await compiled.dispose();
    });

    it('has a loss that falls on a tiny set', async () => {
      const { curve } = await run({ budget: { steps: 200 } });

      expect(curve[1]!.loss).toBeLessThan(curve[0]!.loss);
    });

    it('goes on from its checkpoint as if nothing had happened', async () => {
      const checkpoints = await mkdtemp(join(tmpdir(), 'method-'));
      const whole = await run({ budget: { steps: 6 } });
      const controller = new AbortController();
      const progress = ({ done }: { done: number }) => done === 3 && controller.abort();

      const cut = run({ budget: { steps: 6 } }, { checkpoints, signal: controller.signal, progress });
      await expect(cut).rejects.toMatchObject({ code: 'CANCELLED' });
      const resumed = await run({ budget: { steps: 6 } }, { checkpoints, resume: true });

      expect(Buffer.compare(resumed.parameters, whole.parameters)).toBe(0);
      await rm(checkpoints, { recursive: true });
    });
  });
}
