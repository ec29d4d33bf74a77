import { Random } from '../src/core/random.js';
import type { Encoder } from '../src/encoder/encoder.js';
import { BASELINES, type BaselineName } from '../src/evaluation/baselines.js';
import { chosenHead, fitHead, SPREADING } from '../src/evaluation/choose-head.js';
import { knn, knnAccuracy } from '../src/evaluation/knn.js';
import { type Rows, rowsOfBytes, rowsOfEncoder } from '../src/evaluation/rows.js';
import { drawLabelled, pickLabelled } from '../src/evaluation/split-labelled.js';
import { neighbourGraph } from '../src/evaluation/spread-labels.js';
import type { CurvePoint } from '../src/registry/registry.js';
import type { AlsoScore } from '../src/training/probe.js';
import { curveRows } from './curve-rows.js';
import { fashionMnist, type LabelledImages } from './data/fashion-mnist.js';
import { averaged, barred, figure, type Row } from './row.js';
import { samplesOfList } from './samples-of-list.js';
import { supervised } from './supervised.js';
import { trainEncoderFor } from './train-encoder-for.js';

const SIDE = 28;
const CLASSES = 10;
/** Minutes from which on a run is held to more. */
export const LONG = 30;
/** Test pictures that ask at each look, and training pictures that answer. */
const [JUDGED, JUDGED_BY] = [2_000, 10_000];
/** Draws of one label in a hundred. */
const DRAWS = 3;
/** On 600 pictures: 320 times through. */
const SUPERVISED_STEPS = 1500;
/** Baselines by the row they are: the bar of the trained encoder stands above all of them. */
const BASELINE_ROWS: readonly (readonly [string, BaselineName])[] = [
  ['pixels', 'pixels'],
  ['whitened-pixels', 'whitened-pixels'],
  ['pca-64', 'pca-64'],
];

