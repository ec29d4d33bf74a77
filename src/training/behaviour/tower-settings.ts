import type { LossName } from '../losses/index.js';

/** How a behaviour model is learnt. */
export interface TowerSettings {
  /** Numbers of an item's vector. */
  readonly dimension: number;
  /** Entries of a history that are looked at: the newest. */
  readonly positions: number;
  /** What each pool keeps of an entry a step further back, before anything is learnt. */
  readonly decays: readonly number[];
  /** InfoNCE with popularity taken away, or any loss over two views: a state is one, the action that followed the other. */
  readonly loss: 'info-nce' | LossName;
  readonly temperature: number;
  readonly batch: number;
  /** Wrong answers drawn by chance beside the actions of the batch. */
  readonly drawn: number;
  /** Share of the ids that are dropped in a batch, so that what is given of an item has to do. */
  readonly dropped: number;
  /** Share of the states that are cut to a few of their newest entries. */
  readonly cut: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly weightDecay: number;
}

/** Common values; epochs and draws are fewer than the best seen on films rated before the last three, for speed. */
export const TOWER_SETTINGS: TowerSettings = {
  dimension: 64,
  positions: 20,
  decays: [0.3, 0.8, 0.97],
  loss: 'info-nce',
  temperature: 0.1,
  batch: 512,
  drawn: 512,
  dropped: 0.3,
  cut: 0.2,
  epochs: 12,
  learningRate: 0.005,
  weightDecay: 0.01,
};
