import { mul, reshape, type Scalar, sum, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { parameterLayout, statisticsOf } from '../encoder/parameter-layout.js';
import { standardise } from '../encoder/pixel-statistics.js';
import { splitFlat, trainingScope } from '../encoder/scopes.js';
import type { TensorFunction, TensorSpec, TensorSpecs } from '../tensor/engine.js';
import type { Learner } from './learner.js';
import { updateInputs, updateParameters } from './optimiser-update.js';
import type { Optimiser } from './optimisers/optimiser.js';
import { mixed, type StepShape, slopes } from './training-step.js';

/** One of the functions that a step in two passes is made of. */
export interface StepFunction {
  readonly fn: TensorFunction;
  readonly inputs: TensorSpecs;
}

/**
 * A step for batches that do not fit into memory at once, the loss still over the whole batch: a first pass embeds part
 * after part and keeps the features only; the head and the loss see all of them, and say how each feature should move;
 * a second pass goes through part after part again, and back. It costs one more forward pass. Gao et al. 2021, "Scaling
 * Deep Contrastive Learning Batch Size under Memory Limited Setup", arXiv:2101.06983. Normalisations of the encoder see
 * one part at a time.
 */
export function twoPassStep(learner: Learner, optimiser: Optimiser, { batch, view }: StepShape, parts: number) {
  const { encoder, method, pixels, encoderLayout, encoderStatisticsLayout } = learner;
  const rows = method.viewsPerSample * batch;
  const head = {
    layout: parameterLayout(method.parameters),
    statisticsLayout: parameterLayout(statisticsOf(method.normalisations)),
  };
  const float = (...shape: number[]): TensorSpec => ({ shape, dtype: 'float32' });
  const views = float(rows / parts, ...view);
  const features = float(rows / parts, encoder.width);

  /** Views of one part -> its features. */
  const embed: StepFunction = {
    inputs: { views, parameters: float(encoderLayout.length) },
    fn: (inputs) => {
      const scope = trainingScope(splitFlat(inputs.parameters as Tensor1D, encoderLayout));
      return { features: encoder.forward(scope, standardise(inputs.views!, pixels)) };
    },
  };
  /** Features of all parts -> the loss, how the features should move, the gradient of the head. */
  const compare: StepFunction = {
    inputs: { features: float(rows, encoder.width), parameters: float(head.layout.length) },
    fn: (inputs) => {
      const found = slopes(head, inputs.parameters as Tensor1D, [inputs.features!], (scope, seen) =>
        method.objective(scope, seen as Tensor2D, {}),
      );
      const { value, gradient, others, statistics } = found;
      return { loss: reshape(value, [1]), slopes: others[0]!, gradient, statistics };
    },
  };
  /** Views of one part, and how its features should move -> the gradient of the encoder. */
  const goBack: StepFunction = {
    inputs: { views, slopes: features, parameters: float(encoderLayout.length) },
    fn: (inputs) => {
      const laid = { layout: encoderLayout, statisticsLayout: encoderStatisticsLayout };
      const { gradient, statistics } = slopes(laid, inputs.parameters as Tensor1D, [], (scope) => {
        const seen = encoder.forward(scope, standardise(inputs.views!, pixels));
        return sum(mul(seen, inputs.slopes!)) as Scalar;
      });
      return encoderStatisticsLayout.length === 0 ? { gradient } : { gradient, statistics };
    },
  };
  const { length } = learner.layout;
  const statistics = float(learner.statisticsLayout.length);
  const update: StepFunction = {
    inputs: {
      gradient: float(length),
      statistics,
      seen: statistics,
      ...updateInputs(optimiser, length, learner.rates !== undefined),
    },
    fn: (inputs) => ({
      'next/statistics': mixed(inputs.statistics!, inputs.seen!),
      ...updateParameters(optimiser, inputs, inputs.gradient as Tensor1D),
    }),
  };
  return { embed, compare, goBack, update };
}
