import { describe, expect, it } from 'vitest';
import { averagePrecision, type Labelled, meanIou, overlap, pixelMap } from '../../bench/data/scene-judge.js';
import { Random } from '../../src/core/random.js';

const box = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });

describe('the overlap of boxes', () => {
  it('is what they share of what they cover together', () => {
    expect(overlap(box(0, 0, 0.5, 0.5), box(0, 0, 0.5, 0.5))).toBeCloseTo(1, 10);
    expect(overlap(box(0, 0, 0.5, 0.5), box(0.5, 0, 0.5, 0.5))).toBe(0);
    expect(overlap(box(0, 0, 0.4, 0.4), box(0.2, 0, 0.4, 0.4))).toBeCloseTo(1 / 3, 10);
    expect(overlap(box(0, 0, 1, 1), box(0.25, 0.25, 0.5, 0.5))).toBeCloseTo(0.25, 10);
  });
});

describe('average precision', () => {
  const of = (...rights: boolean[]) => rights.map((right, i) => ({ score: -i, right }));

  it('is the mean of the precisions at what was found', () => {
    expect(averagePrecision(of(true, true), 2)).toBe(1);
    expect(averagePrecision(of(true, false, true), 2)).toBeCloseTo((1 + 2 / 3) / 2, 10);
    expect(averagePrecision(of(false, true), 1)).toBe(0.5);
  });

  it('counts what was never found, and gives nothing for equal scores', () => {
    expect(averagePrecision(of(true), 4)).toBe(0.25);
    const equal = [true, false].map((right) => ({ score: 1, right }));
    expect(averagePrecision(equal, 1)).toBe(0.5);
  });
});

describe('the foreground by a linear probe', () => {
  /** Scenes of 16 × 16 pixels and 4 × 4 cells whose first feature says what is foreground, or (`blind`) nothing does. */
  const scenes = (seed: number, blind: boolean): Labelled[] =>
    Array.from({ length: 12 }, (_, i) => {
      const random = new Random(seed).fork(String(i));
      const truth = Array.from({ length: 16 }, () => Number(random.chance(0.4)));
      const cells = Float32Array.from({ length: 32 }, (_cell, at) =>
        at % 2 === 0 && !blind ? 2 * truth[at / 2]! + 0.1 * random.normal() : random.normal(),
      );
      const pixels = Uint8Array.from({ length: 256 }, (_pixel, at) => truth[4 * (at >> 6) + ((at % 16) >> 2)]!);
      return { map: { width: 4, height: 4, channels: 2, cells }, truth: pixels };
    });

  it('is nearly all right where a feature tells, but for the edges between cells', async () => {
    const iou = await meanIou(scenes(1, false), scenes(2, false));

    expect(iou).toBeGreaterThan(0.75);
    expect(iou).toBeLessThanOrEqual(1);
  });

  it('is little where none does', async () => {
    expect(await meanIou(scenes(1, true), scenes(2, true))).toBeLessThan(0.5);
  });
});

describe('categories by a linear probe', () => {
  /** One cell a pixel, so that nothing is interpolated: three features, of which the one of the category stands out. */
  const scene = (...truth: number[]): Labelled => {
    const cells = Float32Array.from(truth.flatMap((label) => [0, 1, 2].map((each) => Number(each === label))));
    return { map: { width: 2, height: 2, channels: 3, cells }, truth: Uint8Array.from(truth) };
  };
  const fit = [scene(0, 0, 1, 2), scene(2, 1, 0, 0)];

  it('count alike however rare they are, and only where they are', async () => {
    const mistaken: Labelled = { ...scene(0, 0, 0, 1), truth: Uint8Array.of(0, 0, 0, 2) };

    expect(await meanIou(fit, [scene(0, 0, 0, 2)])).toBe(1);
    expect(await meanIou(fit, [mistaken])).toBe(0.5);
    expect(await meanIou(fit, [mistaken, scene(2, 2, 2, 0)])).toBeCloseTo((1 + 3 / 4) / 2, 10);
  });

  it('are those of most of the pixels of a cell', async () => {
    const cell = (label: number, ...truth: number[]): Labelled => ({
      map: { width: 1, height: 1, channels: 1, cells: Float32Array.of(label) },
      truth: Uint8Array.from(truth),
    });
    const found = await meanIou(
      [cell(-1, 0, 0, 0, 1), cell(1, 1, 1, 1, 0)],
      [cell(-1, 0, 0, 0, 0), cell(1, 1, 1, 1, 1)],
    );

    expect(found).toBe(1);
  });
});

describe('a map of pixels', () => {
  it('has the pixels of a square in its cell, row by row', () => {
    const pixels = Uint8Array.from({ length: 4 * 4 * 3 }, (_, i) => i);
    const { cells, ...shape } = pixelMap(pixels, 2);

    expect(shape).toEqual({ width: 2, height: 2, channels: 12 });
    const third = [...cells.subarray(24, 36)].map((value) => Math.round(255 * value)); // lower left
    expect(third).toEqual([24, 25, 26, 27, 28, 29, 36, 37, 38, 39, 40, 41]);
  });
});
