import { join } from 'node:path';
import { openRegistry, shippedModelId } from '../src/app/stores.js';
import { openWorld } from '../src/cli/world.js';
import { openOnnxEncoder } from '../src/encoder/onnx-encoder.js';
import { BASELINES, type BaselineName } from '../src/evaluation/baselines.js';
import { knn, knnAccuracy } from '../src/evaluation/knn.js';
import { type Rows, rowsOfBytes, rowsOfEncoder } from '../src/evaluation/rows.js';
import { Preparation } from '../src/images/preparation.js';
import { prepareSamples } from '../src/images/prepare-samples.js';
import { curveRows } from './curve-rows.js';
import { cacheFolder } from './data/cache-folder.js';
import { type Furniture, furniture } from './data/furniture.js';
import { LONG, type QualityOptions, UNTRAINED } from './quality-fashion.js';
import { barred, figure, type Row } from './row.js';
import { samplesOfList } from './samples-of-list.js';
import { trainEncoderFor } from './train-encoder-for.js';

/** Size at which pixels do best as features: larger ones shift too easily. */
const PIXEL_SIZE = 24;
const SIZE = 48;
/** By how much half an hour is held to beat raw pixels. */
const LONG_GAIN = 0.1;
const UNIT = 'precision (category, P@1)';
const BASELINE_ROWS: readonly (readonly [string, BaselineName])[] = [
  ['pixels', 'pixels'],
  ['pixels-half-whitened', 'pixels-half-whitened'],
  ['pca-64', 'pca-64'],
];

/**
 * A catalogue of products: the share whose nearest other product by cosine is of the same category. The encoder learns
 * from the icons alone; the shipped one has learnt from drawings and has seen none of them.
 */
export async function furnitureQuality({ minutes, seed, say }: QualityOptions): Promise<Row[]> {
  const { pictures, pixels, judge } = await openFurniture(say);
  const samples = samplesOfList(pictures, [SIZE, SIZE, 3]);
  say(`furniture: training for ${minutes} minutes on ${pictures.length} pictures without labels`);
  const judged = async (embed: (asked: readonly Uint8Array[]) => Promise<Rows>) => ({
    precision: await judge(await embed(pictures)),
  });
  const { encoder, trained } = await trainEncoderFor(samples, { budget: { minutes }, seed }, say, {}, judged);
  const learnt = await judge(await rowsOfEncoder(encoder, pictures));
  await encoder.close();
  const untrained = await trainEncoderFor(samples, UNTRAINED(seed), () => {});
  const unlearnt = await judge(await rowsOfEncoder(untrained.encoder, pictures));
  await untrained.encoder.close();

  const raw = await judge(await BASELINES.pixels(pixels)(pixels));
  const gain = ['furniture/gain-over-pixels', learnt - raw, UNIT] as const;
  const rows = [
    figure('furniture/p@1', learnt, UNIT),
    minutes >= LONG ? barred(...gain, '>=', LONG_GAIN) : figure(...gain),
    figure('furniture/shipped', await judge(await shippedRows(pictures)), UNIT),
    figure('furniture/untrained', unlearnt, UNIT),
    ...curveRows('furniture', trained.curve, 'precision', UNIT),
  ];
  for (const [what, name] of BASELINE_ROWS)
    rows.push(figure(`furniture/${what}`, await judge(await BASELINES[name](pixels)(pixels)), UNIT));
  return rows;
}

/** The products whose icons differ, at the size of the encoder and at that of pixels, and their judge. */
async function openFurniture(say: (line: string) => void) {
  const pieces = await furniture(say);
  const large = await preparedAt(pieces, SIZE, true);
  const told = new Set(large.ids);
  const kept = pieces.filter(({ itemId }) => told.has(itemId));
  const small = await preparedAt(kept, PIXEL_SIZE, false);
  const categories = [...new Set(kept.map(({ category }) => category))];
  const labels = Uint16Array.from(kept, ({ category }) => categories.indexOf(category));
  say(
    `furniture: ${kept.length} products in ${categories.length} categories; ` +
      `${pieces.length - kept.length} with the pixels of another left out`,
  );
  const judge = async (rows: Rows): Promise<number> =>
    knnAccuracy(await knn(rows, rows, 1, { leaveOut: (query) => query }), 1, labels, labels);
  return { pictures: large.pictures, pixels: rowsOfBytes(small.pictures), judge };
}

/** In the order of the products. */
async function preparedAt(pieces: readonly Furniture[], size: number, dropEqual: boolean) {
  const source = {
    description: 'furniture',
    async *list() {
      for (const { itemId, name, read } of pieces) yield { name, itemId, attributes: {}, read };
    },
  };
  const cache = { cacheFolder: join(cacheFolder, 'pixels') };
  const prepared = await prepareSamples(source, Preparation.parse({ size }), { ...cache, dropEqual });
  try {
    if (prepared.skipped[0]) throw new Error(`${prepared.skipped[0].name} cannot be read: ${prepared.skipped[0].why}`);
    return { ids: prepared.ids, pictures: prepared.ids.map((_, i) => prepared.samples.read(i).slice()) };
  } finally {
    prepared.close();
  }
}

/** The rows of the encoder that comes with the project, which reads pictures of this size. */
async function shippedRows(pictures: readonly Uint8Array[]): Promise<Rows> {
  const registry = openRegistry(openWorld());
  const modelId = await shippedModelId(registry);
  if (modelId === undefined) throw new Error('There is no shipped encoder to judge.');
  const encoder = await openOnnxEncoder(registry.path(modelId, 'encoder.onnx'));
  try {
    return await rowsOfEncoder(encoder, pictures);
  } finally {
    await encoder.close();
  }
}
