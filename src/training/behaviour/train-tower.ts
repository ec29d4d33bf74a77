import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Progress } from '../../core/progress.js';
import { Random } from '../../core/random.js';
import { parameterLayout, startingParameters } from '../../encoder/parameter-layout.js';
import { AppError } from '../../errors.js';
import type { Histories } from '../../recommend/behaviour/histories.js';
import type { Given } from '../../recommend/behaviour/source.js';
import type { Tower } from '../../recommend/behaviour/tower.js';
import type { Engine } from '../../tensor/engine.js';
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
import { TowerStepper } from './tower-stepper.js';

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
  const { engine } = run;
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
  const probe = await TowerProbe.open(engine, { shape, layout, histories, heldBack, idRows, features });
  const stepper = new TowerStepper(engine, {
    shape,
    layout,
    optimiser: OPTIMISERS.adamw.build({ weightDecay: settings.weightDecay }),
    sizes: batches.sizes,
    parameters: startingParameters(layout, random.fork('start')),
  });
  try {
    const curve = await takeSteps({ settings, batches, stepper, probe, run });
    return { tower: await probe.tower(stepper.parameters), curve };
  } finally {
    await stepper.dispose();
    await probe.dispose();
  }
}

/** What the steps of a run share. */
interface Steps {
  readonly settings: TowerSettings;
  readonly batches: StateActionBatches;
  readonly stepper: TowerStepper;
  readonly probe: TowerProbe;
  readonly run: TowerRun;
}

/** All steps of the schedule, and a look at what was held back after each epoch. */
async function takeSteps({ settings, batches, stepper, probe, run }: Steps): Promise<TowerPoint[]> {
  const every = batches.stepsPerEpoch;
  const steps = every * settings.epochs;
  const schedule = { steps, peak: settings.learningRate, warmUp: WARM_UP, floor: 0.01 };
  const curve: TowerPoint[] = [];
  let losses = 0;
  for (let step = 0; step < steps; step++) {
    await nextTurn();
    if (run.signal?.aborted) throw new AppError('CANCELLED', { what: 'Learning from behaviour' });
    const loss = await stepper.take(step, learningRate(schedule, step), batches.at(step));
    losses += loss;
    const note = `loss ${loss.toFixed(3)}`;
    run.progress?.({ stage: 'behaviour', done: step + 1, total: steps, unit: 'steps', note });
    if ((step + 1) % every > 0) continue;
    curve.push({ epoch: curve.length + 1, loss: losses / every, ...(await probe.judge(stepper.parameters)) });
    run.onEpoch?.(curve.at(-1)!);
    losses = 0;
  }
  return curve;
}

function knowsNothing({ dimension, positions, decays }: TowerShape, items: number): Tower {
  return {
    dimension,
    positions,
    items: new Float32Array(items * dimension),
    pools: new Float32Array(decays.length * positions),
    maps: new Float32Array(decays.length * dimension * dimension),
  };
}
