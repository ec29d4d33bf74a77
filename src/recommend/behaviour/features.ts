import { type Fitted, isJudgedOnly } from './fit-sources.js';
import type { Histories, History } from './histories.js';
import { standardise } from './standardise.js';

/** What a learnt blend weighs: the z-scores of every source, and two facts about an item. */
export interface Features {
  readonly names: readonly string[];
  /** Does what takes long ahead of `of`, for the very history that is asked about next. */
  prepare(history: History): Promise<void>;
  /** One row a feature, each [items], standardised over what the history leaves; the rows are used again. */
  of(history: History): readonly Float32Array[];
}

/** Facts about each item, [items] each: logarithms of 1 + its events, and of 1 + the days from its first to the newest. */
export function itemFacts({ items, itemAt, timeAt }: Histories): Readonly<Record<string, Float32Array>> {
  const counts = new Float32Array(items);
  const firsts = new Float64Array(items).fill(Number.POSITIVE_INFINITY);
  let newest = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < itemAt.length; at++) {
    counts[itemAt[at]!]!++;
    firsts[itemAt[at]!] = Math.min(firsts[itemAt[at]!]!, timeAt[at]!);
    newest = Math.max(newest, timeAt[at]!);
  }
  return {
    'log-count': counts.map((count) => Math.log1p(count)),
    'log-age': Float32Array.from(firsts, (first) => (first > newest ? 0 : Math.log1p((newest - first) / 86_400_000))),
  };
}

/** Fitted sources by name, but for those that are only judged, then the facts. */
export function createFeatures(fitted: Fitted, histories: Histories): Features {
  const { items } = histories;
  const facts = itemFacts(histories);
  const blended = new Map([...fitted].filter(([name]) => !isJudgedOnly(name)));
  const names = [...blended.keys(), ...Object.keys(facts)];
  const rows = names.map(() => new Float32Array(items));
  return {
    names,
    async prepare(history) {
      for (const ranker of blended.values()) await ranker.prepare?.(history);
    },
    of(history) {
      [...blended.values()].forEach((ranker, f) => {
        ranker.score(history, rows[f]!);
      });
      for (const [f, fact] of Object.values(facts).entries()) rows[blended.size + f]!.set(fact);
      for (const row of rows) standardise(row, history.items);
      return rows;
    },
  };
}
