import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { demoCatalogue } from '../../src/cli/demo-catalogue.js';
import { Random } from '../../src/core/random.js';
import { unit, type Vector } from '../../src/core/vectors.js';
import { openOnnxEncoder } from '../../src/encoder/onnx-encoder.js';
import { copyPicture, samePicture } from '../../src/images/copy-picture.js';
import { describe as describePicture } from '../../src/images/decode.js';
import type { SourcePicture } from '../../src/images/picture-source.js';
import { Preparation } from '../../src/images/preparation.js';
import { prepare } from '../../src/images/prepare.js';
import type { Copies } from '../../src/indexing/calibrate-index.js';
import { type Calibration, confidence } from '../../src/indexing/calibration.js';
import type { Embedder } from '../../src/indexing/embedder.js';
import { createEncoderEmbedder } from '../../src/indexing/encoder-embedder.js';
import { readIndexManifest } from '../../src/indexing/index-manifest.js';
import type { LiveIndex } from '../../src/indexing/live-index.js';
import { fitWhitening, WHITENING_POWERS } from '../../src/training/fit-whitening.js';
import { SHIPPED } from '../shipped-model.js';
import { SmallWorld } from './small-world.js';

const INDEXED = 220;
const HELD_OUT = 200;
/** Of the indexed ones, as many are there twice: saved as JPEG, three quarters as large. */
const TWICE = 20;

const resaved = (original: Uint8Array): Promise<Uint8Array> =>
  sharp(original).flatten({ background: '#fff' }).resize(192).jpeg({ quality: 80 }).toBuffer();

let world: SmallWorld;
let catalogue: Catalogue;
let embedder: Embedder;
let copies: Copies;
let drawings: readonly Uint8Array[];
let heldOut: readonly Vector[];

async function write(itemId: string, original: Uint8Array) {
  const content = await world.blobs.put(original);
  return { itemId, picture: { content, ...(await describePicture(original)) } };
}

beforeAll(async () => {
  const read = async () => {
    const all: SourcePicture[] = [];
    for await (const picture of (await demoCatalogue()).list()) all.push(picture);
    const order = [...new Random(7).permutation(all.length)].slice(0, INDEXED + HELD_OUT);
    return Promise.all(order.map((at) => all[at]!.read()));
  };
  world = await SmallWorld.make();
  catalogue = await world.catalogue();
  drawings = await read();
  const folder = new URL(`../../models/${SHIPPED}/`, import.meta.url);
  const manifest = JSON.parse(await readFile(new URL('manifest.json', folder), 'utf8')) as { preparation: unknown };
  const preparation = Preparation.parse(manifest.preparation);
  embedder = createEncoderEmbedder({
    modelId: SHIPPED,
    encoder: await openOnnxEncoder(new URL('encoder.onnx', folder).pathname, { threads: 1 }),
    prepare: (original) => prepare(original, preparation),
  });
  copies = {
    copy: (original, random) => copyPicture(original, random, preparation),
    same: (a, b) => samePicture(a, b, preparation),
  };
  await catalogue.items.put(
    'default',
    await Promise.all(drawings.slice(0, INDEXED).map((original, i) => write(`drawing-${i}`, original))),
  );
  heldOut = (await embedder.embed(drawings.slice(INDEXED))) as Vector[];
}, 60_000);
afterAll(async () => {
  await embedder.close();
  await world.end();
});

const build = (indexId: string, options: object = {}) =>
  world.build(catalogue, { collection: 'default', modelId: SHIPPED, indexId, embedder, copies, ...options });

/** An index as it is served. */
async function serve(indexId: string, modelId = SHIPPED) {
  const releaseId = `release-${indexId}`;
  await catalogue.releases.add({ releaseId, collection: 'default', indexId, modelId, origin: 'reindex' });
  await catalogue.releases.activate(releaseId);
  const { live } = await world.process();
  const view = await live.get('default');
  await view.serving(releaseId);
  return view;
}

