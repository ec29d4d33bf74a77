import type { Progress } from '../../core/progress.js';
import type { Histories, History } from './histories.js';
import type { Given, Parts, Ranker } from './source.js';

/**
 * A behaviour model, learnt: unit vectors of the items, and how a history becomes a vector beside them. Nothing but
 * arrays, all by rows, so that it can be stored by name.
 */
export interface Tower {
  readonly dimension: number;
  /** Entries of a history that are looked at: the newest. */
  readonly positions: number;
  /** [items × dimension], unit rows */
  readonly items: Float32Array;
  /** [pools × positions]: what an entry counts in each pool, by the steps back from the newest. */
  readonly pools: Float32Array;
  /** [pools · dimension × dimension]: what each pool says of what comes next. */
  readonly maps: Float32Array;
}

/** What learns a tower from histories; training is handed in, since recommendation knows no engine. Throws CANCELLED. */
export type LearnTower = (
  histories: Histories,
  given: Pick<Given, 'signal' | 'embeddings' | 'attributes'> & { readonly progress?: Progress },
) => Promise<Tower>;

/** As named arrays: `shape` is [dimension, positions]. */
const partsOf = ({ dimension, positions, ...arrays }: Tower): Parts => ({
  ...arrays,
  shape: Uint32Array.of(dimension, positions),
});

/** A tower again of its parts. */
export function towerOf(parts: Parts): Tower {
  const { shape, ...arrays } = parts as Parts & { readonly shape: Uint32Array };
  const [dimension = 0, positions = 0] = shape;
  return { dimension, positions, ...(arrays as Omit<Tower, 'dimension' | 'positions'>) };
}

/** Scores are cosines of the history's state with the items. */
export function towerRanker(tower: Tower): Ranker {
  const { dimension, items } = tower;
  return {
    parts: async () => partsOf(tower),
    factors: { rows: { dimension, values: items }, of: (history) => stateOf(tower, history) },
    score(history, into) {
      const state = stateOf(tower, history);
      for (let i = 0; i < into.length; i++) {
        let along = 0;
        for (let d = 0; d < dimension; d++) along += state[d]! * items[i * dimension + d]!;
        into[i] = along;
      }
    },
  };
}

/**
 * The state of a history, [dimension] of length 1; zeros for a history of nothing. Pool k is the mean of the newest
 * entries' item vectors, each with its weight times `pools[k]` at its place; the state is the sum of the pools' rows
 * times their part of `maps`. It is odd in the weights: a dislike pushes away just as a like draws near.
 */
export function stateOf({ dimension, positions, items, pools, maps }: Tower, history: History): Float32Array {
  const count = Math.min(positions, history.items.length);
  const state = new Float32Array(dimension);
  for (let k = 0; k < pools.length / positions; k++) {
    const pooled = new Float32Array(dimension);
    let total = 0;
    for (let step = 0; step < count; step++) {
      const at = history.items.length - 1 - step;
      const weight = pools[k * positions + step]! * history.weights[at]!;
      const row = history.items[at]! * dimension;
      for (let d = 0; d < dimension; d++) pooled[d]! += weight * items[row + d]!;
      total += Math.abs(weight);
    }
    if (total === 0) continue;
    for (let d = 0; d < dimension; d++) {
      const share = pooled[d]! / total;
      const row = (k * dimension + d) * dimension;
      for (let e = 0; e < dimension; e++) state[e]! += share * maps[row + e]!;
    }
  }
  const length = Math.hypot(...state);
  return length === 0 ? state : state.map((value) => value / length);
}
