import type { LearnTower } from '../recommend/behaviour/tower.js';
import { createEngine } from '../tensor/create-engine.js';
import type { Engine } from '../tensor/engine.js';
import { trainTower } from '../training/behaviour/train-tower.js';
import type { Environment } from './environment.js';

const SEED = 1;

/** Learns behaviour models on the engine of the settings, which loads with the first of them. */
export function createLearnTower({ config, cores }: Pick<Environment, 'config' | 'cores'>): LearnTower {
  let engine: Promise<Engine> | undefined;
  return async (histories, options) => {
    engine ??= createEngine(config.KINDRED_ENGINE, {
      threads: config.KINDRED_THREADS ?? cores,
      spin: false, // steps are short, and not the only work of the machine
      layout: 'plain', // there are no maps to lay out
      device: config.KINDRED_DEVICE,
    });
    return (await trainTower(histories, { ...options, engine: await engine, seed: SEED })).tower;
  };
}
