import { BASELINES, type BaselineName } from '../src/evaluation/baselines.js';
import { rowsOfBytes } from '../src/evaluation/rows.js';
import type { CurvePoint } from '../src/registry/registry.js';
import type { AlsoScore } from '../src/training/probe.js';
import { curveRows } from './curve-rows.js';
import { sharedEmoji } from './data/emoji.js';
import type { EmojiScores } from './data/emoji-protocol.js';
import { shippedPool } from './data/shipped-pool.js';
import { heldOutDrawings, judgeDrawings, judgeEncoder, judgePixels, rowsApart } from './emoji-judge.js';
import { poolSamples } from './pool-samples.js';
import { LONG, type QualityOptions, UNTRAINED } from './quality-fashion.js';
import { barred, figure, type Row } from './row.js';
import { trainEncoderFor } from './train-encoder-for.js';

/** Size at which pixels do best as features: larger ones shift too easily. */
const PIXEL_SIZE = 24;
const SIZE = 48;
/** What a run of half an hour is held to. */
const LONG_RATIOS = { emoji: 1.65, 'emoji-unseen-style': 2.1 };
const BASELINE_ROWS: readonly (readonly [string, BaselineName])[] = [
  ['pixels', 'centred-pixels'],
  ['pixels-half-whitened', 'pixels-half-whitened'],
  ['pca-64', 'pca-64'],
];

/** Looks at the held-out drawings while it learns. */
const judgedOn =
  (drawings: Awaited<ReturnType<typeof heldOutDrawings>>): AlsoScore =>
  async (embed) => {
    const { all, unseen } = await judgeDrawings(async (pictures) => rowsApart(await embed(pictures)), drawings);
    return { recallAt1: all.recallAt1, unseenRecallAt1: unseen.recallAt1 };
  };

/** Quality over minutes, by what `judgedOn` gave at each look. */
export const emojiCurve = (set: string, curve: readonly CurvePoint[]): readonly Row[] =>
  curveRows(set, curve, 'recallAt1', 'recall');

/** Trains with some settings and answers what the encoder is worth on drawings it has not seen. Its curve is for `emojiCurve` where it is `watched`. */
export async function emojiScore(
  settings: Readonly<Record<string, unknown>>,
  say: (line: string) => void,
  watched = false,
) {
  const shared = await sharedEmoji();
  const drawings = await heldOutDrawings(shared, SIZE);
  const training = await poolSamples(await shippedPool(say), SIZE, say);
  const metadata = { preparation: JSON.stringify(training.preparation) };
  const { encoder, trained } = await trainEncoderFor(training.samples, settings, say, {
    metadata,
    ...(watched && { alsoScore: judgedOn(drawings) }),
  });
  const scores = await judgeEncoder(encoder, drawings);
  await encoder.close();
  training.close();
  return { scores, trained };
}

/** Held-out codepoints, query in one style, gallery in another; `unseen-style` is the part with OpenMoji in it. */
export async function emojiQuality({ minutes, seed, say }: QualityOptions): Promise<Row[]> {
  const shared = await sharedEmoji();
  const pool = await shippedPool(say);
  const drawings = await heldOutDrawings(shared, SIZE);
  say(`emoji: ${shared.heldOut.length} held-out codepoints`);

  const training = await poolSamples(pool, SIZE, say);
  const metadata = { preparation: JSON.stringify(training.preparation) };
  const settings = { budget: { minutes }, seed };
  const { encoder, trained } = await trainEncoderFor(training.samples, settings, say, {
    metadata,
    alsoScore: judgedOn(drawings),
  });
  const learned = await judgeEncoder(encoder, drawings);
  await encoder.close();
  const untrained = await trainEncoderFor(training.samples, UNTRAINED(seed), () => {}, { metadata });
  const raw = await judgeEncoder(untrained.encoder, drawings);
  await untrained.encoder.close();
  training.close();

  const rows = [
    barred('emoji/r@1', learned.all.recallAt1, 'recall', '>=', 0.38),
    barred('emoji-unseen-style/r@1', learned.unseen.recallAt1, 'recall', '>=', 0.22),
    figure('emoji/r@5', learned.all.recallAt5, 'recall'),
    figure('emoji/mrr', learned.all.meanReciprocalRank, 'mean reciprocal rank'),
    ...bothRows('untrained', raw),
    ...emojiCurve('emoji', trained.curve),
    ...curveRows('emoji-unseen-style', trained.curve, 'unseenRecallAt1', 'recall'),
  ];
  const pixels = await pixelRows(pool, shared, say);
  return [...rows, ...pixels, ...ratioRows([...rows, ...pixels], minutes)];
}

async function pixelRows(
  pool: Awaited<ReturnType<typeof shippedPool>>,
  shared: Awaited<ReturnType<typeof sharedEmoji>>,
  say: (line: string) => void,
): Promise<Row[]> {
  const prepared = await poolSamples(pool, PIXEL_SIZE, say);
  const { samples } = prepared;
  const pixels = rowsOfBytes(Array.from({ length: samples.count }, (_, i) => samples.read(i)));
  prepared.close();
  const small = await heldOutDrawings(shared, PIXEL_SIZE);
  const rows: Row[] = [];
  for (const [what, name] of BASELINE_ROWS)
    rows.push(...bothRows(what, await judgePixels(BASELINES[name](pixels), small)));
  return rows;
}

/** How many times what half-whitened pixels reach the encoder does; half an hour is held to more than that. */
function ratioRows(rows: readonly Row[], minutes: number): Row[] {
  const worth = (what: string) => rows.find((row) => row.what === what)!.value;
  return Object.entries(LONG_RATIOS).map(([set, bar]) => {
    const ratio = worth(`${set}/r@1`) / worth(`${set}/pixels-half-whitened`);
    const what = `${set}/vs-pixels-half-whitened`;
    return minutes >= LONG ? barred(what, ratio, 'ratio', '>=', bar) : figure(what, ratio, 'ratio');
  });
}

const bothRows = (what: string, scores: EmojiScores): Row[] => [
  figure(`emoji/${what}`, scores.all.recallAt1, 'recall'),
  figure(`emoji-unseen-style/${what}`, scores.unseen.recallAt1, 'recall'),
];
