import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMatchExplainer, explainedPicture, type MatchExplainer } from '../../src/app/explain-match.js';
import { openMapEncoder } from '../../src/app/map-encoder.js';
import { cosine } from '../../src/core/vectors.js';
import type { Encoder, FeatureMap } from '../../src/encoder/encoder.js';
import { openOnnxEncoder } from '../../src/encoder/onnx-encoder.js';
import { type Grid, sharedPlaces, standingOut } from '../../src/encoder/shared-places.js';
import { untrainedEncoder } from '../../src/encoder/untrained-encoder.js';
import { DEFAULT_LIMITS } from '../../src/images/decode.js';
import { Preparation } from '../../src/images/preparation.js';
import { prepare } from '../../src/images/prepare.js';
import { FileRegistry } from '../../src/registry/file-registry.js';
import { SHIPPED } from '../shipped-model.js';
import { type Painted, paintedPair } from './painted-pair.js';

const registry = new FileRegistry('models');
const PAIRS = 20;
let pairs: readonly (readonly [Painted, Painted])[];
beforeAll(async () => {
  pairs = await Promise.all(Array.from({ length: PAIRS }, (_, i) => paintedPair(i + 1)));
});

interface Found {
  /** Pairs in which the hottest cells of both pictures lie in the patch. */
  readonly both: number;
  /** Median over pictures of the share of heat in the patch, over the patch's share of the area. */
  readonly times: number;
}

/** How well heat finds the patches. */
function judge(heats: readonly (readonly [Grid, Grid])[]): Found {
  const each = heats.map((grids, i) => grids.map((grid, side) => inBox(grid, pairs[i]![side]!.box)));
  const times = each.flat().map(({ times: own }) => own);
  return {
    both: each.filter((sides) => sides.every(({ hottest }) => hottest)).length,
    times: times.sort((a, b) => a - b)[times.length >> 1]!,
  };
}

function inBox({ rows, columns, values }: Grid, box: Painted['box']) {
  const overlap = (from: number, length: number, start: number, size: number) =>
    Math.max(0, Math.min(from + length, start + size) - Math.max(from, start)) / length;
  const shareIn = (cell: number) =>
    overlap((cell % columns) / columns, 1 / columns, box.x, box.width) *
    overlap(Math.floor(cell / columns) / rows, 1 / rows, box.y, box.height);
  const total = values.reduce((sum, value) => sum + value, 0);
  const within = values.reduce((sum, value, cell) => sum + value * shareIn(cell), 0);
  const hottest = values.indexOf(Math.max(...values));
  return { times: within / total / (box.width * box.height), hottest: total > 0 && shareIn(hottest) >= 0.5 };
}

async function heatsOf(encodeMaps: NonNullable<Encoder['encodeMaps']>): Promise<(readonly [Grid, Grid])[]> {
  const preparation = Preparation.parse((await registry.read(SHIPPED)).preparation);
  const heats: (readonly [Grid, Grid])[] = [];
  for (const pair of pairs) {
    const samples = await Promise.all(pair.map(({ png }) => prepare(png, preparation)));
    heats.push(standingOut(sharedPlaces((await encodeMaps(samples)) as [FeatureMap, FeatureMap])));
  }
  return heats;
}

describe('a patch painted into two pictures', () => {
  it('is hottest in both, with the encoder that ships; more often than with an untrained one', async () => {
    const trained = await openMapEncoder(registry, SHIPPED);
    const learnt = judge(await heatsOf(trained.encodeMaps));
    await trained.close();
    const untrained = await openOnnxEncoder(
      (await untrainedEncoder(await readFile(registry.path(SHIPPED, 'parameters.bin')), 1))!,
    );
    const random = judge(await heatsOf(untrained.encodeMaps!));
    await untrained.close();

    // When this was written: both in 18 of 20 and 3.25 times; untrained 15 of 20, and 3.25 times too: an equal
    // card is found by the early stages of any network, what is left to the encoder is which one it is.
    expect(learnt.both).toBeGreaterThanOrEqual(17);
    expect(learnt.times).toBeGreaterThanOrEqual(2.7);
    expect(random.both).toBeLessThanOrEqual(learnt.both - 2);
  });
});

describe('the match of two pictures', () => {
  let explainer: MatchExplainer;
  beforeAll(() => {
    explainer = createMatchExplainer(registry, DEFAULT_LIMITS);
  });
  afterAll(() => explainer.close());
  const asked = (originals: readonly [Buffer, Buffer]) =>
    ({ modelId: SHIPPED, index: { modelId: SHIPPED }, originals, size: 128, show: 'places', blend: true }) as const;

  it('has shares that add up to the cosine of the embeddings that the encoder serves', async () => {
    const [one, other] = pairs[0]!;
    const { preparation } = await registry.read(SHIPPED);
    const encoder = await openOnnxEncoder(registry.path(SHIPPED, 'encoder.onnx'));
    const samples = await Promise.all([one, other].map(({ png }) => prepare(png, Preparation.parse(preparation))));
    const [a, b] = await encoder.encode(samples);
    await encoder.close();

    const { similarity, query, hit } = await explainer.explain(asked([one.png, other.png]));

    expect(similarity).toBeCloseTo(cosine(a!, b!), 4);
    for (const { shares } of [query, hit])
      expect(shares.values.reduce((sum, share) => sum + share, 0)).toBeCloseTo(similarity, 4);
  });

  it('is drawn hot where the patch is, and both are drawn beside each other', async () => {
    const [one, other] = pairs[0]!;
    const match = await explainer.explain({ ...asked([one.png, other.png]), blend: false });
    const opacity = async (png: Uint8Array, { x, y, width, height }: Painted['box']) => {
      const box = { left: x * 128, top: y * 128, width: width * 128, height: height * 128 };
      const patch = await sharp(png)
        .extract(Object.fromEntries(Object.entries(box).map(([k, v]) => [k, Math.round(v)])) as never)
        .toBuffer();
      const [inside, whole] = await Promise.all([sharp(patch).stats(), sharp(png).stats()]);
      return inside.channels[3]!.mean / whole.channels[3]!.mean;
    };

    expect(await opacity(match.query.png, one.box)).toBeGreaterThan(1.5);
    expect(await opacity(match.hit.png, other.box)).toBeGreaterThan(1.5);
    const { width, height } = await sharp(await explainedPicture(match, 128)).metadata();
    expect([width, height]).toEqual([2 * 128 + 12, 128]);
  });

  it('draws the shares of the similarity where these are asked for', async () => {
    const [one, other] = pairs[1]!;
    const both = asked([one.png, other.png]);

    const [places, shares] = [await explainer.explain(both), await explainer.explain({ ...both, show: 'shares' })];

    expect(shares.query.shares).toEqual(places.query.shares);
    expect(Buffer.compare(places.query.png, shares.query.png)).not.toBe(0);
  });

  it('says what is wrong with a picture or a model', async () => {
    const { png } = pairs[0]![0];

    await expect(explainer.explain(asked([png, Buffer.from('none')]))).rejects.toMatchObject({
      code: 'PICTURE_UNREADABLE',
    });
    await expect(explainer.explain({ ...asked([png, png]), modelId: 'nobody' })).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
    });
  });
});
