import type { LearnTower } from '../recommend/behaviour/tower.js';
import { createEngine } from '../tensor/create-engine.js';
import type { Engine } from '../tensor/engine.js';
import { trainTower } from '../training/behaviour/train-tower.js';
import type { Environment } from './environment.js';

const SEED = 1;

/** Learns behaviour models on the engine of the settings, which loads with the first of them. */
export function createLearnTower({ config }: Pick<Environment, 'config'>): LearnTower {
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
