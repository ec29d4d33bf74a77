import type { Fitted } from './fit-sources.js';
import type { History } from './histories.js';
import type { Ranker } from './source.js';
import { SOURCES } from './sources/index.js';
import { standardise } from './standardise.js';

/**
 * The default until there is evidence for anything else: each source's scores standardised over the items of the request
 * and added, without weights. Where none of them knows anything (no history, or only items that nobody else touched),
 * what is popular.
 */
export function plainSum(fitted: Fitted, items: number): Ranker {
  const summed = [...fitted].filter(([name]) => SOURCES[name].inPlainSum).map(([, ranker]) => ranker);
  const scores = new Float32Array(items);
  return {
    score(history: History, into: Float32Array) {
      into.fill(0);
      let known = false;
      for (const ranker of summed) {
        ranker.score(history, scores);
        standardise(scores, history.items);
        for (let i = 0; i < items; i++) {
          into[i]! += scores[i]!;
          known ||= scores[i] !== 0;
        }
      }
      if (!known) fitted.get('popularity')?.score(history, into);
    },
  };
}
