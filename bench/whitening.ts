import { EMOJI_STYLES, type EmojiStyle } from '../src/cli/emoji-styles.js';
import { type Whitening, whiten } from '../src/encoder/whitening.js';
import { knn, knnAccuracy } from '../src/evaluation/knn.js';
import { retrieval } from '../src/evaluation/retrieval.js';
import { type Rows, rowsOfEncoder } from '../src/evaluation/rows.js';
import { fitWhitening, WHITENING_POWERS } from '../src/training/fit-whitening.js';
import { sharedEmoji } from './data/emoji.js';
import { judgeEmoji } from './data/emoji-protocol.js';
import { fashionMnist } from './data/fashion-mnist.js';
import { shippedPool } from './data/shipped-pool.js';
import { heldOutDrawings } from './emoji-judge.js';
import type { BenchOptions } from './main.js';
import { poolSamples } from './pool-samples.js';
import { figure, type Row } from './row.js';
import { samplesOfList } from './samples-of-list.js';
import { trainEncoderFor } from './train-encoder-for.js';

const SIDE = 28;
const SIZE = 48;
const GALLERY = 20_000;
const QUERIES = 2000;
/** More numbers than any network here gives: embeddings leave it as they are. */
const WHOLE = 4096;
/** Rows that a map is fitted on. */
const FITTED = 20_000;

/**
 * What evening out the variances costs and brings: one encoder exported without, then its embeddings as they are, half
 * and fully whitened, the map fitted on what it learnt from or on the gallery that is searched. Nearest few (kNN-20, R@1)
 * beside the full ranking (mAP, mean reciprocal rank).
 */
export async function whitening({ minutes, seed, say }: BenchOptions): Promise<readonly Row[]> {
  const settings = { budget: { minutes }, seed, whitening: 'none', dimension: WHOLE };
  return [...(await onFashion(settings, say)), ...(await onDrawings(settings, say))];
}

async function onFashion(settings: object, say: BenchOptions['say']): Promise<Row[]> {
  const [train, test] = [await fashionMnist('train', say), await fashionMnist('test', say)];
  const pictures = (images: Uint8Array, count: number) =>
    Array.from({ length: count }, (_, i) => images.subarray(i * SIDE ** 2, (i + 1) * SIDE ** 2));
  const learnt = pictures(train.images, train.count);
  const { encoder } = await trainEncoderFor(samplesOfList(learnt, [SIDE, SIDE, 1]), { ...settings }, say);
  const [gallery, queries] = [
    await rowsOfEncoder(encoder, learnt.slice(0, GALLERY)),
    await rowsOfEncoder(encoder, pictures(test.images, QUERIES)),
  ];
  await encoder.close();
  const labels = { gallery: train.labels.subarray(0, GALLERY), queries: test.labels.subarray(0, QUERIES) };
  const rows: Row[] = [];
  // What it learnt from is the gallery here, so one map is both.
  for await (const [name, map] of maps({ gallery })) {
    const [there, asked] = [through(gallery, map), through(queries, map)];
    const near = knnAccuracy(await knn(asked, there, 20), 20, labels.queries, labels.gallery);
    const ranked = await retrieval(asked, there, labels);
    rows.push(figure(`fashion-mnist/${name}/knn-20`, near, 'accuracy'));
    rows.push(figure(`fashion-mnist/${name}/map`, ranked.meanAveragePrecision, 'mean average precision'));
  }
  return rows;
}

async function onDrawings(settings: object, say: BenchOptions['say']): Promise<Row[]> {
  const drawings = await heldOutDrawings(await sharedEmoji(), SIZE);
  const training = await poolSamples(await shippedPool(say), SIZE, say);
  const metadata = { preparation: JSON.stringify(training.preparation) };
  const { encoder } = await trainEncoderFor(training.samples, { ...settings }, say, { metadata });
  const { samples } = training;
  const step = Math.max(1, samples.count / FITTED);
  const some = Array.from({ length: Math.min(samples.count, FITTED) }, (_, i) => samples.read(Math.floor(i * step)));
  const learnt = await rowsOfEncoder(encoder, some);
  const byStyle = new Map<EmojiStyle, Rows>();
  for (const style of EMOJI_STYLES) byStyle.set(style, await rowsOfEncoder(encoder, drawings[style]));
  await encoder.close();
  training.close();

  const all = [...byStyle.values()];
  const gallery = { values: Float32Array.from(all.flatMap(({ values }) => [...values])), dimension: learnt.dimension };
  const rows: Row[] = [];
  for await (const [name, map] of maps({ learnt, gallery })) {
    const embedded = EMOJI_STYLES.map((style) => [style, vectorsOf(through(byStyle.get(style)!, map))] as const);
    const { all: scores } = judgeEmoji(Object.fromEntries(embedded) as Record<EmojiStyle, Float32Array[]>);
    rows.push(figure(`emoji/${name}/r@1`, scores.recallAt1, 'recall'));
    rows.push(figure(`emoji/${name}/mrr`, scores.meanReciprocalRank, 'mean reciprocal rank'));
  }
  return rows;
}

/** `none`, then half and full for each set of rows that a map can be fitted on. */
async function* maps(
  fittedOn: Readonly<Record<string, Rows>>,
): AsyncGenerator<readonly [string, Whitening | undefined]> {
  yield ['none', undefined];
  for (const [set, { values, dimension }] of Object.entries(fittedOn)) {
    for (const power of ['half', 'full'] as const)
      yield [`${set}-${power}`, await fitWhitening(values, dimension, WHITENING_POWERS[power])];
  }
}

const through = (rows: Rows, map: Whitening | undefined): Rows =>
  map ? { ...rows, values: whiten(rows.values, map) } : rows;

const vectorsOf = ({ values, dimension }: Rows): Float32Array[] =>
  Array.from({ length: values.length / dimension }, (_, i) => values.subarray(i * dimension, (i + 1) * dimension));
