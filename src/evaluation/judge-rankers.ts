import { gainAt, rankOf } from '../core/rank.js';
import type { History } from '../recommend/behaviour/histories.js';
import type { Question } from '../recommend/behaviour/hold-out.js';
import type { ItemEmbeddings, Ranker } from '../recommend/behaviour/source.js';

/** Hits shown: the k of every figure but the reciprocal rank. */
const SHOWN = 10;

/** One ranker's figures; those of people are a value a question, in the order of the questions. */
export interface Judgement {
  /** Whether a held-out item is among the first 10: the share of a person's held-out items that are. */
  readonly hitRate: Float64Array;
  /** Its discounted gain there, 0 beyond. */
  readonly gain: Float64Array;
  /** 1 / rank, however far down. */
  readonly reciprocalRank: Float64Array;
  /** Share of all items that anybody is shown among their first 10. */
  readonly coverage: number;
  /** Mean −log2 of the share of people who touched what is shown: bits; the popular are 0. */
  readonly novelty: number;
  /** Mean 1 − cosine between the items of one list. Undefined where no items have embeddings. */
  readonly diversity?: number;
}

export interface JudgeOptions {
  readonly items: number;
  readonly questions: readonly Question[];
  /** The asker's history as it was learnt from. */
  readonly historyOf: (person: number) => History;
  /** People who touched each item in what was learnt from, [items], and all people. */
  readonly touchedBy: ArrayLike<number>;
  readonly people: number;
  readonly embeddings?: ItemEmbeddings | undefined;
}

/**
 * Judges rankers on held-out items: every item that the person has not touched is ranked, but for the other held-out
 * ones, and ties count half.
 */
export function judgeRankers<Name extends string>(
  rankers: ReadonlyMap<Name, Ranker>,
  options: JudgeOptions,
): ReadonlyMap<Name, Judgement> {
  const tallies = new Map([...rankers.keys()].map((name) => [name, createTally(options)]));
  const scores = new Float32Array(options.items);
  options.questions.forEach((question, q) => {
    const history = options.historyOf(question.person);
    for (const [name, ranker] of rankers) {
      ranker.score(history, scores);
      tallies.get(name)!.add(q, question, history, scores);
    }
  });
  return new Map([...tallies].map(([name, tally]) => [name, tally.judgement()]));
}

function createTally({ items, questions, touchedBy, people, embeddings }: JudgeOptions) {
  const hitRate = new Float64Array(questions.length);
  const gain = new Float64Array(questions.length);
  const reciprocalRank = new Float64Array(questions.length);
  const shownEver = new Set<number>();
  let [bits, shownCount, apart, lists] = [0, 0, 0, 0];
  return {
    add(q: number, { targets }: Question, history: History, scores: Float32Array): void {
      const skipped = new Uint8Array(items);
      for (const item of history.items) skipped[item] = 1;
      const shown = firstOf(scores, skipped);
      for (const item of targets) skipped[item] = 1;
      for (const target of targets) {
        const rank = rankOf(scores, target, skipped);
        hitRate[q]! += (rank <= SHOWN ? 1 : 0) / targets.length;
        gain[q]! += gainAt(rank, SHOWN) / targets.length;
        reciprocalRank[q]! += 1 / rank / targets.length;
      }
      for (const item of shown) {
        shownEver.add(item);
        bits -= Math.log2(Math.max(touchedBy[item]!, 1) / Math.max(people, 1));
      }
      shownCount += shown.length;
      if (!embeddings || shown.length < 2) return;
      apart += meanApart(shown, embeddings);
      lists++;
    },
    judgement: (): Judgement => ({
      hitRate,
      gain,
      reciprocalRank,
      coverage: items === 0 ? 0 : shownEver.size / items,
      novelty: shownCount === 0 ? 0 : bits / shownCount,
      ...(lists > 0 ? { diversity: apart / lists } : {}),
    }),
  };
}

/** The best that are not skipped, ties by number. */
function firstOf(scores: Float32Array, skipped: Uint8Array): number[] {
  const best: number[] = [];
  for (let i = 0; i < scores.length; i++) {
    if (skipped[i]) continue;
    if (best.length === SHOWN && !(scores[i]! > scores[best[SHOWN - 1]!]!)) continue;
    let at = best.length;
    while (at > 0 && scores[i]! > scores[best[at - 1]!]!) at--;
    best.splice(at, 0, i);
    if (best.length > SHOWN) best.pop();
  }
  return best;
}

function meanApart(shown: readonly number[], { dimension, values }: ItemEmbeddings): number {
  let [sum, pairs] = [0, 0];
  for (const [at, a] of shown.entries()) {
    for (const b of shown.slice(0, at)) {
      let cosine = 0;
      for (let d = 0; d < dimension; d++) cosine += values[a * dimension + d]! * values[b * dimension + d]!;
      sum += 1 - cosine;
      pairs++;
    }
  }
  return sum / pairs;
}
