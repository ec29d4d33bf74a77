import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dot, norm } from '../../src/core/vectors.js';
import { readFloatFile, writeFloatFile } from '../../src/encoder/float-file.js';
import { openOnnxEncoder } from '../../src/encoder/onnx-encoder.js';
import { readParameters } from '../../src/encoder/parameters-file.js';
import type { CurvePoint } from '../../src/registry/registry.js';
import { createEngine } from '../../src/tensor/create-engine.js';
import type { Engine } from '../../src/tensor/engine.js';
import { type TrainingPlan, type TrainingRun, trainEncoder } from '../../src/training/train-encoder.js';
import { toySamples, toySettings, toyViews } from './toy-samples.js';
import { brokenPortable, toyPortable } from './toy-thread.js';

let engine: Engine;
let folder: string;
beforeAll(async () => {
  engine = await createEngine('onnx', { threads: 1, spin: false });
  folder = await mkdtemp(join(tmpdir(), 'training-'));
});
afterAll(() => rm(folder, { recursive: true }));

const samples = toySamples(48);
/** A clock of its own for each run: a millisecond passes whenever it is read. */
const run = (settings: object = {}, over: Partial<TrainingRun> = {}): TrainingRun => {
  let time = 0;
  return { samples, views: toyViews(), settings: toySettings(settings), engine, now: () => time++, ...over };
};
const TIMES = new Set(['seconds', 'picturesPerSecond', 'stepShare', 'viewsShare', 'saveShare', 'judgeShare']);
const timeless = (curve: readonly CurvePoint[]) =>
  curve.map((point) => Object.fromEntries(Object.entries(point).filter(([name]) => !TIMES.has(name))));

/** Aborts a run after so many steps. */
function abortAfter(steps: number): Pick<TrainingRun, 'signal' | 'progress'> {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    progress: ({ stage, done }) => {
      if (stage === 'training' && done === steps) controller.abort();
    },
  };
}

