import { demoCatalogue } from '../src/cli/demo-catalogue.js';
import { EMOJI_STYLES } from '../src/cli/emoji-styles.js';
import { knn, knnAccuracy } from '../src/evaluation/knn.js';
import { Preparation } from '../src/images/preparation.js';
import { prepare } from '../src/images/prepare.js';
import type { CurvePoint } from '../src/registry/registry.js';
import { isBest, smoothedRecall } from '../src/training/keep-best.js';
import type { AlsoScore } from '../src/training/probe.js';
import type { Samples } from '../src/training/samples.js';
import { sharedEmoji } from './data/emoji.js';
import { fashionMnist } from './data/fashion-mnist.js';
import type { BenchOptions } from './main.js';
import { rankCorrelation } from './rank-correlation.js';
import { averaged, figure, type Row } from './row.js';
import { samplesOfList } from './samples-of-list.js';
import { trainEncoderFor } from './train-encoder-for.js';

/** Pictures to learn from and, for the judge alone, what each is. */
interface LabelledSet {
  readonly samples: Samples;
  readonly labels: Uint16Array;
  /** Neighbours that vote. */
  readonly k: number;
}

const SIZE = 32;
const LEARNT = 10_000;
/** Pictures that ask at each look, each for its nearest among these. */
const ASKED = 2500;
/** Looks, or runs, below which an order of them says nothing. */
const LEAST_LOOKS = 4;
const SETS: Readonly<Record<string, (say: BenchOptions['say']) => Promise<LabelledSet>>> = {
  'fashion-mnist': fashion,
  'demo-drawings': demoDrawings,
  'drawings-in-five-styles': styles,
};
const RUNS: Readonly<Record<string, object>> = {
  simclr: {},
  'simclr-cold': { lossOptions: { temperature: 0.05 } },
  'simclr-warm': { lossOptions: { temperature: 1 } },
  moco: { method: 'moco' },
  byol: { method: 'byol' },
  simsiam: { method: 'simsiam' },
  'barlow-twins': { loss: 'barlow-twins' },
  vicreg: { loss: 'vicreg' },
};
/** What of a point could rank the looks of a run without labels; −1 where lower is better. */
const SCORES: Readonly<Record<string, 1 | -1>> = {
  recall: 1,
  loss: -1,
  alignment: -1,
  uniformity: -1,
  effectiveRank: 1,
  deviation: 1,
  projectionRank: 1,
  projectionSpread: 1,
  neighboursKept: 1,
  step: 1,
};

/**
 * How well each label-free score ranks the looks of a run, and the last looks of runs with other recipes, against what
 * labels say of them (kNN, each picture left out for itself, before whitening): Spearman's correlation; within runs the
 * mean over runs and their range. Beside it what
 * the last look, the one with the best recall, the one that `--keep best` keeps and the best of all are worth.
 */
export async function checkpoints({ minutes, seed, only, say }: BenchOptions): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const all: (readonly CurvePoint[])[] = [];
  for (const [set, open] of Object.entries(SETS)) {
    const wanted = Object.entries(RUNS).filter(([each]) => `${set}/${each}`.includes(only));
    if (wanted.length === 0) continue;
    const labelled = await open(say);
    const curves: (readonly CurvePoint[])[] = [];
    for (const [name, recipe] of wanted) {
      const settings = { ...recipe, budget: { minutes }, seed, whitening: 'none' };
      const { encoder, trained } = await trainEncoderFor(labelled.samples, settings, say, {
        alsoScore: judgeOf(labelled),
      });
      await encoder.close();
      const { curve } = trained;
      rows.push(...worthRows(`${set}/${name}`, curve));
      all.push(curve);
      if (curve.length >= LEAST_LOOKS) curves.push(curve);
      else say(`${set}, ${name}: ${curve.length} looks are too few to rank; give it more minutes.`);
    }
    const ends = curves.map((curve) => curve.at(-1)!);
    for (const [score, sign] of Object.entries(SCORES)) {
      rows.push(...correlationRows(`${set}/within/${score}`, curves, score, sign));
      if (ends.length >= LEAST_LOOKS) rows.push(...correlationRows(`${set}/across/${score}`, [ends], score, sign));
    }
  }
  return all.length === 0 ? rows : [...rows, ...givenAwayRows(all)];
}

