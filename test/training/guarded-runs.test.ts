import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CurvePoint } from '../../src/registry/registry.js';
import { createEngine } from '../../src/tensor/create-engine.js';
import type { Engine } from '../../src/tensor/engine.js';
import { METHOD_NAMES } from '../../src/training/methods/index.js';
import type { Samples, Views } from '../../src/training/samples.js';
import { type TrainingRun, trainEncoder } from '../../src/training/train-encoder.js';
import { realDrawings } from './real-drawings.js';
import { toySettings } from './toy-samples.js';

let engine: Engine;
let folder: string;
let drawings: { samples: Samples; views: Views };
beforeAll(async () => {
  engine = await createEngine('onnx', { threads: 1, spin: false });
  folder = await mkdtemp(join(tmpdir(), 'guarded-'));
  drawings = await realDrawings(96);
});
afterAll(() => rm(folder, { recursive: true }));

const HEADS = { hidden: 32, projection: 16 };
/** A run on real drawings, and what was said in it. */
function guarded(settings: object, over: Partial<TrainingRun> = {}) {
  let time = 0;
  const notices: string[] = [];
  const run: TrainingRun = {
    ...drawings,
    settings: toySettings({ methodOptions: HEADS, whitening: 'none', ...settings }),
    engine,
    now: () => time++,
    onNotice: (text) => notices.push(text),
    ...over,
  };
  return { notices, trained: trainEncoder(run) };
}
/** So few pictures in such small batches want a gentler rate than the default. */
const SOUND = { learningRate: 1e-3, budget: { steps: 200 } };
/** Falls onto one point within two hundred steps: no stop-gradient, and a lively rate. */
const FALLING = {
  method: 'simsiam',
  methodOptions: { ...HEADS, stopGradient: false },
  learningRate: 5e-2,
  budget: { steps: 300 },
};
const TIMES = /seconds|PerSecond|Share$/;
const timeless = (curve: readonly CurvePoint[]) =>
  curve.map((point) =>
    Object.fromEntries(Object.entries(point).filter(([name]) => name === 'rateShare' || !TIMES.test(name))),
  );

describe('a guarded run', () => {
  it.each(METHOD_NAMES)(
    'of %s that is sound is never interfered with, and says at each look what it saw',
    async (method) => {
      const queue = ['moco', 'nnclr', 'dense-cl'].includes(method) ? { queue: 64 } : {};
      const { notices, trained } = guarded({ ...SOUND, method, methodOptions: { ...HEADS, ...queue } });
      const { curve, interventions } = await trained;

      expect(notices).toEqual([]);
      expect(interventions).toEqual([]);
      for (const { recall, projectionRank, projectionSpread } of curve) {
        expect(recall).toBeGreaterThanOrEqual(0);
        expect(recall).toBeLessThanOrEqual(1);
        expect(projectionRank).toBeGreaterThan(1.5);
        expect(projectionSpread).toBeGreaterThan(0.1);
      }
      expect(curve[0]).not.toHaveProperty('neighboursKept');
      expect(curve[1]!.neighboursKept).toBeGreaterThan(0.1);
    },
  );

  it('of SimSiam without its stop-gradient is caught by its projections, and cured at a tenth of the rate', async () => {
    const { notices, trained } = guarded(FALLING);
    const { interventions, curve } = await trained;

    expect(interventions).toMatchObject([
      { step: 100, action: 'warn', rateShare: 1 },
      { step: 200, action: 'restore', rateShare: 0.1, backTo: 0, says: expect.stringMatching(/projections.*spread/) },
    ]);
    expect(notices[1]).toMatch(/goes back to step 0, and on from there at 0\.1 of its learning rate/);
    expect(curve.map(({ step, rateShare }) => [step, rateShare])).toEqual([
      [100, 0.1],
      [200, 0.1],
      [300, 0.1],
    ]);
    for (const { projectionSpread } of curve) expect(projectionSpread).toBeGreaterThan(0.1);
  });

  it('of a rate a hundred times too high, with plain SGD, is caught at once, by what it did to features', async () => {
    const { interventions, curve } = await guarded({ optimiser: 'sgd', learningRate: 30, budget: { steps: 300 } })
      .trained;

    expect(interventions[0]).toMatchObject({ step: 100, action: 'warn' });
    expect(interventions[1]!.action).toMatch(/lower-rate|restore/);
    expect(interventions.map(({ says }) => says).join(' ')).toMatch(/before the first step they used/);
    expect(curve.at(-1)!.rateShare).toBeLessThan(1);
  });

  it('of a rate a hundred times too high, with AdamW, is caught, and cured at a tenth of it', async () => {
    const { interventions, curve } = await guarded({ learningRate: 0.3, budget: { steps: 300 } }).trained;

    expect(interventions.map(({ action }) => action)).toEqual(['warn', 'restore']);
    expect(interventions[1]!.says).toMatch(/projections.*spread/);
    expect(curve.at(-1)!.rateShare).toBe(0.1);
    expect(curve.at(-1)!.loss).toBeLessThan(curve[0]!.loss);
    expect(curve.at(-1)!.projectionSpread).toBeGreaterThan(0.3);
  });

  it.each([0.001, 100])('of a temperature of %d is refused before it begins', async (temperature) => {
    const { trained } = guarded({ lossOptions: { temperature } });

    await expect(trained).rejects.toMatchObject({
      code: 'SETTINGS_INVALID',
      message: expect.stringContaining('temperature'),
    });
  });

  it.each([0.01, 10])(
    'of a temperature of %d, at the edge of what is taken, learns and is let alone',
    async (temperature) => {
      const { interventions, curve } = await guarded({ lossOptions: { temperature }, budget: { steps: 200 } }).trained;

      expect(curve.at(-1)!.loss).toBeLessThan(curve[0]!.loss);
      expect(interventions).toEqual([]);
    },
  );

  it('comes to the same end when it is stopped before and after it goes back', async () => {
    const checkpoints = join(folder, 'resumed');
    const whole = await guarded(FALLING).trained;
    for (const taken of [150, 100]) {
      const controller = new AbortController();
      let steps = 0;
      const progress: TrainingRun['progress'] = ({ stage }) => {
        if (stage === 'training' && ++steps === taken) controller.abort();
      };
      const cut = guarded(FALLING, { checkpoints, resume: true, progress, signal: controller.signal });
      await expect(cut.trained).rejects.toMatchObject({ code: 'CANCELLED' });
    }
    const resumed = await guarded(FALLING, { checkpoints, resume: true }).trained;

    expect(timeless(resumed.curve)).toEqual(timeless(whole.curve));
    expect(resumed.interventions).toEqual(whole.interventions);
    expect(Buffer.compare(resumed.parameters, whole.parameters)).toBe(0);
  });

  it('publishes the best look where that is asked for, and ends when patience does', async () => {
    const settings = { learningRate: 3e-2, seed: 3 };
    const whole = await guarded({ ...settings, keep: 'best', patience: 1, budget: { steps: 800 } }).trained;

    expect(whole.steps).toBe(whole.curve.at(-1)!.step);
    expect(whole.steps).toBeLessThan(800);
    expect(whole.keptStep).toBe(whole.curve.at(-2)!.step);
  });
});
