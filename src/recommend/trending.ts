import { byteOrder } from '../core/vectors.js';
import type { BehaviourModel } from './behaviour/behaviour-model.js';
import type { Candidate, Strategy } from './strategy.js';

/** An item with more interest of late than it always had: by how many standard deviations, above 0. */
interface Rising {
  readonly itemId: string;
  readonly burst: number;
}

/**
 * What has more interest of late than it always had, most first, as the behaviour model of the release saw it when it was
 * learnt. Null where there is no model, one that was learnt before models knew it, or nothing rises. The score is the
 * share of the largest burst.
 */
export const trending: Strategy = {
  fallbacks: ['popular', 'recent'],
  fillsUp: true,
  async candidates({ learnt, index, hidden, passes }, count) {
    const rising = learnt ? risingOf(learnt.model) : [];
    const most = rising[0]?.burst;
    if (most === undefined) return null;
    const found: Candidate[] = [];
    for (const { itemId, burst } of rising) {
      if (found.length === count) break;
      const item = index.item(itemId);
      if (!item || hidden.has(itemId) || (passes && !passes(item))) continue;
      found.push({ itemId, score: burst / most, because: async () => ({ burst }) });
    }
    return found;
  },
};

const known = new WeakMap<BehaviourModel, readonly Rising[]>();

function risingOf(model: BehaviourModel): readonly Rising[] {
  const before = known.get(model);
  if (before) return before;
  const bursts = new Float32Array(model.itemIds.length);
  model.trending?.score({ items: new Uint32Array(0), weights: new Float32Array(0) }, bursts);
  const rising = model.itemIds
    .map((itemId, number) => ({ itemId, burst: bursts[number]! }))
    .filter(({ burst }) => burst > 0)
    .sort((a, b) => b.burst - a.burst || byteOrder(a.itemId, b.itemId));
  known.set(model, rising);
  return rising;
}
