import type { LearnTower } from '../../../src/recommend/behaviour/tower.js';
import { OnnxEngine } from '../../../src/tensor/onnx-engine.js';
import { trainTower } from '../../../src/training/behaviour/train-tower.js';

const engine = new OnnxEngine({ threads: 1 });

/** Learns as the application does, in fewer numbers. */
export const learnTower: LearnTower = async (histories, given) => {
  const settings = { dimension: 16, positions: 5, drawn: 16, epochs: 8 };
  return (await trainTower(histories, { ...given, engine, seed: 1, settings })).tower;
};
