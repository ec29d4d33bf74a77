import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import type { Encoder } from '../../src/encoder/encoder.js';
import { interval } from '../../src/evaluation/interval.js';
import { probeView } from '../../src/evaluation/probe-view.js';
import { declareProbes, type Probes, pixelEncoder, scoreProbes } from '../../src/evaluation/probes.js';
import { blobPicture } from './blob-picture.js';

const SHAPE = [16, 16, 3];

const pictures = (count: number, size = 16) => Array.from({ length: count }, (_, i) => blobPicture(i, size));

const constant: Encoder = {
  dimension: 4,
  sample: { shape: SHAPE },
  encode: async (samples) => samples.map(() => Float32Array.from([0.5, 0.5, 0.5, 0.5])),
  close: async () => {},
};

const shuffled = (probes: Probes): Probes => ({ ...probes, second: [...probes.second.slice(1), probes.second[0]!] });

describe('a probe view', () => {
  it('is another picture of the same size, and the same one from the same stream', () => {
    const sample = blobPicture(1);
    const view = probeView(sample, SHAPE, new Random(3));
    expect(view).toHaveLength(sample.length);
    expect(view).not.toEqual(sample);
    expect(probeView(sample, SHAPE, new Random(3))).toEqual(view);
    expect(sample).toEqual(blobPicture(1));
  });

  it('keeps left left: no recipe that learned flips is favoured', () => {
    const half = Uint8Array.from({ length: 16 * 16 }, (_, at) => (at % 16 < 8 ? 220 : 30));
    for (let seed = 0; seed < 50; seed++) {
      const view = probeView(half, [16, 16, 1], new Random(seed));
      const [left, right] = [0, 8].map((from) =>
        view.filter((_, at) => at % 16 >= from && at % 16 < from + 8).reduce((a, b) => a + b, 0),
      );
      expect(left).toBeGreaterThan(right!);
    }
  });

  it('keeps a grey picture grey up to the noise: no hue is changed', () => {
    const grey = Uint8Array.from({ length: 768 }, (_, at) => Math.floor(at / 3) % 200);
    for (let seed = 0; seed < 20; seed++) {
      const view = probeView(grey, SHAPE, new Random(seed));
      const mean = (channel: number) => view.filter((_, at) => at % 3 === channel).reduce((a, b) => a + b, 0) / 256;
      expect(Math.abs(mean(0) - mean(1))).toBeLessThan(3);
      expect(Math.abs(mean(0) - mean(2))).toBeLessThan(3);
    }
  });

  it('shows the same part of a picture that was prepared at twice the size', () => {
    const [small, large] = [16, 32].map((size) => {
      const plain = Uint8Array.from({ length: size * size }, (_, at) => (200 * (at % size)) / size);
      return probeView(plain, [size, size, 1], new Random(8));
    });
    const mean = (view: Uint8Array) => view.reduce((a, b) => a + b, 0) / view.length;
    expect(Math.abs(mean(small!) - mean(large!))).toBeLessThan(5);
  });
});

describe('probes', () => {
  it('are the same whenever they are declared for the same pictures, and at most 500', () => {
    const samples = pictures(20);
    expect(declareProbes(samples, SHAPE)).toEqual(declareProbes(samples, SHAPE));
    expect(declareProbes(Array(1200).fill(new Uint8Array(3)) as Uint8Array[], [1, 1, 3]).first).toHaveLength(500);
  });

  it('are found by raw pixels often but not always: they can tell better from worse', async () => {
    const score = await scoreProbes(declareProbes(pictures(80), SHAPE), pixelEncoder(SHAPE));

    expect(score.recall).toBeGreaterThan(0.3);
    expect(score.recall).toBeLessThan(0.98);
    expect(score.low).toBeLessThan(score.recall);
    expect(score.high).toBeGreaterThan(score.recall);
    expect(score.hits.reduce((a, b) => a + b, 0) / 80).toBeCloseTo(score.recall, 6);
    expect(score.effectiveRank).toBeGreaterThan(5);
  });

  it('fall to chance when second views are given to other pictures: a probe that cannot fail is no probe', async () => {
    const probes = declareProbes(pictures(80), SHAPE);
    expect((await scoreProbes(shuffled(probes), pixelEncoder(SHAPE))).recall).toBeLessThan(0.1);
  });

  it('find nothing, and no spread, in an encoder that has collapsed', async () => {
    const score = await scoreProbes(declareProbes(pictures(40), SHAPE), constant);
    expect(score).toMatchObject({ recall: 0, low: 0, high: 0, deviation: 0, alignment: 0, uniformity: 0 });
    expect(score.effectiveRank).toBeCloseTo(1, 3);
  });

  it('refuse an encoder whose numbers are not finite, and fewer than two pictures', async () => {
    const broken = {
      ...constant,
      encode: async (s: readonly Uint8Array[]) => s.map(() => new Float32Array(4).fill(Number.NaN)),
    };
    await expect(scoreProbes(declareProbes(pictures(3), SHAPE), broken)).rejects.toThrow('not finite');
    await expect(scoreProbes(declareProbes(pictures(1), SHAPE), constant)).rejects.toThrow('at least 2');
  });
});

describe('the bootstrap interval', () => {
  it('is about two standard errors either way', () => {
    const random = new Random(1);
    const values = Float64Array.from({ length: 400 }, () => Number(random.chance(0.3)));
    const { mean, low, high } = interval(values, random);
    const error = Math.sqrt((mean * (1 - mean)) / 400);
    expect(mean - low).toBeCloseTo(1.96 * error, 1);
    expect(high - mean).toBeCloseTo(1.96 * error, 1);
    expect(high - low).toBeGreaterThan(2 * error);
  });

  it('is a point where all values are the same, and is the same for the same stream', () => {
    expect(interval([2, 2, 2], new Random(1))).toEqual({ mean: 2, low: 2, high: 2 });
    expect(interval([1, 2, 5], new Random(4))).toEqual(interval([1, 2, 5], new Random(4)));
    expect(() => interval([], new Random(1))).toThrow(RangeError);
  });
});
