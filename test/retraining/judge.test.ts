import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createViews } from '../../src/augment/create-views.js';
import { VIEW_PRESETS } from '../../src/augment/index.js';
import { readoutOf } from '../../src/encoder/block.js';
import type { Encoder } from '../../src/encoder/encoder.js';
import { exportEncoder } from '../../src/encoder/export-encoder.js';
import { openOnnxEncoder } from '../../src/encoder/onnx-encoder.js';
import type { Whitening } from '../../src/encoder/whitening.js';
import { declareProbes, type Probes, scoreProbes } from '../../src/evaluation/probes.js';
import { retrain } from '../../src/retraining/cycle.js';
import { judge } from '../../src/retraining/judge.js';
import { verdict } from '../../src/retraining/verdict.js';
import { createEngine } from '../../src/tensor/create-engine.js';
import { trainEncoder } from '../../src/training/train-encoder.js';
import { toyParts } from '../encoder/toy-parts.js';
import { blobPicture } from '../evaluation/blob-picture.js';

const SIZE = 16;
const SHAPE = [SIZE, SIZE, 3];
const learned = Array.from({ length: 192 }, (_, i) => blobPicture(1000 + i, SIZE));
const samples = Array.from({ length: 120 }, (_, i) => blobPicture(i, SIZE));

/** Blobs are told apart by their light too. */
const BLOB_VIEWS = { brightness: 0.7, contrast: 0.7, invert: 0 };

/** Real ONNX encoders: one that learned, one that learned little, one nothing, and two whose vectors all point one way. */
const encoders = {} as Record<'sound' | 'hasty' | 'untrained' | 'collapsed' | 'constant', Encoder>;

/** Moves every vector so far along one direction that what tells them apart all but vanishes. */
function squash(dimension: number, strength: number): Whitening {
  const matrix = new Float32Array(dimension * dimension);
  for (let i = 0; i < dimension; i++) matrix[i * dimension + i] = 1;
  return { dimension, mean: new Float32Array(dimension).fill(-strength), matrix };
}

async function trained(steps: number): Promise<Encoder> {
  const { encoder } = await trainEncoder({
    samples: { count: learned.length, shape: SHAPE, fingerprint: 'blobs', read: (i) => learned[i]! },
    views: createViews({ ...VIEW_PRESETS.grey, ...BLOB_VIEWS }, SHAPE),
    settings: { budget: { steps }, batch: 32, architectureOptions: { width: 0.25 }, whitening: 'half' },
    engine: await createEngine('onnx', { threads: 1, spin: false }),
    now: () => 0,
  });
  return openOnnxEncoder(encoder);
}

beforeAll(async () => {
  const plain = toyParts(SIZE);
  const dimension = readoutOf(plain.encoder).width;
  encoders.sound = await trained(150);
  encoders.hasty = await trained(4);
  encoders.untrained = await openOnnxEncoder(exportEncoder(plain));
  encoders.collapsed = await openOnnxEncoder(exportEncoder({ ...plain, whitening: squash(dimension, 5) }));
  encoders.constant = await openOnnxEncoder(exportEncoder({ ...plain, whitening: squash(dimension, 1e9) }));
});
afterAll(() => Promise.all(Object.values(encoders).map((encoder) => encoder.close())));

const against = (candidate: keyof typeof encoders, active: keyof typeof encoders) =>
  judge({ encoder: encoders[candidate], samples }, { encoder: encoders[active], samples });

describe('the judge, with real encoders', () => {
  it('accepts a sound candidate against a worse one, and against itself', async () => {
    const better = await against('sound', 'untrained');
    expect(better).toMatchObject({ accepted: true });
    expect(better.figures.candidateRecall).toBeGreaterThan(better.figures.rivalRecall! + 0.1);
    expect(await against('sound', 'sound')).toMatchObject({ accepted: true, figures: { difference: 0 } });
  });

  it('rejects a worse candidate, and says that it is', async () => {
    const { accepted, why } = await against('hasty', 'sound');
    expect(accepted).toBe(false);
    expect(why).toContain('clearly worse than the active model');
  });

  it.each(['collapsed', 'constant'] as const)('rejects a %s candidate, whatever is active', async (name) => {
    for (const active of ['sound', name] as const) {
      const { accepted, why } = await against(name, active);
      expect(accepted).toBe(false);
      expect(why).toContain('collapsed');
    }
  });

  it('changes its mind when second views are given to other pictures: a probe that cannot fail is no probe', async () => {
    const probes = declareProbes(samples, SHAPE);
    const shuffled: Probes = { ...probes, second: [...probes.second.slice(7), ...probes.second.slice(0, 7)] };
    const decide = async (shown: Probes) =>
      verdict(await scoreProbes(shown, encoders.sound), {
        name: 'the active model',
        score: await scoreProbes(shown, encoders.untrained),
      });

    expect(await decide(probes)).toMatchObject({ accepted: true });
    expect(await decide(shuffled)).toMatchObject({ accepted: false });
  });

  it('compares with raw pixels where nothing is active', async () => {
    const { figures } = await judge({ encoder: encoders.sound, samples }, undefined);
    expect(figures.rivalRecall).toBeGreaterThan(0);
    expect(await judge({ encoder: encoders.constant, samples }, undefined)).toMatchObject({ accepted: false });
  });

  it.each([
    ['sound', 'released'],
    ['hasty', 'rejected'],
    ['untrained', 'rejected'],
    ['collapsed', 'rejected'],
    ['constant', 'rejected'],
  ] as const)(
    'in the cycle, a candidate that is %s is %s, and only what is released is activated',
    async (name, kind) => {
      const activated: string[] = [];
      const outcome = await retrain(
        {
          dataset: async () => ({ fingerprint: 'new', count: 120, new: 120 }),
          train: async () => encoders[name],
          judge: (encoder) => judge({ encoder, samples }, { encoder: encoders.sound, samples }),
          publishModel: async () => 'm2',
          buildIndex: async () => ({ indexId: 'i2', recall: 1 }),
          activate: async ({ modelId }) => activated.push(modelId) > 0,
        },
        { modelId: 'm1', trainedOn: 'old' },
        { recall: 0.95 },
      );
      expect(outcome.kind).toBe(kind);
      expect(activated).toEqual(kind === 'released' ? ['m2'] : []);
    },
  );
});
