import type { Random } from '../core/random.js';
import { chosenWay, fitHead, SPREADING, type Way } from './choose-head.js';
import { knn, knnAccuracy } from './knn.js';
import { classesOf, drawLabelled, type LabelledRows, pickLabelled } from './split-labelled.js';
import { neighbourGraph } from './spread-labels.js';

/** What can be read from features with few labels: means over several draws of them. */
export interface FewLabels {
  /** Of the rows that may be learnt from. */
  readonly share: number;
  /** How many labels that is. */
  readonly labels: number;
  readonly draws: number;
  /** Share of unseen rows that a linear classifier names. */
  readonly linear: number;
  /** The same where it may also learn from the rows whose labels it is not given, to which labels spread. */
  readonly spread: number;
  /** Share of unseen rows whose nearest labelled one has their label. */
  readonly knn: number;
}

const SHARES = [0.01, 0.1] as const;
const DRAWS = 5;

/**
 * Accuracy with 1% and 10% of the labels, each label being drawn from alike: the protocol of Chen et al. 2020, section 6
 * (arXiv:2002.05709), on frozen features; the weight decay is chosen by cross-validation within the labels that are given.
 * A share that is less than one row a label is left out: it would be another share.
 * @throws AppError CANCELLED once `signal` is aborted
 */
export async function fewLabels(
  taught: LabelledRows,
  asked: LabelledRows,
  random: Random,
  signal?: AbortSignal,
): Promise<readonly FewLabels[]> {
  const classes = classesOf(taught.labels);
  const graph = await neighbourGraph(taught.rows);
  const found: FewLabels[] = [];
  for (const share of SHARES) {
    if (Math.round(share * taught.labels.length) < new Set(taught.labels).size) continue;
    const sums = { linear: 0, spread: 0, knn: 0, labels: 0 };
    let alone: Way | undefined; // the first draw's: draws of one size want alike
    for (let draw = 0; draw < DRAWS; draw++) {
      const places = drawLabelled(taught.labels, share, random.fork(`${share}/${draw}`));
      const few = pickLabelled(taught, places);
      const options = { classes, company: { rows: taught.rows, graph, places }, signal };
      alone ??= await chosenWay(few, { ...options, random: random.fork(`${share}`) });
      const worth = async (way: Way) => (await fitHead(few, way, options)).accuracy(asked.rows, asked.labels);
      sums.linear += await worth(alone);
      sums.spread += await worth(SPREADING);
      sums.knn += knnAccuracy(await knn(asked.rows, few.rows, 1), 1, asked.labels, few.labels);
      sums.labels = few.labels.length;
    }
    const { linear, spread, knn: nearest, labels } = sums;
    found.push({
      share,
      labels,
      draws: DRAWS,
      linear: linear / DRAWS,
      spread: spread / DRAWS,
      knn: nearest / DRAWS,
    });
  }
  return found;
}