describe('trainEncoder', () => {
  it('learns: the loss of a toy set falls, and an encoder comes out that opens', async () => {
    const points: CurvePoint[] = [];
    const trained = await trainEncoder(run({ budget: { steps: 200 } }, { onEpoch: (point) => points.push(point) }));

    expect(points).toEqual(trained.curve);
    expect(points.map(({ step }) => step)).toEqual([100, 200]);
    expect(points[1]!.loss).toBeLessThan(points[0]!.loss);
    expect(points[1]).toMatchObject({
      epoch: 200 / 3,
      alignment: expect.any(Number),
      uniformity: expect.any(Number),
      effectiveRank: expect.any(Number),
      deviation: expect.any(Number),
      picturesPerSecond: expect.any(Number),
    });
    expect(trained.settings).toMatchObject({
      optimiserOptions: { weightDecay: 0.1 },
      lossOptions: { temperature: 0.2 },
    });
    const encoder = await openOnnxEncoder(trained.encoder);
    const [vector] = await encoder.encode([samples.read(0)]);
    expect(vector).toHaveLength(trained.dimension);
    expect(norm(vector!)).toBeCloseTo(1, 5);
    await encoder.close();
  });

  it('keeps scores of the caller’s own in each point, made of what the exported encoder would give', async () => {
    const seen: Float32Array[] = [];
    const trained = await trainEncoder(
      run(
        { whitening: 'none' },
        {
          async alsoScore(embed) {
            const { values, dimension } = await embed([samples.read(7)]);
            seen.push(values);
            return { width: dimension };
          },
        },
      ),
    );

    expect(trained.curve.map(({ width }) => width)).toEqual([trained.dimension]);
    const encoder = await openOnnxEncoder(trained.encoder);
    const [vector] = await encoder.encode([samples.read(7)]);
    expect(dot(seen[0]!, vector!)).toBeCloseTo(1, 4);
    await encoder.close();
  });

  it('gives the same curve and encoder for the same seed, and others for another', async () => {
    const [one, same, other] = [
      await trainEncoder(run()),
      await trainEncoder(run()),
      await trainEncoder(run({ seed: 2 })),
    ];

    expect(timeless(same.curve)).toEqual(timeless(one.curve));
    expect(Buffer.compare(same.encoder, one.encoder)).toBe(0);
    expect(Buffer.compare(same.parameters, one.parameters)).toBe(0);
    expect(other.curve[0]!.loss).not.toBe(one.curve[0]!.loss);
  });

  it('comes to the same end whoever makes the views: this thread, another, or several', async () => {
    const settings = { budget: { steps: 9 } };
    const portable = toyPortable(samples.count);
    const direct = await trainEncoder(run(settings));

    for (const threads of [0, 1, 2]) {
      const beside = await trainEncoder(run(settings, { beside: { portable, threads } }));
      expect(timeless(beside.curve)).toEqual(timeless(direct.curve));
      expect(Buffer.compare(beside.parameters, direct.parameters)).toBe(0);
    }
  });

  it('stops where a thread that makes views fails, and keeps the steps so far', async () => {
    const checkpoints = join(folder, 'thread');
    const settings = { budget: { steps: 9 } };
    const beside = { portable: brokenPortable('read', 3), threads: 1 };

    await expect(trainEncoder(run(settings, { checkpoints, beside }))).rejects.toMatchObject({
      code: 'VIEWS_FAILED',
      message: expect.stringMatching(/the disk has gone/),
      remedy: expect.stringMatching(/--resume/),
    });
    const steps: number[] = [];
    const progress: TrainingRun['progress'] = ({ stage, done }) => stage === 'training' && steps.push(done);
    const resumed = await trainEncoder(run(settings, { checkpoints, resume: true, progress }));

    expect(steps[0]).toBeGreaterThan(1);
    expect(Buffer.compare(resumed.parameters, (await trainEncoder(run(settings))).parameters)).toBe(0);
  });

  it('says where the time went: each point of the curve, and the whole run also across a stop', async () => {
    const checkpoints = join(folder, 'spent');
    const settings = { budget: { steps: 20 }, checkpointSeconds: 0.005 };
    await expect(trainEncoder(run(settings, { checkpoints, ...abortAfter(10) }))).rejects.toMatchObject({
      code: 'CANCELLED',
    });

    const { curve, spent, seconds, saving } = await trainEncoder(run(settings, { checkpoints, resume: true }));

    const { stepShare, viewsShare, saveShare, judgeShare } = curve[0]!;
    const sum = stepShare! + viewsShare! + saveShare! + judgeShare!;
    expect(sum).toBeGreaterThan(0.3);
    expect(sum).toBeLessThanOrEqual(1);
    // a millisecond passes whenever the clock is read: once a step and part, or more where a save ends meanwhile
    for (const seconds of [spent.step, spent.views]) {
      expect(seconds).toBeGreaterThan(0.0199);
      expect(seconds).toBeLessThan(0.04);
    }
    expect(spent.judge).toBeGreaterThan(0.0009);
    expect(spent.step + spent.views + spent.judge + spent.save).toBeLessThan(seconds + 0.02);
    expect(saving.count).toBeGreaterThan(1);
    expect(saving.milliseconds).toBeGreaterThan(0);
  });

  it('says before the first step how many parameters there are and what memory it takes', async () => {
    const plans: TrainingPlan[] = [];
    const stop = abortAfter(1);
    for (const parts of [1, 4])
      await trainEncoder(run({ parts }, { ...stop, onPlan: (plan) => plans.push(plan) })).catch(() => {});
    const { parameters } = readParameters((await trainEncoder(run())).parameters);
    const count = Object.values(parameters).reduce((sum, { values }) => sum + values.length, 0);

    expect(plans).toMatchObject([
      { parameters: count, stepsPerEpoch: 3 },
      { parameters: count, stepsPerEpoch: 3 },
    ]);
    expect(plans[0]!.bytes).toBeGreaterThan(8 * 4 * count); // parameters, gradient, slots and what follows them
    expect(plans[1]!.bytes).toBeGreaterThan(8 * 4 * count);
  });

  it('leaves a checkpoint when it is stopped, and goes on from it to the very same end', async () => {
    const checkpoints = join(folder, 'stopped');
    const settings = { budget: { steps: 107 } };
    const whole = await trainEncoder(run(settings));

    // once before the first point of the curve and once after it
    for (const steps of [60, 104])
      await expect(
        trainEncoder(run(settings, { checkpoints, resume: true, ...abortAfter(steps) })),
      ).rejects.toMatchObject({
        code: 'CANCELLED',
      });
    const resumed = await trainEncoder(run(settings, { checkpoints, resume: true }));

    expect(timeless(resumed.curve)).toEqual(timeless(whole.curve));
    expect(Buffer.compare(resumed.parameters, whole.parameters)).toBe(0);
    expect(Buffer.compare(resumed.encoder, whole.encoder)).toBe(0);
  });

  it('saves as often as it is asked to, so that a kill loses little', async () => {
    const checkpoints = join(folder, 'killed');
    const settings = { budget: { steps: 12 }, checkpointSeconds: 0.001 };
    const states: Buffer[] = [];
    const read = () => readFile(join(checkpoints, 'training.checkpoint')).catch(() => undefined);
    const killed = new Error('killed');
    const progress: TrainingRun['progress'] = ({ stage, done }) => {
      if (stage === 'training' && done === 8) throw killed; // no chance to save anything more
    };

    await expect(trainEncoder(run(settings, { checkpoints, progress }))).rejects.toBe(killed);
    states.push((await read())!);
    await writeFile(join(checkpoints, '.draft-training.checkpoint-0'), 'what a kill left');
    const resumed = await trainEncoder(run(settings, { checkpoints, resume: true }));

    expect(states[0]).toBeDefined();
    expect(Buffer.compare(resumed.parameters, (await trainEncoder(run())).parameters)).toBe(0);
    expect(await readdir(checkpoints)).toEqual(['training.checkpoint']);
  });

  it.each([
    ['other pictures', {}, { samples: toySamples(48, 8, 1, 9) }, /other pictures/],
    ['other settings', { learningRate: 0.1, lossOptions: { temperature: 0.5 } }, {}, /settings differ: .*learningRate/],
    ['another seed', { seed: 5 }, {}, /settings differ: seed/],
  ])('refuses a checkpoint of %s', async (name, settings, over, says) => {
    const checkpoints = join(folder, name);
    await trainEncoder(run({ budget: { steps: 2 }, whitening: 'none' }, { checkpoints }));

    const again = run({ budget: { steps: 2 }, whitening: 'none', ...settings }, { checkpoints, resume: true, ...over });

    await expect(trainEncoder(again)).rejects.toMatchObject({
      code: 'CHECKPOINT_INVALID',
      message: expect.stringMatching(says),
    });
  });

  it('refuses a damaged checkpoint, and starts afresh where there is none or none is wanted', async () => {
    const checkpoints = join(folder, 'damaged');
    const settings = { budget: { steps: 2 }, whitening: 'none' };
    const notices: string[] = [];
    await trainEncoder(run(settings, { checkpoints, resume: true, onNotice: (text) => notices.push(text) }));
    expect(notices).toEqual(['There is no checkpoint to go on from, so training starts afresh.']);
    const path = join(checkpoints, 'training.checkpoint');
    await writeFile(path, (await readFile(path)).subarray(0, 5000));

    await expect(trainEncoder(run(settings, { checkpoints, resume: true }))).rejects.toMatchObject({
      code: 'CHECKPOINT_INVALID',
    });
    await trainEncoder(run(settings, { checkpoints }));
  });

  it('goes on without checkpoints where they can not be written, and says so', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, 'no folder can be here');
    const notices: string[] = [];

    const trained = await trainEncoder(
      run({}, { checkpoints: join(file, 'x'), onNotice: (text) => notices.push(text) }),
    );

    expect(trained.steps).toBe(12);
    expect(notices[0]).toMatch(/checkpoint of step 12 was not saved .* Training goes on/);
  });

  it('goes on from a checkpoint of before runs had a course', async () => {
    const checkpoints = join(folder, 'older');
    await expect(trainEncoder(run({}, { checkpoints, ...abortAfter(3) }))).rejects.toMatchObject({ code: 'CANCELLED' });
    const path = join(checkpoints, 'training.checkpoint');
    const { header, vectors } = readFloatFile(await readFile(path));
    const { course: _, ...older } = header as Record<string, unknown>;
    await writeFile(path, writeFloatFile({ header: { ...older, steps: 12 }, vectors }));

    const resumed = await trainEncoder(run({}, { checkpoints, resume: true }));

    expect(Buffer.compare(resumed.parameters, (await trainEncoder(run())).parameters)).toBe(0);
  });

  it('is resumed with the number of steps that its minutes came to', async () => {
    const checkpoints = join(folder, 'minutes');
    let time = 0;
    const now = () => (time += 20);
    const settings = { budget: { minutes: 0.1 } };
    const totals: number[] = [];
    const stop = abortAfter(3);
    const progress: TrainingRun['progress'] = (report) => {
      if (report.stage === 'training') totals.push(report.total!);
      stop.progress!(report);
    };

    const cut = trainEncoder(run(settings, { now, checkpoints, signal: stop.signal!, progress }));
    await expect(cut).rejects.toMatchObject({ code: 'CANCELLED' });
    await trainEncoder(run(settings, { now: () => (time += 200), checkpoints, resume: true, progress }));

    expect(totals[0]).toBeGreaterThan(100);
    expect(new Set(totals.slice(0, 100))).toEqual(new Set([totals[0]]));
  });

  it('counts what happened before the call into the minutes, where it is told when they began', async () => {
    let time = 10_000_000;
    const now = () => (time += 20);

    const trained = await trainEncoder(run({ budget: { minutes: 0.5 } }, { now, startedAt: 0 }));

    expect(trained.steps).toBe(1);
  });

  it('stops where the loss is no number, and says at which step', async () => {
    const wild = run({ optimiser: 'sgd', learningRate: 1e30, warmUp: 0 });

    await expect(trainEncoder(wild)).rejects.toMatchObject({
      code: 'TRAINING_DIVERGED',
      message: expect.stringMatching(/at step \d+ the loss was NaN/),
      remedy: expect.stringMatching(/learning rate/),
    });
  });

  it('stops where all embeddings become one, and says what it saw', async () => {
    const views = toyViews();
    const blind = {
      ...views,
      write: (_: Uint8Array, __: unknown, out: Float32Array, at: number) => out.fill(0.5, at, at + 64),
    };

    await expect(trainEncoder(run({}, { views: blind }))).rejects.toMatchObject({
      code: 'TRAINING_COLLAPSED',
      message: expect.stringMatching(/use 1\.00 of 56 dimensions and spread 0\.00% .*loss/),
    });
  });

  it('makes a batch of all pictures where there are fewer, and refuses a handful', async () => {
    const notices: string[] = [];
    const few = await trainEncoder(run({}, { samples: toySamples(10), onNotice: (text) => notices.push(text) }));

    expect(few.settings.batch).toBe(10);
    expect(notices).toEqual(['There are 10 pictures, fewer than a batch of 16, so each batch is all of them.']);
    await expect(trainEncoder(run({}, { samples: toySamples(5) }))).rejects.toMatchObject({
      code: 'TOO_FEW_SAMPLES',
      message: 'At least 8 different pictures are needed; found: 5.',
    });
  });

  it('names every setting that is wrong', async () => {
    const wrong = trainEncoder(run({ batch: 0, architectur: 'x' }));

    await expect(wrong).rejects.toMatchObject({
      code: 'SETTINGS_INVALID',
      message: expect.stringMatching(/architectur[\s\S]*batch/),
    });
    await expect(trainEncoder(run({ lossOptions: { temperature: -1 } }))).rejects.toMatchObject({
      code: 'SETTINGS_INVALID',
    });
  });

  it('goes on from the parameters of a model: its first loss is near the last of that', async () => {
    const first = await trainEncoder(run({ budget: { steps: 150 } }));

    const next = await trainEncoder(run({ budget: { steps: 1 }, seed: 3 }, { initial: first.parameters }));
    const fresh = await trainEncoder(run({ budget: { steps: 1 }, seed: 3 }));

    expect(next.pixels).toEqual(first.pixels);
    expect(next.curve[0]!.loss).toBeLessThan(fresh.curve[0]!.loss - 0.5);
  });

  it('goes on from the parameters of a model with pictures of another size', async () => {
    const { parameters } = await trainEncoder(run({ budget: { steps: 60 } }));
    const larger = { samples: toySamples(48, 12), views: toyViews(12) };
    const fresh = await trainEncoder(run({ budget: { steps: 1 } }, larger));
    const { curve } = await trainEncoder(run({ budget: { steps: 1 } }, { ...larger, initial: parameters }));

    expect(curve[0]!.loss).toBeLessThan(fresh.curve[0]!.loss);
  });

  it('reads the stages of a model in another way where it is told to', async () => {
    const { parameters } = await trainEncoder(run({ budget: { steps: 1 } }));
    const read = (options: object) =>
      trainEncoder(
        run(
          { budget: { steps: 1 }, whitening: 'none', architectureOptions: { width: 0.25, ...options } },
          { initial: parameters },
        ),
      );

    expect((await read({ readout: 1, pool: 1 })).dimension).toBe(32);
    expect((await read({ readout: 3, pool: 1 })).dimension).toBe(32 + 16 + 8);
  });

  it('refuses parameters of another network, and says which both are', async () => {
    const { parameters } = await trainEncoder(run({ budget: { steps: 1 } }));
    const wider = run({ architectureOptions: { width: 0.5 } }, { initial: parameters });

    await expect(trainEncoder(wider)).rejects.toMatchObject({
      code: 'PARAMETERS_INVALID',
      message: expect.stringMatching(/"width":0\.25.*"width":0\.5/),
    });
  });

  it('whitens what it exports where the setting says so', async () => {
    const similarity = async (whitening: string) => {
      const encoder = await openOnnxEncoder((await trainEncoder(run({ whitening }))).encoder);
      const vectors = await encoder.encode([0, 1, 2, 3, 4].map((index) => samples.read(index).slice()));
      await encoder.close();
      const pairs = vectors.flatMap((a, i) => vectors.slice(i + 1).map((b) => dot(a, b)));
      return pairs.reduce((sum, value) => sum + value, 0) / pairs.length;
    };
    const [none, half, full] = [await similarity('none'), await similarity('half'), await similarity('full')];

    expect(none).toBeGreaterThan(0.2); // features after a ReLU all point the same way
    expect(Math.abs(half)).toBeLessThan(none);
    expect(Math.abs(full)).toBeLessThan(none);
  });

  it.each(['none', 'full'])('exports no more numbers than asked for, whitening %s', async (whitening) => {
    const trained = await trainEncoder(run({ whitening, dimension: 5 }));
    const encoder = await openOnnxEncoder(trained.encoder);
    const [vector] = await encoder.encode([samples.read(3).slice()]);
    await encoder.close();

    expect([trained.dimension, encoder.dimension, vector!.length]).toEqual([5, 5, 5]);
    expect(norm(vector!)).toBeCloseTo(1, 5);
    expect(trained.scores.effectiveRank).toBeLessThanOrEqual(5);
  });
});
