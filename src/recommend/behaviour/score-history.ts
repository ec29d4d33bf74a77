import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BehaviourModel } from './behaviour-model.js';
import type { History } from './histories.js';
import type { LiveContent } from './live-content.js';
import { productsWithItems, type RowProducts } from './products.js';
import type { Ranker } from './source.js';
import { type Scale, scaleOf } from './standardise.js';

/** Lets others have a turn after so many scores were written: about a millisecond. */
const SCORES_A_TURN = 100_000;

/** A model, the embeddings that are served, and how rows are multiplied. */
export interface Scoring {
  readonly model: BehaviourModel;
  readonly content: LiveContent;
  readonly products: RowProducts;
}

/** What somebody did, by item numbers of a model; items that it doesn't know are stood in for by some that it does. */
export interface KnownHistory extends History {
  /** Those of the items that they touched themselves, each once, which are no candidates any more. */
  readonly seen: Uint32Array;
}

/** What one feature says of one history: the z-score of item i is (row[i] − mean) × scale, and 0 of what is skipped. */
export interface FeatureScores extends Scale {
  readonly name: string;
  readonly weight: number;
  readonly row: Float32Array;
  /** Item numbers, the same for all features of a history. */
  readonly skipped: Uint32Array;
}

/**
 * Every feature of the model for one history of its item numbers, one after the other, so that a large catalogue
 * doesn't stop the event loop. Where none that is personal knows anything, popularity alone as it stands, with weight 1,
 * also for what was seen. The row is used again for the next feature.
 */
export async function* scoreFeatures(scoring: Scoring, history: KnownHistory): AsyncGenerator<FeatureScores> {
  const { model, content } = scoring;
  const items = model.itemIds.length;
  const row = new Float32Array(items);
  const held: FeatureScores[] = [];
  const skipped = history.seen;
  let known = false;
  let written = 0;
  for (const { name, weight, personal, ranker } of model.features) {
    if (ranker) await scoreBy(ranker, scoring, history, row);
    else await content.score(history, row);
    const { mean, scale } = scaleOf(row, skipped);
    written += items;
    if (written >= SCORES_A_TURN) {
      written = 0;
      await nextTurn();
    }
    known ||= personal && scale !== 0;
    if (known) {
      yield* held.splice(0);
      yield { name, weight, row, skipped, mean, scale };
    } else held.push({ name, weight, row: row.slice(), skipped, mean, scale }); // nobody may count for anything yet
  }
  if (known) return;
  model.popularity.score(history, row);
  yield { name: 'popularity', weight: 1, row, skipped: new Uint32Array(0), mean: 0, scale: 1 };
}

/** As the ranker scores; a product of matrices where its scores are one. */
async function scoreBy({ score, factors }: Ranker, { products }: Scoring, history: History, row: Float32Array) {
  if (!factors) return score(history, row);
  const { rows, of } = factors;
  const [scores] = await productsWithItems(products, { dimension: rows.dimension, values: of(history) }, rows);
  row.set(scores!);
}

/** The blend's score of every item of the model, [items]: the same as `blended` gives, in slices. */
export async function scoreHistory(scoring: Scoring, history: KnownHistory): Promise<Float32Array> {
  const sums = new Float32Array(scoring.model.itemIds.length);
  let none: Uint32Array | undefined;
  for await (const { weight, row, skipped, mean, scale } of scoreFeatures(scoring, history)) {
    const factor = weight * scale;
    for (let i = 0; i < sums.length; i++) sums[i]! += factor * (row[i]! - mean);
    none = skipped;
  }
  for (const item of none ?? []) sums[item] = 0;
  return sums;
}