export interface QualityOptions {
  /** Wall time of each training run. */
  readonly minutes: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

/** The set as a bench sees it: pictures to learn from, and what an encoder is worth on the others. */
async function openFashion(say: (line: string) => void) {
  const [train, test] = [await fashionMnist('train', say), await fashionMnist('test', say)];
  const [gallery, queries] = [pictures(train), pictures(test)];
  const judgeRows = async (galleryRows: Rows, queryRows: Rows): Promise<number> =>
    knnAccuracy(await knn(queryRows, galleryRows, 20), 20, test.labels, train.labels);
  const rowsOf = async (encoder: Encoder) =>
    [await rowsOfEncoder(encoder, gallery), await rowsOfEncoder(encoder, queries)] as const;
  const samples = samplesOfList(gallery, [SIDE, SIDE, 1]);
  /** A look while it learns: fewer that ask, fewer that answer. */
  const judged: AlsoScore = async (embed) => ({
    knn: knnAccuracy(
      await knn(await embed(queries.slice(0, JUDGED)), await embed(gallery.slice(0, JUDGED_BY)), 20),
      20,
      test.labels.subarray(0, JUDGED),
      train.labels.subarray(0, JUDGED_BY),
    ),
  });
  return { train, test, gallery, queries, samples, judged, judgeRows, rowsOf };
}

/** Quality over minutes, by what `judged` gave at each look. */
export const fashionCurve = (set: string, curve: readonly CurvePoint[]): readonly Row[] =>
  curveRows(set, curve, 'knn', 'accuracy (2,000 against 10,000)');

/** Trains with some settings and answers kNN-20 by plain majority: gallery 60,000, queries 10,000. Its curve is for `fashionCurve` where it is `watched`. */
export async function fashionScore(
  settings: Readonly<Record<string, unknown>>,
  say: (line: string) => void,
  watched = false,
) {
  const { samples, judged, judgeRows, rowsOf } = await openFashion(say);
  const { encoder, trained } = await trainEncoderFor(samples, settings, say, watched ? { alsoScore: judged } : {});
  const score = await judgeRows(...(await rowsOf(encoder)));
  await encoder.close();
  return { score, trained };
}

/** Gallery 60,000, queries 10,000, kNN-20 by plain majority; no label is seen in training. */
export async function fashionQuality({ minutes, seed, say }: QualityOptions): Promise<Row[]> {
  const { train, test, gallery, queries, samples, judged, judgeRows, rowsOf } = await openFashion(say);
  say(`fashion-mnist: training for ${minutes} minutes on ${gallery.length} pictures without labels`);
  const { encoder, trained: run } = await trainEncoderFor(samples, { budget: { minutes }, seed }, say, {
    alsoScore: judged,
  });
  const trained = await rowsOf(encoder);
  await encoder.close();
  const bar = minutes >= LONG ? 0.905 : 0.88;
  const rows = [barred('fashion-mnist/knn-20', await judgeRows(...trained), 'accuracy', '>=', bar)];
  say(
    `fashion-mnist: kNN-20 ${rows[0]?.value.toFixed(4)}; linear probe, few labels, untrained network and pixels follow`,
  );
  const labelled = { rows: trained[0], labels: Int32Array.from(train.labels) };
  const head = await chosenHead(labelled, { classes: CLASSES, random: new Random(seed).fork('linear') });
  rows.push(barred('fashion-mnist/linear', await head.accuracy(trained[1], test.labels), 'accuracy', '>=', bar));
  say(`fashion-mnist: linear probe ${rows[1]?.value.toFixed(4)}`);
  rows.push(...fashionCurve('fashion-mnist', run.curve));
  rows.push(...(await fewLabelRows({ gallery, queries, train, test }, trained, seed)));

  const untrained = await trainEncoderFor(samples, UNTRAINED(seed), () => {});
  rows.push(figure('fashion-mnist/untrained', await judgeRows(...(await rowsOf(untrained.encoder))), 'accuracy'));
  await untrained.encoder.close();

  const [galleryPixels, queryPixels] = [rowsOfBytes(gallery), rowsOfBytes(queries)];
  for (const [what, name] of BASELINE_ROWS) {
    const transform = BASELINES[name](galleryPixels);
    const value = await judgeRows(await transform(galleryPixels), await transform(queryPixels));
    rows.push(figure(`fashion-mnist/${what}`, value, 'accuracy'));
  }
  return rows;
}

/**
 * What one label in a hundred is worth: to a linear classifier on what the encoder makes of the pictures, where it learns
 * from these alone and where labels spread to the others; and to the same network that starts from nothing and sees these
 * pictures alone, as they are or through the views of the encoder.
 */
async function fewLabelRows(
  {
    gallery,
    queries,
    train,
    test,
  }: Pick<Awaited<ReturnType<typeof openFashion>>, 'gallery' | 'queries' | 'train' | 'test'>,
  [taught, asked]: readonly [Rows, Rows],
  seed: number,
): Promise<Row[]> {
  const labels = Int32Array.from(train.labels);
  const questions = { pictures: queries, labels: test.labels };
  const graph = await neighbourGraph(taught);
  const [alone, spread, plain, viewed]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let draw = 0; draw < DRAWS; draw++) {
    const random = new Random(seed).fork(`few/${draw}`);
    const places = drawLabelled(labels, 0.01, random);
    const few = pickLabelled({ rows: taught, labels }, places);
    const options = { classes: CLASSES, random, company: { rows: taught, graph, places } };
    alone.push(await (await chosenHead(few, options)).accuracy(asked, test.labels));
    spread.push(await (await fitHead(few, SPREADING, options)).accuracy(asked, test.labels));
    const pictures = { pictures: places.map((at) => gallery[at]!), labels: few.labels };
    const how = { shape: [SIDE, SIDE, 1], classes: CLASSES, steps: SUPERVISED_STEPS, seed: seed + draw };
    plain.push(await supervised(pictures, questions, { ...how, throughViews: false }));
    viewed.push(await supervised(pictures, questions, { ...how, throughViews: true }));
  }
  const gains = (over: readonly number[]) => spread.map((each, draw) => each - over[draw]!);
  return [
    averaged('fashion-mnist/labels-1%', spread, 'accuracy'),
    averaged('fashion-mnist/labels-1%-alone', alone, 'accuracy'),
    averaged('fashion-mnist/labels-1%-from-nothing', plain, 'accuracy'),
    averaged('fashion-mnist/labels-1%-from-nothing-through-views', viewed, 'accuracy'),
    averaged('fashion-mnist/labels-1%-gain', gains(plain), 'accuracy', 0.05),
    averaged('fashion-mnist/labels-1%-gain-over-views', gains(viewed), 'accuracy'),
  ];
}

/** The same network, export and whitening after one step of no size: what the architecture gives without learning. */
export const UNTRAINED = (seed: number) => ({ budget: { steps: 1 }, learningRate: 1e-9, seed });

function pictures({ images, count }: LabelledImages): Uint8Array[] {
  const length = SIDE * SIDE;
  return Array.from({ length: count }, (_, i) => images.subarray(i * length, (i + 1) * length));
}
