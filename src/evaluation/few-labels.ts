import type { Random } from '../core/random.js';
import { knn, knnAccuracy } from './knn.js';
import { classesOf, drawLabelled, type LabelledRows, pickLabelled } from './split-labelled.js';
import { chosenDecay, fitHead } from './try-decays.js';

/** What can be read from features with few labels: means over several draws of them. */
export interface FewLabels {
  /** Of the rows that may be learnt from. */
  readonly share: number;
  /** How many labels that is. */
  readonly labels: number;
  readonly draws: number;
  /** Share of unseen rows that a linear classifier names. */
  readonly linear: number;
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
  const found: FewLabels[] = [];
  for (const share of SHARES) {
    if (Math.round(share * taught.labels.length) < new Set(taught.labels).size) continue;
    const sums = { linear: 0, knn: 0, labels: 0 };
    let decay: number | undefined; // the first draw's: draws of one size want alike
    for (let draw = 0; draw < DRAWS; draw++) {
      const few = pickLabelled(taught, drawLabelled(taught.labels, share, random.fork(`${share}/${draw}`)));
      decay ??= await chosenDecay(few, { classes, random: random.fork(`${share}`), signal });
      const probe = await fitHead(few, decay, { classes, signal });
      sums.linear += await probe.accuracy(asked.rows, asked.labels);
      sums.knn += knnAccuracy(await knn(asked.rows, few.rows, 1), 1, asked.labels, few.labels);
      sums.labels = few.labels.length;
    }
    found.push({ share, labels: sums.labels, draws: DRAWS, linear: sums.linear / DRAWS, knn: sums.knn / DRAWS });
  }
  return found;
}
