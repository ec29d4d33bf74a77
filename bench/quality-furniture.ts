import { readFile } from 'node:fs/promises';
import { openOnnxEncoder } from '../src/encoder/onnx-encoder.js';
import { BASELINES } from '../src/evaluation/baselines.js';
import { type Rows, rowsOfEncoder } from '../src/evaluation/rows.js';
import { CATEGORY_BASELINES, CATEGORY_UNIT, type Categories, openCategories } from './category-judge.js';
import { curveRows } from './curve-rows.js';
import { CATEGORY_SETS } from './data/category-sets.js';
import { LONG, type QualityOptions, UNTRAINED } from './quality-fashion.js';
import { barred, figure, type Row } from './row.js';
import { samplesOfList } from './samples-of-list.js';
import { shippedModel } from './shipped.js';
import { trainEncoderFor } from './train-encoder-for.js';

const SIZE = 48;
const SHAPE = [SIZE, SIZE, 3];
/** Raw pixels, each picture less its own mean: the best of them. */
const RAW = 'centred-pixels';
/** By how much half an hour is held to beat raw pixels. */
const LONG_GAIN = 0.1;

/**
 * A catalogue of products: the share whose nearest other product by cosine is of the same category. The encoder learns
 * from the icons alone; the shipped one has learnt from drawings and has seen none of them.
 */
export async function furnitureQuality({ minutes, seed, say }: QualityOptions): Promise<Row[]> {
  const set = await openFurniture(say);
  const { pictures, pixels, judge } = set;
  const rows = await trainedRows('furniture', set, { minutes, seed, say }, {});
  const untrained = await trainEncoderFor(samplesOfList(pictures, SHAPE), UNTRAINED(seed), () => {});
  rows.push(
    figure('furniture/untrained', await judge(await rowsOfEncoder(untrained.encoder, pictures)), CATEGORY_UNIT),
  );
  await untrained.encoder.close();
  const shipped = await openOnnxEncoder((await shippedModel()).path('encoder.onnx'));
  rows.push(figure('furniture/shipped', await judge(await rowsOfEncoder(shipped, pictures)), CATEGORY_UNIT));
  await shipped.close();
  for (const [what, name] of CATEGORY_BASELINES)
    rows.push(figure(`furniture/${what}`, await judge(await BASELINES[name](pixels)(pixels)), CATEGORY_UNIT));
  return rows;
}

/** The same, going on from the shipped encoder: what it knows of drawings, and the icons on top. */
export async function furnitureFromShipped({ minutes, seed, say }: QualityOptions): Promise<Row[]> {
  const { path, network } = await shippedModel();
  const from = { network, initial: await readFile(path('parameters.bin')) };
  return trainedRows('furniture-from-shipped', await openFurniture(say), { minutes, seed, say }, from);
}

/** Trains on the icons, and judges the encoder while it learns and at the end. */
async function trainedRows(
  name: string,
  { pictures, pixels, judge }: Categories,
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
    CATEGORY_UNIT,
  ] as const;
  return [
    figure(`${name}/p@1`, learnt, CATEGORY_UNIT),
    minutes >= LONG ? barred(...gain, '>=', LONG_GAIN) : figure(...gain),
    ...curveRows(name, trained.curve, 'precision', CATEGORY_UNIT),
  ];
}

const openFurniture = async (say: (line: string) => void): Promise<Categories> =>
  openCategories(await CATEGORY_SETS.furniture!(say), SIZE, say);
