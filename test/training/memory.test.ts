import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { ARCHITECTURES } from '../../src/encoder/architectures/index.js';
import { startingParameters } from '../../src/encoder/parameter-layout.js';
import { createEngine } from '../../src/tensor/create-engine.js';
import type { Values } from '../../src/tensor/engine.js';
import { learner } from '../../src/training/learner.js';
import { LOSSES } from '../../src/training/losses/index.js';
import { memoryInputs, memoryScalars, nextMemory, remembered, startingMemory } from '../../src/training/memory.js';
import { METHODS } from '../../src/training/methods/index.js';

const SAMPLES = 4;
const encoder = ARCHITECTURES.residual.build({ width: 0.25 }, [1, 8, 8]);
const method = METHODS.moco.build(
  { momentum: 0.9, queue: 6, projection: 5 },
  { features: encoder.width, loss: LOSSES['nt-xent'].build({}) },
);
const student = learner(encoder, method, { mean: [0], deviation: [1] });
const random = new Random(4);
const network = () => ({
  parameters: startingParameters(student.layout, random),
  statistics: startingParameters(student.statisticsLayout, random),
});
const float = (...shape: number[]) => ({ shape, dtype: 'float32' as const });

/** What a method is handed, and its memory after the step of this number to `parameters` and `statistics`. */
async function step(memory: Readonly<Record<string, Float32Array>>, to: ReturnType<typeof network>, number = 0) {
  const engine = await createEngine('tfjs-cpu');
  const compiled = await engine.compile(
    (inputs) => {
      const earlier = remembered(student, inputs);
      const next = { parameters: inputs.parameters!, statistics: inputs.statistics! };
      return { targets: earlier.targets!, ...nextMemory(student, inputs, next, earlier) };
    },
    {
      views: float(2 * SAMPLES, 1, 8, 8),
      parameters: float(student.layout.length),
      statistics: float(student.statisticsLayout.length),
      ...memoryInputs(student),
    },
  );
  const views = Float32Array.from({ length: 2 * SAMPLES * 64 }, (_, i) => Math.sin(i));
  const given = Object.fromEntries(Object.entries(memory).map(([name, vector]) => [`memory/${name}`, vector]));
  const out: Values = await compiled.run({ views, ...to, ...given, ...memoryScalars(method, number) });
  await compiled.dispose();
  return out as Record<string, Float32Array>;
}

const between = (copy: Float32Array, to: Float32Array, kept: number) =>
  copy.map((value, i) => kept * value + (1 - kept) * to[i]!);
function expectClose(found: Float32Array, wanted: Float32Array): void {
  expect(found).toHaveLength(wanted.length);
  for (const [i, value] of wanted.entries()) expect(found[i]).toBeCloseTo(value, 5);
}

describe('the memory of a method', () => {
  it.each([
    [0, 0.1],
    [30, 31 / 40],
    [500, 0.9],
  ])('after %d steps keeps the share %d of the copy, parameters and statistics alike', async (steps, kept) => {
    const [copied, to] = [network(), network()];
    const memory = startingMemory(student, copied, random);

    const next = await step(memory, to, steps);

    expectClose(next['next/memory/momentum']!, between(copied.parameters, to.parameters, kept));
    expectClose(next['next/memory/momentumStatistics']!, between(copied.statistics, to.statistics, kept));
  });

  it('has targets that the network of now has no part in, its statistics neither', async () => {
    const memory = startingMemory(student, network(), random);

    const [one, other] = [await step(memory, network()), await step(memory, network())];

    expect(one.targets).toEqual(other.targets);
  });

  it('puts the targets of the first views before what the queue had', async () => {
    const memory = startingMemory(student, network(), random);

    const next = await step(memory, network());

    const fresh = 5 * SAMPLES;
    expectClose(next['next/memory/queue']!.subarray(0, fresh), next.targets!.subarray(0, fresh));
    expectClose(next['next/memory/queue']!.subarray(fresh), memory.queue!.subarray(0, 5 * 2));
  });
});
