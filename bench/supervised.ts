import { add, matMul, reshape, type Tensor1D, type Tensor2D, zerosLike } from '@tensorflow/tfjs-core';
import { openPictures } from '../src/app/open-pictures.js';
import { Random } from '../src/core/random.js';
import { bias, featuresOf, linear } from '../src/encoder/block.js';
import { buildNetwork } from '../src/encoder/networks.js';
import { decayMask, startingParameters } from '../src/encoder/parameter-layout.js';
import { standardise } from '../src/encoder/pixel-statistics.js';
import { createEngine } from '../src/tensor/create-engine.js';
import type { TensorFunction } from '../src/tensor/engine.js';
import { maskedCrossEntropy } from '../src/tensor/operations.js';
import type { TrainingState } from '../src/training/checkpoint.js';
import { type Learner, learner } from '../src/training/learner.js';
import { learningRate } from '../src/training/learning-rate.js';
import { measurePixels } from '../src/training/measure-pixels.js';
import type { Method } from '../src/training/methods/method.js';
import { scalarsOf, updateParameters } from '../src/training/optimiser-update.js';
import { OPTIMISERS } from '../src/training/optimisers/index.js';
import type { Optimiser } from '../src/training/optimisers/optimiser.js';
import { resolveSettings } from '../src/training/resolve-settings.js';
import { RowEmbedder } from '../src/training/row-embedder.js';
import { afterStep, vectorsOf } from '../src/training/stepper.js';
import { mixed, slopes, stepInputs } from '../src/training/training-step.js';
import { picturesInMemory } from './in-memory.js';
import { pace } from './pace.js';
import { samplesOfList } from './samples-of-list.js';

/** Pictures with what each shows, 0 to classes − 1. */
export interface LabelledPictures {
  readonly pictures: readonly Uint8Array[];
  readonly labels: ArrayLike<number>;
}

export interface Supervised {
  readonly shape: readonly number[];
  readonly classes: number;
  readonly steps: number;
  readonly seed: number;
  /** Whether it sees random views of its pictures, as contrastive training does, or the pictures as they are. */
  readonly throughViews: boolean;
}

const BATCH = 128;
const WARM_UP = 100;

/**
 * What the default network learns from labels alone: the same optimiser and schedule, cross-entropy instead of a
 * contrastive loss. It is what a team does that has a few labels and no unlabelled pictures.
 * @returns the share of `asked` that it names right
 */
export async function supervised(taught: LabelledPictures, asked: LabelledPictures, how: Supervised): Promise<number> {
  const { shape, classes, steps, seed, throughViews } = how;
  const { threads } = pace();
  const random = new Random(seed);
  const settings = resolveSettings({});
  const samples = samplesOfList(taught.pictures, shape);
  const { views } = openPictures(picturesInMemory(samples));
  const network = await buildNetwork(settings.architecture, settings.architectureOptions, views.shape, undefined);
  const student = learner(network, classifier(network.width, classes), measurePixels(samples, views, random));
  const optimiser = OPTIMISERS[settings.optimiser].build(settings.optimiserOptions);
  const engine = await createEngine('onnx', { threads });
  const size = Math.min(BATCH, samples.count);
  const step = await engine.compile(supervisedStep(student, optimiser), {
    ...stepInputs(student, optimiser, { batch: size, view: views.shape }),
    targets: { shape: [size, classes], dtype: 'float32' },
  });
  const embedder = await RowEmbedder.compile(engine, student, views.shape, 256);
  try {
    let state = start(student, optimiser, random);
    const schedule = { steps, peak: settings.learningRate, warmUp: WARM_UP, floor: 0.01 };
    const batch = new Float32Array(size * views.length);
    while (state.step < steps) {
      const own = random.fork(`step/${state.step}`);
      const targets = new Float32Array(size * classes);
      for (let i = 0; i < size; i++) {
        const which = own.int(samples.count);
        if (throughViews) views.write(samples.read(which), own, batch, i * views.length);
        else views.plain(samples.read(which), batch, i * views.length);
        targets[i * classes + taught.labels[which]!] = 1;
      }
      const out = await step.run({
        ...vectorsOf(state),
        views: batch,
        targets,
        decay: decayMask(student.layout),
        ...scalarsOf(optimiser, state.step, learningRate(schedule, state.step)),
      });
      state = afterStep(state, optimiser, out);
    }
    const { projections } = await embedder.embed(state, asked.pictures.length, (index, out, offset) =>
      views.plain(asked.pictures[index]!, out, offset),
    );
    return shareRight(projections!, classes, asked.labels);
  } finally {
    await step.dispose();
    await embedder.dispose();
  }
}

/** A linear classifier on the features. `project` gives its scores, by which the embedder ranks classes. */
function classifier(features: number, classes: number): Method {
  return {
    viewsPerSample: 1,
    parameters: [linear('classes/weights', features, classes), bias('classes/bias', classes)],
    normalisations: [],
    project: (scope, rows) =>
      add(matMul(rows, scope.parameter('classes/weights') as Tensor2D), scope.parameter('classes/bias')) as Tensor2D,
    objective() {
      throw new RangeError('A classifier needs targets.');
    },
  };
}

/** As `trainingStep`, with the `targets` of the batch, one-hot `[N, classes]`, beside its views. */
function supervisedStep(student: Learner, optimiser: Optimiser): TensorFunction {
  return (inputs) => {
    const { value, gradient, statistics } = slopes(student, inputs.parameters as Tensor1D, [], (scope) => {
      const { rows } = featuresOf(student.encoder, scope, standardise(inputs.views!, student.pixels));
      const logits = student.method.project!(scope, rows as Tensor2D);
      return maskedCrossEntropy(logits, zerosLike(logits), inputs.targets!);
    });
    return {
      loss: reshape(value, [1]),
      'next/statistics': mixed(inputs.statistics!, statistics),
      ...updateParameters(optimiser, inputs, gradient),
    };
  };
}

function start({ layout, statisticsLayout }: Learner, { slots }: Optimiser, random: Random): TrainingState {
  return {
    step: 0,
    parameters: startingParameters(layout, random.fork('parameters')),
    statistics: startingParameters(statisticsLayout, random.fork('statistics')),
    slots: Object.fromEntries(slots.map((name) => [name, new Float32Array(layout.length)])),
    memory: {},
  };
}

function shareRight(scores: Float32Array, classes: number, labels: ArrayLike<number>): number {
  let right = 0;
  for (let i = 0; i < labels.length; i++) {
    const own = scores.subarray(i * classes, (i + 1) * classes);
    if (own.indexOf(own.reduce((a, b) => Math.max(a, b))) === labels[i]) right++;
  }
  return right / labels.length;
}
