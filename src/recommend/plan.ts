import type { LiveIndex } from '../indexing/live-index.js';
import { chooseStrategy } from './choose-strategy.js';
import { likenessOf } from './likeness.js';
import type { Behaviour, Plan, Planner } from './planner.js';
import type { RuleBook } from './rule-book.js';
import { situate } from './situate.js';
import { type Arranging, arrange } from './stages/arrange.js';
import { candidates } from './stages/candidates.js';
import { capLimit, groupLimit } from './stages/quota.js';
import { type Line, rules } from './stages/rules.js';
import { show } from './stages/show.js';
import type { KindWeights, Situation } from './strategy.js';

/** What an event of each kind says, where nothing else is set. */
export const KIND_WEIGHTS: KindWeights = {
  view: 1,
  click: 2,
  like: 3,
  cart: 4,
  purchase: 5,
  dislike: -4,
  impression: 0,
};
/** How often a request is planned again because the index was switched beneath it. */
const MOST_SWITCHES = 3;
/** A pool that turned out too small is asked for again, this many times as large. */
const POOL_GROWTH = 4;
/** Candidates compared for each place where more than their scores decides: what is shown then is chosen of these. */
const LOOKAHEAD = 200;

export interface PlannerPorts {
  /** The live index of a collection. Throws COLLECTION_NOT_FOUND and NOT_READY. */
  readonly live: (collection: string) => Promise<LiveIndex>;
  readonly behaviour: Behaviour;
  readonly weights?: KindWeights;
  /** The rules of a collection; none where this is left out. */
  readonly rules?: RuleBook['of'];
  /** Epoch milliseconds, for rules that hold for a time. */
  readonly now?: () => number;
}

/** A planner over its ports. Each request sees one index; where a release is switched on the way, it is planned again. */
export function createPlanner(ports: PlannerPorts): Planner {
  return async (collection, request) => {
    const { live, behaviour, weights = KIND_WEIGHTS, rules: rulesOf = async () => [], now = () => 0 } = ports;
    const chosen = chooseStrategy(request);
    for (let attempt = 1; ; attempt++) {
      const index = await live(collection);
      const { indexId, modelId, releaseId } = index;
      const switched = () => index.releaseId !== releaseId || index.indexId !== indexId;
      try {
        const situation = await situate({
          collection,
          request,
          index,
          behaviour,
          weights,
          rules: await rulesOf(collection),
          now: now(),
        });
        const answer = await plan(situation, chosen);
        if (!switched() || attempt === MOST_SWITCHES) return { ...answer, indexId, modelId };
      } catch (cause) {
        if (!switched() || attempt === MOST_SWITCHES) throw cause;
      }
    }
  };
}

/**
 * candidates → score → rules → arrange: what there is, how good it is, what may be shown, what is shown. The pool holds
 * what was wanted so far, one more, which tells whether there is another page, and, where more than scores decides, as
 * many again as have a say in the last place; it grows where that was not enough.
 */
async function plan(situation: Situation, chosen: string): Promise<Pick<Plan, 'hits' | 'more' | 'strategy'>> {
  const { offset, k } = situation.request;
  const wanted = offset + k + 1;
  for (let count = wanted + lookahead(situation) - 1; ; count *= POOL_GROWTH) {
    const pool = await candidates(situation, chosen, count);
    const ruled = rules(situation, pool);
    const { shown, short } = arrange(ruled.line, { ...(await arranging(situation, ruled)), wanted });
    if (short) continue;
    return {
      hits: await Promise.all(shown.slice(offset, offset + k).map((hit, i) => show(situation, hit, offset + i + 1))),
      more: shown.length > offset + k,
      strategy: pool.strategy,
    };
  }
}

/** How many candidates have a say in each place. */
const lookahead = ({ request, boosts, buries }: Situation): number =>
  (request.diversity ?? 0) > 0 || boosts.length + buries.length > 0 ? LOOKAHEAD : 1;

/** What a request says of the arrangement. */
async function arranging(situation: Situation, { line, pins, exhausted }: Line): Promise<Omit<Arranging, 'wanted'>> {
  const { index, request } = situation;
  const { groupBy, caps = [], diversity = 0 } = request;
  return {
    attributesOf: (itemId) => index.item(itemId)?.attributes ?? {},
    ...(groupBy === undefined ? {} : { group: groupLimit(groupBy) }),
    caps: caps.map(capLimit),
    pins,
    exhausted,
    lookahead: lookahead(situation),
    diversity,
    likeness: await likenessOf(index, diversity > 0 ? [...pins.values(), ...line].map(({ itemId }) => itemId) : []),
  };
}
