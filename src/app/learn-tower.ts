import type { Config } from '../config.js';
import type { LearnTower } from '../recommend/behaviour/tower.js';
import { createEngine } from '../tensor/create-engine.js';
import type { Engine } from '../tensor/engine.js';
import { trainTower } from '../training/behaviour/train-tower.js';

const SEED = 1;

/** Learns behaviour models on the engine of the settings, which loads with the first of them. */
export function createLearnTower({
  config,
}: {
  readonly config: Pick<Config, 'KINDRED_ENGINE' | 'KINDRED_DEVICE'>;
}): LearnTower {
  let engine: Promise<Engine> | undefined;
  return async (histories, options) => {
    engine ??= createEngine(config.KINDRED_ENGINE, {
      threads: 1, // with more, gradients of gathered rows are added up in another order each time
      layout: 'plain', // there are no maps to lay out
      device: config.KINDRED_DEVICE,
    });
    return (await trainTower(histories, { ...options, engine: await engine, seed: SEED })).tower;
  };
}
