import {
  abs,
  add,
  concat,
  div,
  exp,
  expandDims,
  gather,
  matMul,
  mul,
  reshape,
  type Scalar,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import type { ParameterSpec, Scope } from '../../encoder/block.js';
import { unitRows } from '../../tensor/operations.js';
import { LOSSES, type LossName } from '../losses/index.js';
import { actionLoss } from './action-loss.js';

/** The sizes of a two-tower network. */
export interface TowerShape {
  /** Rows of ids, of which the first stands for every item whose id is not known, or is dropped. */
  readonly rows: number;
  /** Numbers that are given of an item: its embedding and its attributes. May be 0. */
  readonly features: number;
  readonly dimension: number;
  /** Entries of a history that are looked at. */
  readonly positions: number;
  /** What each pool keeps of an entry a step further back, before anything is learnt. */
  readonly decays: readonly number[];
  /** What a state and the action that followed are asked to do; of the losses over two views, with their own settings. */
  readonly loss: 'info-nce' | LossName;
  /** Of InfoNCE. */
  readonly temperature: number;
}

/** Added to sums of weights: an empty history has a state of zeros. */
const EPSILON = 1e-6;

export function towerParameters({ rows, features, dimension, positions, decays }: TowerShape): ParameterSpec[] {
  const pools = decays.length;
  return [
    { name: 'ids', shape: [rows, dimension], start: { deviation: 1 / Math.sqrt(dimension) }, decays: true },
    ...(features > 0
      ? [
          {
            name: 'features',
            shape: [features, dimension],
            start: { deviation: 1 / Math.sqrt(dimension) },
            decays: true,
          },
        ]
      : []),
    { name: 'pools', shape: [pools, positions], start: 0, decays: false },
    {
      name: 'maps',
      shape: [pools * dimension, dimension],
      start: { deviation: 0.3 / Math.sqrt(pools * dimension) },
      decays: true,
    },
  ];
}

/** The item tower: `ids` [U] and `features` [U, F] -> unit rows [U, D]: the id's row and a linear map of the features. */
export function itemTower(scope: Scope, { features: width }: TowerShape, ids: Tensor, features?: Tensor): Tensor2D {
  const byId = gather(scope.parameter('ids'), ids as Tensor1D);
  if (width === 0 || !features) return unitRows(byId);
  return unitRows(add(byId, matMul(features as Tensor2D, scope.parameter('features') as Tensor2D)));
}

/** What an entry counts in each pool, [K, H]: positive, decaying by steps back to begin with. */
export function poolWeights(scope: Scope, { positions, decays }: TowerShape): Tensor2D {
  const start = decays.map((decay) => Array.from({ length: positions }, (_, step) => step * Math.log(decay)));
  return exp(add(scope.parameter('pools'), start)) as Tensor2D;
}

/** What each pool says of what comes next, [K·D, D]: itself, to begin with. */
export function poolMaps(scope: Scope, { dimension, decays }: TowerShape): Tensor2D {
  const itself = Array.from({ length: decays.length * dimension }, (_, row) =>
    Array.from({ length: dimension }, (_, column) => (row % dimension === column ? 1 : 0)),
  );
  return add(scope.parameter('maps'), itself) as Tensor2D;
}

/**
 * The state tower: unit rows [B, D] of histories, newest entry first.
 * @param items [U, D] item vectors
 * @param entries [B·H] int32, rows of `items`
 * @param weights [B, H]; 0 where there is no entry, below 0 for a dislike
 */
export function stateTower(
  scope: Scope,
  shape: TowerShape,
  items: Tensor2D,
  entries: Tensor,
  weights: Tensor,
): Tensor2D {
  const { dimension, positions, decays } = shape;
  const batch = weights.shape[0]!;
  const pools = decays.length;
  const each = mul(expandDims(weights, 1), expandDims(poolWeights(scope, shape), 0)); // [B, K, H]
  const shares = div(each, add(sum(abs(each), 2, true), EPSILON));
  const rows = reshape(gather(items, entries as Tensor1D), [batch, positions, dimension]);
  const pooled = reshape(matMul(shares, rows), [batch, pools * dimension]) as Tensor2D;
  return unitRows(matMul(pooled, poolMaps(scope, shape)));
}

/** Tensors of one batch of (state, action) pairs, as `StateActionBatches` writes them. */
export interface BatchTensors {
  readonly ids: Tensor;
  readonly features?: Tensor;
  readonly entries: Tensor;
  readonly weights: Tensor;
  readonly candidates: Tensor;
  readonly correction: Tensor;
  readonly targets: Tensor;
}

export function towerObjective(scope: Scope, shape: TowerShape, batch: BatchTensors): Scalar {
  const items = itemTower(scope, shape, batch.ids, batch.features);
  const states = stateTower(scope, shape, items, batch.entries, batch.weights);
  const actions = gather(items, batch.candidates as Tensor1D) as Tensor2D;
  if (shape.loss !== 'info-nce') {
    const followed = matMul(batch.targets as Tensor2D, actions) as Tensor2D;
    return LOSSES[shape.loss].build({})(concat([states, followed])); // a state and its action: two views of one moment
  }
  return actionLoss({ temperature: shape.temperature })({ states, actions, ...batch });
}
