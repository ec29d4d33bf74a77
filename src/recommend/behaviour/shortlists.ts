import { byteOrder } from '../../core/vectors.js';
import type { Newcomer, Newcomers } from './newcomers.js';
import { type KnownHistory, type Scoring, scoreFeatures, scoreHistory } from './score-history.js';
import { selectBest } from './select-best.js';

/** Places that a shortlist has at first; filters that leave too few of them ask for more. */
const FIRST_PLACES = 1_000;
const GROWTH = 8;

/** The best items for a history. */
export interface Shortlist {
  /** Best first; each is made as it is walked to. */
  readonly places: Iterable<{ readonly itemId: string; readonly score: number }>;
  readonly count: number;
  /** Whether these are all items there are. */
  readonly whole: boolean;
}

/** What one feature had to do with one hit: its weight, the item's z-score, and their product. */
export interface FeatureShare {
  readonly source: string;
  readonly weight: number;
  readonly z: number;
  readonly share: number;
}

export interface Shortlists {
  /**
   * At least `least` places (or all), from 1 for the best item of all down to 0 for the last. `key` stands for the
   * history: while the same object asks, and no item came, what was found before is handed out again.
   */
  best(key: object, history: KnownHistory, least: number): Promise<Shortlist>;
  /** Why an item of the model, or a newcomer, stands where it does: shares, the largest first. They add up to `sum`. */
  why(history: KnownHistory, itemId: string): Promise<Readonly<Record<string, unknown>>>;
}

interface Kept {
  readonly version: number;
  readonly list: Shortlist;
}

/** The mean of what the values lie above `base`. */
function meanOf(values: Float32Array, base = 0): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! - base;
  return sum / Math.max(1, values.length);
}

/**
 * Places as plain numbers: a thousand objects a person would be walked by every collection of garbage. A function of its
 * own, since whatever a closure beside this one needs would stay in memory as long.
 */
function walked(
  best: Uint32Array,
  scores: Float64Array,
  itemIds: readonly string[],
  lent: readonly Newcomer[],
): Pick<Shortlist, 'places' | 'count'> {
  function* walk() {
    for (const [at, number] of best.entries())
      yield { itemId: itemIds[number] ?? lent[number - itemIds.length]!.itemId, score: scores[at]! };
  }
  return { places: { [Symbol.iterator]: walk }, count: best.length };
}

export function createShortlists(scoring: Scoring, newcomers: Newcomers): Shortlists {
  const { model } = scoring;
  // Gone with its key: nothing of somebody stays here longer than their history does in memory.
  const kept = new WeakMap<object, Kept>();

  async function rank(history: KnownHistory, count: number): Promise<Kept> {
    const { version } = newcomers;
    const lent = newcomers.all();
    const known = await scoreHistory(scoring, history);
    const scores = new Float32Array(known.length + lent.length);
    scores.set(known);
    const mean = meanOf(known);
    for (const [at, { lenders }] of lent.entries()) {
      const along = lenders.reduce((sum, { number, cosine }) => sum + cosine * (known[number]! - mean), 0);
      scores[known.length + at] = mean + along / lenders.length;
    }
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let at = 0; at < scores.length; at++) {
      const score = scores[at]!;
      if (score < least) least = score;
      if (score > most) most = score;
    }
    const scale = most > least ? 1 / (most - least) : 0;
    const idOf = (at: number): string => model.itemIds[at] ?? lent[at - known.length]!.itemId;
    const best = Uint32Array.from(selectBest(scores, count, (a, b) => byteOrder(idOf(a), idOf(b))));
    const shares = Float64Array.from(best, (at) => (scale === 0 ? 1 : (scores[at]! - least) * scale));
    return { version, list: { ...walked(best, shares, model.itemIds, lent), whole: best.length === scores.length } };
  }

  return {
    async best(key, history, least) {
      const before = kept.get(key);
      if (before?.version === newcomers.version && (before.list.whole || before.list.count >= least))
        return before.list;
      let count = FIRST_PLACES;
      while (count < least) count *= GROWTH;
      const found = await rank(history, count);
      kept.set(key, found);
      return found.list;
    },
    async why(history, itemId) {
      const number = model.numberOf.get(itemId);
      const lenders = number === undefined ? (newcomers.of(itemId)?.lenders ?? []) : [{ number, cosine: 1 }];
      const sources: FeatureShare[] = [];
      for await (const { name, weight, row, skipped, mean, scale } of scoreFeatures(scoring, history)) {
        const zOf = (item: number) => (skipped.includes(item) ? 0 : (row[item]! - mean) * scale);
        // Over all items z-scores have the mean 0; what is no z-score has one.
        const middle = number !== undefined || skipped.length > 0 ? 0 : meanOf(row, mean) * scale;
        const along = lenders.reduce((sum, lender) => sum + lender.cosine * (zOf(lender.number) - middle), 0);
        const z = middle + (lenders.length === 0 ? 0 : along / lenders.length);
        sources.push({ source: name, weight, z, share: weight * z });
      }
      sources.sort((a, b) => Math.abs(b.share) - Math.abs(a.share));
      const likened = lenders.map((lender) => ({ itemId: model.itemIds[lender.number], similarity: lender.cosine }));
      return {
        behaviourId: model.behaviourId,
        sum: sources.reduce((sum, { share }) => sum + share, 0),
        sources,
        ...(number === undefined ? { likened } : {}),
      };
    },
  };
}