/** The share of pictures that most of their nearest ones, among those that are asked, say the right label of. */
function judgeOf({ samples, labels, k }: LabelledSet): AlsoScore {
  const count = Math.min(ASKED, samples.count);
  const asked = Uint32Array.from({ length: count }, (_, i) => Math.floor((i * samples.count) / count));
  const theirs = Uint16Array.from(asked, (index) => labels[index]!);
  const pictures = Array.from(asked, (index) => samples.read(index));
  return async (embed) => {
    const rows = await embed(pictures);
    return { knn: knnAccuracy(await knn(rows, rows, k, { leaveOut: (row) => row }), k, theirs, theirs) };
  };
}

function correlationRows(what: string, curves: readonly (readonly CurvePoint[])[], score: string, sign: 1 | -1): Row[] {
  const each = curves
    .map((curve) => curve.filter((point) => point[score] !== undefined))
    .map((points) =>
      rankCorrelation(
        points.map((point) => sign * point[score]!),
        points.map((point) => point.knn!),
      ),
    )
    .filter(Number.isFinite);
  if (each.length === 0) return [];
  const mean = each.reduce((sum, one) => sum + one, 0) / each.length;
  return [figure(what, mean, 'Spearman with kNN', { low: Math.min(...each), high: Math.max(...each) })];
}

/** Ways of choosing a look, none of which sees a label. */
const CHOICES: Readonly<Record<string, (curve: readonly CurvePoint[]) => CurvePoint>> = {
  last: (curve) => curve.at(-1)!,
  'best-recall': (curve) => curve.reduce((best, point) => (point.recall! >= best.recall! ? point : best)),
  kept: keptLook,
};

const bestWorth = (curve: readonly CurvePoint[]): number => Math.max(...curve.map((point) => point.knn!));

const worthRows = (what: string, curve: readonly CurvePoint[]): Row[] => [
  ...Object.entries(CHOICES).map(([name, choose]) => figure(`${what}/${name}`, choose(curve).knn!, 'accuracy (kNN)')),
  figure(`${what}/best-of-${curve.length}`, bestWorth(curve), 'accuracy (kNN)'),
];

/** What each choice gives away against the best look of its run: the mean over all runs, the least and the most. */
const givenAwayRows = (curves: readonly (readonly CurvePoint[])[]): Row[] =>
  Object.entries(CHOICES).map(([name, choose]) =>
    averaged(
      `given-away/${name}`,
      curves.map((curve) => bestWorth(curve) - choose(curve).knn!),
      'accuracy (kNN)',
    ),
  );

/** The look that `--keep best` keeps. */
function keptLook(curve: readonly CurvePoint[]): CurvePoint {
  let kept = { recall: Number.NEGATIVE_INFINITY, point: curve[0]! };
  for (const [at, point] of curve.entries()) {
    const so = curve.slice(0, at + 1);
    if (isBest(so, kept.recall)) kept = { recall: smoothedRecall(so), point };
  }
  return kept.point;
}

async function fashion(say: BenchOptions['say']): Promise<LabelledSet> {
  const { images, labels } = await fashionMnist('train', say);
  const list = Array.from({ length: LEARNT }, (_, i) => images.subarray(i * 28 ** 2, (i + 1) * 28 ** 2));
  return { samples: samplesOfList(list, [28, 28, 1]), labels: Uint16Array.from(labels.subarray(0, LEARNT)), k: 20 };
}

/** The drawings of the demo by their subgroup: "face-smiling", "food-fruit". */
async function demoDrawings(): Promise<LabelledSet> {
  const preparation = Preparation.parse({ size: SIZE });
  const [list, names]: [Uint8Array[], string[]] = [[], []];
  for await (const picture of (await demoCatalogue()).list()) {
    list.push(await prepare(await picture.read(), preparation));
    names.push(String(picture.attributes.subgroup));
  }
  const known = [...new Set(names)];
  return {
    samples: samplesOfList(list, [SIZE, SIZE, 3]),
    labels: Uint16Array.from(names, (name) => known.indexOf(name)),
    k: 5,
  };
}

/** Emoji that five houses draw: right is the same emoji by another house. */
async function styles(): Promise<LabelledSet> {
  const shared = await sharedEmoji();
  const preparation = Preparation.parse({ size: SIZE });
  const byStyle: Uint8Array[][] = [];
  for (const style of EMOJI_STYLES) {
    const { samples, close } = await shared.samples(style, shared.heldOut, preparation);
    byStyle.push(Array.from({ length: samples.count }, (_, i) => samples.read(i).slice()));
    close();
  }
  const labels = byStyle.flatMap((drawings) => drawings.map((_, codepoint) => codepoint));
  return { samples: samplesOfList(byStyle.flat(), [SIZE, SIZE, 3]), labels: Uint16Array.from(labels), k: 1 };
}
