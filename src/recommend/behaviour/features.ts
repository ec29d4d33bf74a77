import type { Fitted } from './fit-sources.js';
import type { Histories, History } from './histories.js';
import { skippedOf, standardise } from './standardise.js';

/** What a learnt blend weighs: the z-scores of every source, and two facts about an item. */
export interface Features {
  readonly names: readonly string[];
  /** One row a feature, each [items], standardised over what the history leaves; the rows are used again. */
  of(history: History): readonly Float32Array[];
}

/** Fitted sources by name, then the logarithms of 1 + an item's events, and of 1 + the days since its first. */
export function createFeatures(fitted: Fitted, { items, itemAt, timeAt }: Histories): Features {
  const counts = new Float32Array(items);
  const firsts = new Float64Array(items).fill(Number.POSITIVE_INFINITY);
  let newest = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < itemAt.length; at++) {
    counts[itemAt[at]!]!++;
    firsts[itemAt[at]!] = Math.min(firsts[itemAt[at]!]!, timeAt[at]!);
    newest = Math.max(newest, timeAt[at]!);
  }
  const logCounts = counts.map((count) => Math.log1p(count));
  const ages = Float32Array.from(firsts, (first) => (first > newest ? 0 : Math.log1p((newest - first) / 86_400_000)));
  const names = [...fitted.keys(), 'log-count', 'log-age'];
  const rows = names.map(() => new Float32Array(items));
  return {
    names,
    of(history) {
      const skipped = skippedOf(history, items);
      [...fitted.values()].forEach((ranker, f) => {
        ranker.score(history, rows[f]!);
      });
      rows.at(-2)!.set(logCounts);
      rows.at(-1)!.set(ages);
      for (const row of rows) standardise(row, skipped);
      return rows;
    },
  };
}
