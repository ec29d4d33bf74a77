import { expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { ARCHITECTURES } from '../../src/encoder/architectures/index.js';
import { startingParameters } from '../../src/encoder/parameter-layout.js';
import { createEngine } from '../../src/tensor/create-engine.js';
import type { TrainingState } from '../../src/training/checkpoint.js';
import { learner } from '../../src/training/learner.js';
import { ntXent } from '../../src/training/losses/nt-xent.js';
import { METHODS } from '../../src/training/methods/index.js';
import { simclr } from '../../src/training/methods/simclr.js';
import { adamw } from '../../src/training/optimisers/adamw.js';
import { Stepper, type StepTaker } from '../../src/training/stepper.js';
import { TwoPassStepper } from '../../src/training/two-pass-stepper.js';

const shape = { batch: 12, view: [3, 16, 16] };
const optimiser = adamw({ weightDecay: 1e-2, beta1: 0.9, beta2: 0.999, epsilon: 1e-3 });
const engine = createEngine('onnx', { threads: 1, spin: false });

function studentOf(architecture: 'transformer' | 'residual') {
  const options = architecture === 'transformer' ? { dimension: 32, depth: 1, heads: 2 } : { width: 0.25 };
  const encoder = ARCHITECTURES[architecture].build(options, shape.view);
  const loss = ntXent({ temperature: 0.3 });
  const method = simclr({ hidden: 16, projection: 8 }, { features: encoder.width, loss });
  return learner(encoder, method, { mean: [0.5, 0.5, 0.5], deviation: [0.3, 0.3, 0.3] }, { firstLayerRate: 0.5 });
}

/** A few steps on fresh views each. */
async function walk(steps: StepTaker, student: ReturnType<typeof studentOf>) {
  const random = new Random(3);
  const zeros = () => new Float32Array(student.layout.length);
  let state: TrainingState = {
    step: 0,
    parameters: startingParameters(student.layout, random),
    statistics: startingParameters(student.statisticsLayout, random),
    slots: { first: zeros(), second: zeros() },
    memory: {},
  };
  const losses: number[] = [];
  for (let i = 0; i < 4; i++) {
    const views = Float32Array.from({ length: 24 * 3 * 16 * 16 }, () => random.next());
    const taken = await steps.take(state, 1e-2, views);
    losses.push(taken.loss);
    state = taken.state;
  }
  await steps.dispose();
  return { losses, state };
}

it('a step in parts is the step in one piece, where no normalisation looks over the batch', async () => {
  const student = studentOf('transformer');
  const whole = await walk(await Stepper.compile(await engine, student, optimiser, shape), student);
  const parts = await walk(await TwoPassStepper.compile(await engine, student, optimiser, shape, 6), student);

  for (const [i, loss] of whole.losses.entries()) expect(parts.losses[i]).toBeCloseTo(loss, 4);
  const distance = (a: Float32Array, b: Float32Array) => Math.max(...a.map((number, i) => Math.abs(number - b[i]!)));
  expect(distance(whole.state.parameters, parts.state.parameters)).toBeLessThan(2e-4);
  expect(distance(whole.state.statistics, parts.state.statistics)).toBeLessThan(1e-4);
});

it('with batch normalisation each part is normalised by itself, and learns all the same', async () => {
  const student = studentOf('residual');
  const { losses, state } = await walk(
    await TwoPassStepper.compile(await engine, student, optimiser, shape, 2),
    student,
  );

  expect(losses.every(Number.isFinite)).toBe(true);
  const started = startingParameters(student.statisticsLayout, new Random(3));
  const moved = state.statistics.map((number, i) => Math.abs(number - started[i]!));
  expect(Math.min(...moved)).toBeGreaterThan(0); // of the encoder and of the head
});

it('refuses parts that views do not divide into', async () => {
  const student = studentOf('residual');
  await expect(TwoPassStepper.compile(await engine, student, optimiser, shape, 7)).rejects.toMatchObject({
    code: 'SETTINGS_INVALID',
  });
});

it('refuses a method that remembers', async () => {
  const encoder = ARCHITECTURES.residual.build({ width: 0.25 }, shape.view);
  const method = METHODS.byol.build({}, { features: encoder.width, loss: ntXent({ temperature: 0.3 }) });
  const student = learner(encoder, method, { mean: [0.5, 0.5, 0.5], deviation: [0.3, 0.3, 0.3] });
  await expect(TwoPassStepper.compile(await engine, student, optimiser, shape, 2)).rejects.toMatchObject({
    code: 'SETTINGS_INVALID',
  });
});
