import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { cosine, dot, norm, unit } from '../../src/core/vectors.js';
import { readoutOf } from '../../src/encoder/block.js';
import type { FeatureMap } from '../../src/encoder/encoder.js';
import { exportEncoder } from '../../src/encoder/export-encoder.js';
import { openOnnxEncoder } from '../../src/encoder/onnx-encoder.js';
import { type MapGeometry, placeLength, placeOfMap, similarityShares } from '../../src/encoder/similarity-shares.js';
import { type Whitening, whiten } from '../../src/encoder/whitening.js';
import { toyParts, toyWhitening } from './toy-parts.js';

const noise = (height: number, width: number, channels: number, seed: number): FeatureMap => {
  const random = new Random(seed);
  const cells = Float32Array.from({ length: height * width * channels }, () => Math.abs(random.normal()));
  return { height, width, channels, cells };
};
const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);

/** Every cell as a vector of its own that goes through all steps, and every pair of cells: slow, and there to be believed. */
function byTheBook(maps: readonly [FeatureMap, FeatureMap], { dimension, whitenings }: MapGeometry): Float64Array[] {
  const [one, other] = maps.map((map) => cellVectors(map, dimension, whitenings)) as [Float64Array[], Float64Array[]];
  const pairs = (from: Float64Array[], to: Float64Array[]) =>
    Float64Array.from(from, (a) => sum(to.map((b) => dot(a, b))));
  return [pairs(one, other), pairs(other, one)];
}
function cellVectors(map: FeatureMap, dimension: number, whitenings: readonly Whitening[]): Float64Array[] {
  const { height, width, channels } = map;
  const side = Math.sqrt(dimension / channels);
  const edges = (cells: number, i: number) => [Math.floor((i * cells) / side), Math.ceil(((i + 1) * cells) / side)];
  const shareOf = (y: number, x: number, window: number) => {
    const [top = 0, bottom = 0] = edges(height, Math.floor(window / side));
    const [left = 0, right = 0] = edges(width, window % side);
    return y >= top && y < bottom && x >= left && x < right ? 1 / ((bottom - top) * (right - left)) : 0;
  };
  const places = Array.from({ length: height * width }, (_, p) => [Math.floor(p / width), p % width] as const);
  const weights = places.map(([y, x]) =>
    Float64Array.from({ length: dimension }, (_, i) => shareOf(y, x, i % side ** 2)),
  );
  let cells = weights.map((weight, p) =>
    weight.map((w, i) => w * map.cells[p * channels + Math.floor(i / side ** 2)]!),
  );
  const rescale = () => {
    const length = norm(cells.reduce((total, cell) => total.map((value, i) => value + cell[i]!)));
    cells = cells.map((cell) => cell.map((value) => value / length));
  };
  rescale();
  for (const [step, { mean, matrix }] of whitenings.entries()) {
    cells = cells.map((cell, p) => {
      const centred = cell.map((value, i) => value - mean[i]! * (step === 0 ? weights[p]![i]! : 1 / cells.length));
      const axes = matrix.length / cell.length;
      return Float64Array.from({ length: axes }, (_, j) =>
        sum(centred.map((value, i) => value * matrix[i * axes + j]!)),
      );
    });
    rescale();
  }
  return cells;
}

describe('the shares of a similarity', () => {
  const further = { ...toyWhitening(12), matrix: toyWhitening(12).matrix.toReversed() };
  it.each([
    ['averaged to one', 12, 12, []],
    ['averaged to four windows', 3, 12, []],
    ['averaged to four windows and whitened', 3, 12, [toyWhitening(12)]],
    ['whitened by its encoder and its index', 3, 12, [toyWhitening(12), further]],
    ['whitened to fewer axes, then by its index', 3, 12, [toyWhitening(12, 5), toyWhitening(5)]],
  ])('is what all pairs of cells add up to, %s', (_name, channels, dimension, whitenings) => {
    const maps = [noise(5, 4, channels, 1), noise(3, 6, channels, 2)] as const; // windows that meet and that overlap

    const { similarity, shares } = similarityShares(maps, { dimension, whitenings });

    for (const [i, expected] of byTheBook(maps, { dimension, whitenings }).entries())
      for (const [p, share] of expected.entries()) expect(shares[i]!.values[p]).toBeCloseTo(share, 5);
    for (const grid of shares) expect(sum(grid.values)).toBeCloseTo(similarity, 5);
  });

  it('adds up to the cosine of what the encoder and the index make of the two pictures', async () => {
    const dimension = readoutOf(toyParts().encoder).width;
    const [inside, further] = [toyWhitening(dimension, dimension / 2), toyWhitening(dimension / 2)];
    const encoder = await openOnnxEncoder(exportEncoder(toyParts(36, 3, inside)));
    const random = new Random(5);
    const samples = [0, 1].map(() => Uint8Array.from({ length: 36 * 36 * 3 }, () => random.int(256)));
    const vectors = await encoder.encode(samples);
    const maps = (await encoder.encodeMaps!(samples)) as [FeatureMap, FeatureMap];
    await encoder.close();

    const own = similarityShares(maps, { dimension, whitenings: [inside] });
    const indexed = similarityShares(maps, { dimension, whitenings: [inside, further] });

    const placed = vectors.map((vector) => whiten(unit(vector), further));
    expect([vectors[0]!.length, placeLength({ dimension, whitenings: [inside] })]).toEqual([
      dimension / 2,
      dimension / 2,
    ]);
    expect(own.similarity).toBeCloseTo(cosine(vectors[0]!, vectors[1]!), 4);
    expect(indexed.similarity).toBeCloseTo(cosine(placed[0]!, placed[1]!), 4);
    for (const grid of indexed.shares) expect(sum(grid.values)).toBeCloseTo(indexed.similarity, 4);
  });

  it('lies where both have the same feature, known by hand', () => {
    const one: FeatureMap = { height: 1, width: 2, channels: 2, cells: Float32Array.of(3, 0, 0, 4) };
    const other: FeatureMap = { height: 2, width: 1, channels: 2, cells: Float32Array.of(0, 0, 0, 2) };

    const { similarity, shares } = similarityShares([one, other], { dimension: 2, whitenings: [] });

    expect(similarity).toBeCloseTo(0.8, 6); // (3, 4) / 5 and (0, 1)
    expect([...shares[0].values].map((share) => share.toFixed(6))).toEqual(['0.000000', '0.800000']);
    expect([...shares[1].values].map((share) => share.toFixed(6))).toEqual(['0.000000', '0.800000']);
  });

  it('says nothing of a picture in which nothing is seen', () => {
    const empty = { ...noise(2, 2, 3, 1), cells: new Float32Array(12) };

    const { similarity, shares } = similarityShares([empty, noise(2, 2, 3, 2)], { dimension: 3, whitenings: [] });

    expect([similarity, ...shares[0].values, ...shares[1].values].every((value) => value === 0)).toBe(true);
  });

  it('refuses a map that the embedding is not made from', () => {
    expect(() => placeOfMap(noise(2, 2, 3, 1), { dimension: 10, whitenings: [] })).toThrow(/3 channels.*10 numbers/);
  });
});
