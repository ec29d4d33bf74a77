import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Progress } from '../../core/progress.js';
import { Random } from '../../core/random.js';
import { decayMask, parameterLayout, startingParameters } from '../../encoder/parameter-layout.js';
import { AppError } from '../../errors.js';
import type { Histories } from '../../recommend/behaviour/histories.js';
import type { Given } from '../../recommend/behaviour/source.js';
import type { Tower } from '../../recommend/behaviour/tower.js';
import type { Engine } from '../../tensor/engine.js';
import { assertConverging } from '../assert-healthy.js';
import { learningRate } from '../learning-rate.js';
import { OPTIMISERS } from '../optimisers/index.js';
import { itemFeatures } from './item-features.js';
import type { TowerScores } from './judge-tower.js';
import { numberIds } from './number-ids.js';
import { holdBack, pairsOf } from './pairs.js';
import { StateActionBatches } from './state-action-batches.js';
import { type TowerShape, towerParameters } from './tower-network.js';
import { TowerProbe } from './tower-probe.js';
import { TOWER_SETTINGS, type TowerSettings } from './tower-settings.js';
import { towerStep } from './tower-step.js';

/** With fewer pairs than this nothing is learnt. */
const FEWEST_PAIRS = 500;
/** Steps an epoch that a small log is cut into: batches shrink with it. */
const STEPS_OF_SMALL = 20;
const SMALLEST_BATCH = 16;
/** Rising steps of the learning rate. */
const WARM_UP = 50;

export interface TowerRun extends Pick<Given, 'signal' | 'embeddings' | 'attributes'> {
  readonly engine: Engine;
  readonly seed: number;
  readonly settings?: Partial<TowerSettings>;
  readonly progress?: Progress;
  readonly onEpoch?: (point: TowerPoint) => void;
}

/** The model after an epoch, as pairs that were held back see it. */
export interface TowerPoint extends TowerScores {
  readonly epoch: number;
  readonly loss: number;
}

export interface TrainedTower {
  readonly tower: Tower;
  /** A point an epoch; empty where there was too little to learn from. */
  readonly curve: readonly TowerPoint[];
}

/**
 * Learns the behaviour model: a state tower and an item tower, by InfoNCE over every (what came before, next item) of
 * the histories. Batches follow from the seed and the step. Lets the event loop go round between steps.
 * Of too short a log nothing is learnt: items are zeros, and the model knows nothing.
 * @throws AppError CANCELLED, TRAINING_DIVERGED
 */
export async function trainTower(histories: Histories, run: TowerRun): Promise<TrainedTower> {
  const settings = { ...TOWER_SETTINGS, ...run.settings };
  const { engine, signal } = run;
  const random = new Random(run.seed).fork('tower');
  const features = itemFeatures(run.embeddings, run.attributes);
  const { idRows, rows } = numberIds(histories);
  const shape: TowerShape = { ...settings, rows, features: features.width };
  const { pairs, heldBack } = holdBack(pairsOf(histories), random.fork('held back'));
  const count = pairs.positions.length;
  if (count < FEWEST_PAIRS) return { tower: knowsNothing(shape, histories.items), curve: [] };

  const batch = Math.min(settings.batch, Math.max(SMALLEST_BATCH, Math.floor(count / STEPS_OF_SMALL)));
  const batches = new StateActionBatches(histories, pairs, { ...settings, batch, random, idRows, features });
  const layout = parameterLayout(towerParameters(shape));
  const optimiser = OPTIMISERS.adamw.build({ weightDecay: settings.weightDecay });
  const step = towerStep(shape, layout, optimiser, batches.sizes);
  const compiled = await engine.compile(step.fn, step.inputs);
  const probe = await TowerProbe.open(engine, { shape, layout, histories, heldBack, idRows, features });
  const steps = batches.stepsPerEpoch * settings.epochs;
  const schedule = { steps, peak: settings.learningRate, warmUp: WARM_UP, floor: 0.01 };
  const decay = decayMask(layout);
  const curve: TowerPoint[] = [];
  let parameters = startingParameters(layout, random.fork('start'));
  let slots = Object.fromEntries(optimiser.slots.map((name) => [`slot/${name}`, new Float32Array(layout.length)]));
  let losses = 0;
  try {
    for (let at = 0; at < steps; at++) {
      await nextTurn();
      if (signal?.aborted) throw new AppError('CANCELLED', { what: 'Learning from behaviour' });
      const numbers = Object.entries(optimiser.numbers(at, learningRate(schedule, at)));
      const scalars = Object.fromEntries(numbers.map(([name, value]) => [`scalar/${name}`, Float32Array.of(value)]));
      const out = await compiled.run({ ...batches.at(at), parameters, decay, ...slots, ...scalars });
      const loss = out.loss![0]!;
      assertConverging(at, loss);
      losses += loss;
      parameters = out['next/parameters'] as Float32Array<ArrayBuffer>;
      slots = Object.fromEntries(
        Object.keys(slots).map((name) => [name, out[`next/${name}`] as Float32Array<ArrayBuffer>]),
      );
      run.progress?.({
        stage: 'behaviour',
        done: at + 1,
        total: steps,
        unit: 'steps',
        note: `loss ${loss.toFixed(3)}`,
      });
      if ((at + 1) % batches.stepsPerEpoch > 0) continue;
      const scores = await probe.judge(parameters);
      curve.push({ epoch: curve.length + 1, loss: losses / batches.stepsPerEpoch, ...scores });
      run.onEpoch?.(curve.at(-1)!);
      losses = 0;
    }
    return { tower: await probe.tower(parameters), curve };
  } finally {
    await compiled.dispose();
    await probe.dispose();
  }
}

function knowsNothing({ dimension, positions, decays, features }: TowerShape, items: number): Tower {
  return {
    dimension,
    positions,
    items: new Float32Array(items * dimension),
    pools: new Float32Array(decays.length * positions),
    maps: new Float32Array(decays.length * dimension * dimension),
    unknown: new Float32Array(dimension),
    features: new Float32Array(features * dimension),
  };
}
