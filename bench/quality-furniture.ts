import { readFile } from 'node:fs/promises';
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
const SHAPE = [SIZE, SIZE, 3];
/** Raw pixels, each picture less its own mean: the best of them. */
const RAW: BaselineName = 'centred-pixels';
/** By how much half an hour is held to beat raw pixels. */
const LONG_GAIN = 0.1;
const UNIT = 'precision (category, P@1)';
const BASELINE_ROWS: readonly (readonly [string, BaselineName])[] = [
  ['pixels', RAW],
  ['pixels-half-whitened', 'pixels-half-whitened'],
  ['pca-64', 'pca-64'],
];

/**
 * A catalogue of products: the share whose nearest other product by cosine is of the same category. The encoder learns
 * from the icons alone; the shipped one has learnt from drawings and has seen none of them.
 */
export async function furnitureQuality({ minutes, seed, say }: QualityOptions): Promise<Row[]> {
  const set = await openFurniture(say);
  const { pictures, pixels, judge } = set;
  const rows = await trainedRows('furniture', set, { minutes, seed, say }, {});
  const untrained = await trainEncoderFor(samplesOfList(pictures, SHAPE), UNTRAINED(seed), () => {});
  rows.push(figure('furniture/untrained', await judge(await rowsOfEncoder(untrained.encoder, pictures)), UNIT));
  await untrained.encoder.close();
  const shipped = await openOnnxEncoder((await shippedModel()).path('encoder.onnx'));
  rows.push(figure('furniture/shipped', await judge(await rowsOfEncoder(shipped, pictures)), UNIT));
  await shipped.close();
  for (const [what, name] of BASELINE_ROWS)
    rows.push(figure(`furniture/${what}`, await judge(await BASELINES[name](pixels)(pixels)), UNIT));
  return rows;
}

/** The same, going on from the shipped encoder: what it knows of drawings, and the icons on top. */
export async function furnitureFromShipped({ minutes, seed, say }: QualityOptions): Promise<Row[]> {
  const { path, network } = await shippedModel();
  const from = { network, initial: await readFile(path('parameters.bin')) };
  return trainedRows('furniture-from-shipped', await openFurniture(say), { minutes, seed, say }, from);
}

type Set = Awaited<ReturnType<typeof openFurniture>>;

/** Trains on the icons, and judges the encoder while it learns and at the end. */
async function trainedRows(
  name: string,
  { pictures, pixels, judge }: Set,
  { minutes, seed, say }: QualityOptions,
  from: { readonly network?: object; readonly initial?: Uint8Array },
): Promise<Row[]> {
  say(`${name}: training for ${minutes} minutes on ${pictures.length} pictures without labels`);
  const judged = async (embed: (asked: readonly Uint8Array[]) => Promise<Rows>) => ({
    precision: await judge(await embed(pictures)),
  });
  const samples = samplesOfList(pictures, SHAPE);
  const settings = { ...from.network, budget: { minutes }, seed };
  const { encoder, trained } = await trainEncoderFor(samples, settings, say, { alsoScore: judged, ...from });
  const learnt = await judge(await rowsOfEncoder(encoder, pictures));
  await encoder.close();
  const gain = [
    `${name}/gain-over-pixels`,
    learnt - (await judge(await BASELINES[RAW](pixels)(pixels))),
    UNIT,
  ] as const;
  return [
    figure(`${name}/p@1`, learnt, UNIT),
    minutes >= LONG ? barred(...gain, '>=', LONG_GAIN) : figure(...gain),
    ...curveRows(name, trained.curve, 'precision', UNIT),
  ];
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

/** The encoder that comes with the project, which reads pictures of this size, and what its network is. */
async function shippedModel() {
  const registry = openRegistry(openWorld());
  const modelId = await shippedModelId(registry);
  if (modelId === undefined) throw new Error('There is no shipped encoder.');
  const { training } = (await registry.read(modelId)).settings as { training: Record<string, unknown> };
  const { architecture, architectureOptions } = training;
  return {
    path: (file: 'encoder.onnx' | 'parameters.bin') => registry.path(modelId, file),
    network: { architecture, architectureOptions },
  };
}
