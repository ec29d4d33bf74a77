import {
  add,
  concat1d,
  keep,
  mul,
  reshape,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  valueAndGrads,
} from '@tensorflow/tfjs-core';
import { featuresOf, type Scope } from '../encoder/block.js';
import { standardise } from '../encoder/pixel-statistics.js';
import { splitFlat, trainingScope } from '../encoder/scopes.js';
import type { TensorFunction, TensorSpec, TensorSpecs } from '../tensor/engine.js';
import type { Learner } from './learner.js';
import { memoryInputs, nextMemory, remembered } from './memory.js';
import type { Remembered } from './methods/method.js';
import { updateInputs, updateParameters } from './optimiser-update.js';
import type { Optimiser } from './optimisers/optimiser.js';

/** Share of the running statistics that stays at each step. */
const KEPT = 0.9;

/** Fixed shapes of one step. */
export interface StepShape {
  readonly batch: number;
  /** Shape of one view. */
  readonly view: readonly number[];
}

/**
 * One training step as one pure function: forward, loss, backward, update.
 * In: `views` [V·N, …], `parameters` [P], `decay` [P], `rates` [P] where they differ, `statistics` [S], `slot/NAME` [P],
 * `scalar/NAME` [1], and where the method remembers something `memory/NAME` and `scalar/kept`.
 * Out: `loss` [1], `next/parameters`, `next/statistics`, `next/slot/NAME`, `next/memory/NAME`.
 */
export function trainingStep(learner: Learner, optimiser: Optimiser): TensorFunction {
  return (inputs) => {
    const parameters = inputs.parameters as Tensor1D;
    const earlier = remembered(learner, inputs);
    const { loss, gradient, statistics } = lossAndGradient(learner, parameters, inputs.views!, earlier);
    const updated = updateParameters(optimiser, inputs, gradient);
    const next = { parameters: updated['next/parameters'], statistics: mixed(inputs.statistics!, statistics) };
    return {
      loss: reshape(loss, [1]),
      'next/statistics': next.statistics,
      ...updated,
      ...nextMemory(learner, inputs, next, earlier),
    };
  };
}

/** What `trainingStep` takes. */
export function stepInputs(learner: Learner, optimiser: Optimiser, { batch, view }: StepShape): TensorSpecs {
  const float = (...shape: number[]): TensorSpec => ({ shape, dtype: 'float32' });
  return {
    views: float(learner.method.viewsPerSample * batch, ...view),
    statistics: float(learner.statisticsLayout.length),
    ...memoryInputs(learner),
    ...updateInputs(optimiser, learner.layout.length, learner.rates !== undefined),
  };
}

/** The flat gradient `[P]` of the method's objective, and the statistics `[S]` of this batch. */
export function lossAndGradient(
  learner: Learner,
  parameters: Tensor1D,
  views: Tensor,
  earlier: Remembered = {},
): { loss: Scalar; gradient: Tensor1D; statistics: Tensor1D } {
  const { encoder, method, pixels } = learner;
  const { value, gradient, statistics } = slopes(learner, parameters, [], (scope) => {
    const { rows, map } = featuresOf(encoder, scope, standardise(views, pixels));
    return method.objective(scope, rows as Tensor2D, earlier, map);
  });
  return { loss: value, gradient, statistics };
}

/** What `slopes` differentiates: a part of a network, by where its parameters and statistics lie. */
export type Laid = Pick<Learner, 'layout' | 'statisticsLayout'>;

/**
 * A number and its gradients: by the flat parameters `[P]`, and by other tensors. Beside them the statistics `[S]` of
 * the normalisations on the way; empty where there are none.
 */
export function slopes(
  { layout, statisticsLayout }: Laid,
  parameters: Tensor1D,
  others: readonly Tensor[],
  objective: (scope: Scope, ...others: Tensor[]) => Scalar,
): { value: Scalar; gradient: Tensor1D; others: readonly Tensor[]; statistics: Tensor1D } {
  const names = layout.entries.map(({ name }) => name);
  const parts = Object.values(splitFlat(parameters, layout));
  const seen: Record<string, Tensor> = {};
  const { value, grads } = valueAndGrads((...tensors: Tensor[]) => {
    const scope = trainingScope(Object.fromEntries(names.map((name, i) => [name, tensors[i]!])));
    const found = objective(scope, ...tensors.slice(names.length));
    // kept: TensorFlow.js frees what a gradient scope made, and these are read outside it
    for (const [name, tensor] of Object.entries(scope.statistics)) seen[name] = keep(tensor);
    return found;
  })([...parts, ...others]);
  const statistics = flat(statisticsLayout.entries.map(({ name }) => seen[name]!));
  for (const tensor of Object.values(seen)) tensor.dispose();
  const gradient = flat(grads.slice(0, names.length));
  return { value: value as Scalar, gradient, others: grads.slice(names.length), statistics };
}

const flat = (tensors: readonly Tensor[]): Tensor1D =>
  tensors.length === 0 ? tensor1d([]) : concat1d(tensors.map((one) => reshape(one, [-1]) as Tensor1D));

/** The running statistics after a batch. */
export const mixed = (running: Tensor, seen: Tensor): Tensor => add(mul(running, KEPT), mul(seen, 1 - KEPT));