describe('calibrating an index by its own pictures', () => {
  let plain: Calibration;
  let view: LiveIndex;

  it('keeps curve and thresholds with the index', async () => {
    const { calibration } = await build('plain');
    plain = calibration!;
    view = await serve('plain');

    expect(plain).toMatchObject({ copies: 200, others: INDEXED });
    expect(plain.thresholds.map(({ rate }) => rate)).toEqual([1e-2]);
    expect((await readIndexManifest(world.indexesFolder, 'plain')).calibration).toEqual(plain);
    expect(view.calibration).toEqual(plain);
  }, 60_000);

  it('takes no more pictures that it has not seen for copies than it says', async () => {
    const { similarity } = view.calibration!.thresholds[0]!;
    const nearest = await Promise.all(heldOut.map(async (vector) => (await view.nearest(vector, 1))[0]!));

    const wrong = nearest.filter((near) => near.similarity > similarity).length;
    // Binomial, 200 at 1%: 7 or more happen once in 200 times.
    expect(wrong).toBeLessThanOrEqual(6);
  });

  it('finds a picture that was saved again, and not another of the same kind', async () => {
    const { similarity } = view.calibration!.thresholds[0]!;
    const asked = drawings.slice(0, 40);
    const vectors = (await embedder.embed(await Promise.all(asked.map(resaved)))) as Vector[];
    const hits = await Promise.all(vectors.map((vector) => view.nearest(vector, 2)));

    const found = hits.filter(([first], i) => first!.itemId === `drawing-${i}` && first!.similarity > similarity);
    const others = hits.filter(([, second]) => second!.similarity > similarity);
    expect(found.length).toBeGreaterThanOrEqual(36);
    expect(others.length).toBeLessThanOrEqual(2);
    const sure = (rank: number) =>
      hits.reduce((sum, near) => sum + confidence(view.calibration!, near[rank]!.similarity), 0) / hits.length;
    expect(sure(0)).toBeGreaterThan(0.9);
    expect(sure(1)).toBeLessThan(0.5);
  });

  it('is made in the space that is searched', async () => {
    const modelId = 'narrow';
    const narrow: Embedder = {
      ...embedder,
      modelId,
      dimension: 16,
      embed: async (originals) =>
        ((await embedder.embed(originals)) as Vector[]).map((vector) => unit(vector.subarray(0, 16))),
    };
    const how = 'full' as const;
    const fit = (rows: Float32Array, dimension: number) => fitWhitening(rows, dimension, WHITENING_POWERS[how]);
    const { calibration, whitening } = await build('narrow', { modelId, embedder: narrow, whiten: { how, fit } });
    const view = await serve('narrow', modelId);

    const similarities: number[] = [];
    for (let i = 0; i < INDEXED; i++) {
      const near = await view.nearest((await view.vector(`drawing-${i}`))!, 2);
      similarities.push(near.find(({ itemId }) => itemId !== `drawing-${i}`)!.similarity);
    }
    const second = similarities.sort((x, y) => y - x)[1]!;
    expect(whitening.fitted).toMatchObject({ count: INDEXED });
    expect(calibration).toMatchObject({ passedOver: 0, thresholds: [{ rate: 1e-2, similarity: second }] });
    expect(view.calibration).toEqual(calibration);

    // Without the map the model's own vectors are searched, of which this curve knows nothing.
    await rm(join(world.indexesFolder, 'narrow', 'whitening.f32'));
    const { live } = await world.process();
    expect((await live.get('default')).calibration).toBeUndefined();
  }, 60_000);

  it('passes over pictures that are there twice, so that they raise no threshold', async () => {
    await catalogue.items.put(
      'default',
      await Promise.all(
        drawings.slice(0, TWICE).map(async (original, i) => write(`twice-${i}`, await resaved(original))),
      ),
    );
    const { calibration } = await build('twice');
    const without = await build('twice-counted', { copies: { ...copies, same: async () => false } });

    expect(calibration!.passedOver).toBeGreaterThanOrEqual(2 * (TWICE - 3));
    expect(calibration!.thresholds[0]!.similarity).toBeCloseTo(plain.thresholds[0]!.similarity, 2);
    expect(without.calibration!.thresholds[0]!.similarity).toBeGreaterThan(calibration!.thresholds[0]!.similarity);
    expect(without.calibration!.thresholds[0]!.finds).toBeLessThan(0.5 * calibration!.thresholds[0]!.finds);
  }, 60_000);

  it('is left out for vectors that were brought, and for a handful of pictures', async () => {
    await catalogue.collections.put('brought', { encoder: 'none', dimension: 2 });
    const writes = Array.from({ length: 50 }, (_, i) => {
      const itemId = `v${i}`;
      const vector = Float32Array.of(Math.cos(i), Math.sin(i));
      return { itemId, embeddings: [{ itemId, content: 'vector', modelId: 'none', vector }] };
    });
    await catalogue.items.put('brought', writes);
    const brought = await build('brought', { collection: 'brought', modelId: 'none', embedder: null });
    expect(brought).toMatchObject({ count: 50, calibration: null });

    await catalogue.collections.put('few', { encoder: SHIPPED });
    await catalogue.items.put(
      'few',
      await Promise.all(drawings.slice(0, 19).map((original, i) => write(`few-${i}`, original))),
    );
    expect(await build('few', { collection: 'few' })).toMatchObject({ count: 19, calibration: null });
  }, 60_000);
});
