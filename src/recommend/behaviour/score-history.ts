import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BehaviourModel } from './behaviour-model.js';
import type { History } from './histories.js';
import type { LiveContent } from './live-content.js';
import { skippedOf, standardise } from './standardise.js';

/** Lets others have a turn after so many scores were written: about a millisecond. */
const SCORES_A_TURN = 100_000;

/** A model, and the embeddings that are served. */
export interface Scoring {
  readonly model: BehaviourModel;
  readonly content: LiveContent;
}

/** What somebody did, by item numbers of a model; items that it doesn't know are stood in for by some that it does. */
export interface KnownHistory extends History {
  /** Those of the items that they touched themselves, which are no candidates any more. */
  readonly seen: Uint32Array;
}

/** The z-scores of one feature for one history. */
export interface FeatureScores {
  readonly name: string;
  readonly weight: number;
  readonly row: Float32Array;
}

/**
 * Every feature of the model for one history of its item numbers, one after the other, so that a large catalogue
 * doesn't stop the event loop. Where none that is personal knows anything, popularity alone, with weight 1. The row is
 * used again for the next feature.
 */
export async function* scoreFeatures(
  { model, content }: Scoring,
  history: KnownHistory,
): AsyncGenerator<FeatureScores> {
  const items = model.itemIds.length;
  const skipped = skippedOf({ items: history.seen }, items);
  const row = new Float32Array(items);
  const held: FeatureScores[] = [];
  let known = false;
  let written = 0;
  for (const { name, weight, personal, ranker } of model.features) {
    if (ranker) ranker.score(history, row);
    else await content.score(history, row);
    standardise(row, skipped);
    written += items;
    if (written >= SCORES_A_TURN) {
      written = 0;
      await nextTurn();
    }
    known ||= personal && row.some((score) => score !== 0);
    if (known) {
      yield* held.splice(0);
      yield { name, weight, row };
    } else held.push({ name, weight, row: row.slice() }); // nobody may count for anything yet
  }
  if (known) return;
  model.popularity.score(history, row);
  yield { name: 'popularity', weight: 1, row };
}

/** The blend's score of every item of the model, [items]: the same as `blended` gives, in slices. */
export async function scoreHistory(scoring: Scoring, history: KnownHistory): Promise<Float32Array> {
  const sums = new Float32Array(scoring.model.itemIds.length);
  for await (const { weight, row } of scoreFeatures(scoring, history))
    for (let i = 0; i < sums.length; i++) sums[i]! += weight * row[i]!;
  return sums;
}
