import { reshape, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { type ParameterLayout, parameterLayout } from '../../encoder/parameter-layout.js';
import { splitFlat, trainingScope } from '../../encoder/scopes.js';
import type { TensorFunction, TensorSpec, TensorSpecs } from '../../tensor/engine.js';
import { updateInputs, updateParameters } from '../optimiser-update.js';
import type { Optimiser } from '../optimisers/optimiser.js';
import { slopes } from '../training-step.js';
import type { BatchSizes } from './state-action-batches.js';
import {
  type BatchTensors,
  itemTower,
  poolMaps,
  poolWeights,
  stateTower,
  type TowerShape,
  towerObjective,
} from './tower-network.js';

/** A pure function of tensors, and what it takes. */
export interface TowerFunction {
  readonly fn: TensorFunction;
  readonly inputs: TensorSpecs;
}

const float = (...shape: number[]): TensorSpec => ({ shape, dtype: 'float32' });
const whole = (...shape: number[]): TensorSpec => ({ shape, dtype: 'int32' });

/**
 * One step: towers, loss, backward, update. In: a batch (`BatchTensors`), `parameters` [P], `decay` [P], `slot/NAME` [P],
 * `scalar/NAME` [1]. Out: `loss` [1], `next/parameters`, `next/slot/NAME`.
 */
export function towerStep(
  shape: TowerShape,
  layout: ParameterLayout,
  optimiser: Optimiser,
  { batch, items, candidates }: BatchSizes,
): TowerFunction {
  const laid = { layout, statisticsLayout: parameterLayout([]) };
  return {
    inputs: {
      ids: whole(items),
      ...(shape.features > 0 && { features: float(items, shape.features) }),
      entries: whole(batch * shape.positions),
      weights: float(batch, shape.positions),
      candidates: whole(candidates),
      correction: float(batch, candidates),
      targets: float(batch, candidates),
      ...updateInputs(optimiser, layout.length),
    },
    fn: (inputs) => {
      const { value, gradient } = slopes(laid, inputs.parameters as Tensor1D, [], (scope) =>
        towerObjective(scope, shape, inputs as unknown as BatchTensors),
      );
      return { loss: reshape(value, [1]), ...updateParameters(optimiser, inputs, gradient) };
    },
  };
}

/** What is kept of the network: `ids` [N], `features` [N, F], `parameters` [P] -> `items` [N, D], `pools`, `maps`. */
export function towerExport(shape: TowerShape, layout: ParameterLayout, count: number): TowerFunction {
  return {
    inputs: {
      parameters: float(layout.length),
      ids: whole(count),
      ...(shape.features > 0 && { features: float(count, shape.features) }),
    },
    fn: ({ parameters, ids, features }) => {
      const scope = trainingScope(splitFlat(parameters as Tensor1D, layout));
      return {
        items: itemTower(scope, shape, ids!, features),
        pools: poolWeights(scope, shape),
        maps: poolMaps(scope, shape),
      };
    },
  };
}

/** States of `batch` histories beside `count` items: `items` [N, D], `entries` [B·H], `weights` [B, H] -> `states` [B, D]. */
export function towerStates(shape: TowerShape, layout: ParameterLayout, count: number, batch: number): TowerFunction {
  return {
    inputs: {
      parameters: float(layout.length),
      items: float(count, shape.dimension),
      entries: whole(batch * shape.positions),
      weights: float(batch, shape.positions),
    },
    fn: ({ parameters, items, entries, weights }) => {
      const scope = trainingScope(splitFlat(parameters as Tensor1D, layout));
      return { states: stateTower(scope, shape, items as Tensor2D, entries!, weights!) };
    },
  };
}
