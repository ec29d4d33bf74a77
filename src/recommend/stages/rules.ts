import type { Situation } from '../strategy.js';
import type { Scored } from './score.js';

/** The third stage: what may be shown. Strategies leave the rest out themselves, so as not to run short; here it is certain. */
export function rules({ index, hidden, passes }: Situation, scored: readonly Scored[]): readonly Scored[] {
  return scored.filter(({ itemId }) => {
    const item = index.item(itemId);
    return item !== undefined && !hidden.has(itemId) && (!passes || passes(item));
  });
}
