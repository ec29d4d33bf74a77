import { AppError } from '../errors.js';
import { similarityAt } from '../indexing/calibration.js';
import type { LiveIndex } from '../indexing/live-index.js';
import type { LiveBehaviours } from './behaviour/live-behaviour.js';
import { chooseStrategy } from './choose-strategy.js';
import { copiesAmong } from './copies.js';
import { type EvidenceByHour, evidenceByHour } from './evidence-by-hour.js';
import { explorationPool } from './exploration-pool.js';
import { STRATEGIES } from './index.js';
import { likenessOf } from './likeness.js';
import { whyNoMatch } from './no-match.js';
import { rememberPerEvents } from './per-events.js';
import type { Basis, Behaviour, Plan, Planner, PlanRequest } from './planner.js';
import type { RuleBook } from './rule-book.js';
import { situate } from './situate.js';
import { type Arranging, arrange } from './stages/arrange.js';
import { candidates } from './stages/candidates.js';
import { type Exploration, explore } from './stages/explore.js';
import { capLimit, groupLimit } from './stages/quota.js';
import { type Line, rules } from './stages/rules.js';
import { show } from './stages/show.js';
import type { KindWeights, Situation } from './strategy.js';
import { EVENTS_READ, spokenKinds } from './taste.js';

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
  /** What the release of an index has learnt from events; nothing where this is left out. */
  readonly learnt?: LiveBehaviours['of'];
  readonly weights?: KindWeights;
  /** The rules of a collection; none where this is left out. */
  readonly rules?: RuleBook['of'];
  /** Epoch milliseconds, for rules that hold for a time. */
  readonly now?: () => number;
}

/** A planner over its ports. Each request sees one index; where a release is switched on the way, it is planned again. */
export function createPlanner(ports: PlannerPorts): Planner {
  const evidence = evidenceByHour(ports.behaviour);
  const holdPlan = holdPlans();
  return async (collection, request) => {
    const { live, behaviour, weights = KIND_WEIGHTS, rules: rulesOf = async () => [], now = () => 0 } = ports;
    const { learnt = async () => null } = ports;
    for (let attempt = 1; ; attempt++) {
      const index = await live(collection);
      const { indexId, modelId, releaseId } = index;
      const switched = () => index.releaseId !== releaseId || index.indexId !== indexId;
      try {
        const chosen = chooseStrategy(request, index.behaviourId !== null);
        const known = { collection, index, behaviour, learnt: await learnt(index), rules: await rulesOf(collection) };
        const held = await holdPlan({ ...known, weights }, request, chosen);
        if (held?.plan?.indexId === indexId && held.plan.modelId === modelId) return held.plan;
        const asked = withFloor(request, index);
        const situation = await situate({ ...known, request: asked, weights, now: now() });
        const { answer, settled } = await plan(situation, chosen, { evidence, now: now() });
        const made: Plan = { ...answer, indexId, modelId };
        if (held && settled && !switched()) {
          held.plan = { ...made, settled };
          return held.plan;
        }
        if (!switched() || attempt === MOST_SWITCHES) return made;
      } catch (cause) {
        if (!switched() || attempt === MOST_SWITCHES) throw cause;
      }
    }
  };
}

/**
 * A place for the plan of one person's question, empty or filled: the same for as long as their events, the index, what
 * was learnt and the question are. None where anything else has a say, as rules, examples and chance have.
 */
function holdPlans() {
  const remembered = rememberPerEvents<{ plan?: Plan }>();
  return async (
    known: Pick<Situation, 'collection' | 'index' | 'behaviour' | 'learnt' | 'weights'> & {
      readonly rules: readonly unknown[];
    },
    request: PlanRequest,
    chosen: string,
  ): Promise<{ plan?: Plan } | undefined> => {
    const { collection, index, behaviour, learnt, weights, rules: told } = known;
    const { who, ...question } = request;
    const examples = request.examples.length > 0 || request.context !== undefined;
    const chance = request.explore !== undefined || request.chances === true;
    if (!who || examples || chance || request.explain || told.length > 0) return undefined;
    if (basisOf(chosen) !== 'person') return undefined;
    const events = await behaviour.of(collection, who, EVENTS_READ, spokenKinds(weights));
    const of = [index, index.version, learnt, learnt?.newcomers.version, weights, JSON.stringify(question)];
    return remembered(events, of, () => ({}));
  };
}

/**
 * candidates → score → rules → arrange → explore: what there is, how good it is, what may be shown, what is shown, and
 * what is tried out in its stead. The pool holds what was wanted so far, one more, which tells whether there is another
 * page, and, where more than scores decides, as many again as have a say in the last place; it grows where that was not
 * enough. The answer is settled where nobody but the chosen strategy had a part in it.
 */
async function plan(
  situation: Situation,
  chosen: string,
  ports: { readonly evidence: EvidenceByHour; readonly now: number },
): Promise<{ answer: Omit<Plan, 'indexId' | 'modelId'>; settled: boolean }> {
  const { offset, k, explore: wish } = situation.request;
  const wanted = Math.max(offset + k + 1, wish?.places ?? 0);
  for (let count = wanted + lookahead(situation) - 1; ; count *= POOL_GROWTH) {
    const pool = await candidates(situation, chosen, count);
    const ruled = rules(situation, pool);
    const how = await arranging(situation, ruled);
    const { shown: arranged, short } = arrange(ruled.line, { ...how, wanted });
    if (short) continue;
    const pooled = await explorationPool(situation, arranged, { arranging: how, ...ports });
    const { shown, chanceOf } = pooled ? explore(arranged, pooled) : certain(arranged, wanted);
    const hits = await Promise.all(
      shown.slice(offset, offset + k).map((hit, i) => show(situation, hit, offset + i + 1)),
    );
    const noMatch = hits.length === 0 && offset === 0 ? await whyNoMatch(situation, chosen) : undefined;
    const answer = {
      hits,
      more: shown.length > offset + k,
      strategy: pool.strategy,
      basis: noMatch?.code === 'NOTHING_KNOWN' ? 'nothing' : basisOf(pool.strategy),
      ...(noMatch ? { noMatch } : {}),
      ...(situation.request.chances ? { chanceOf } : {}),
    };
    // What fills up goes by others' events too.
    const settled = hits.length > 0 && pool.strategy === chosen && pool.proposed.every(({ step }) => step === 0);
    return { answer, settled };
  }
}

/** Without exploring there is no chance in it: one item a place. What stands beyond those that were looked for is open. */
const certain = (shown: Exploration['shown'], wanted: number): Exploration => ({
  shown,
  chanceOf: (itemId, place) =>
    place > shown.length ? (shown.length < wanted ? 0 : undefined) : Number(shown[place - 1]?.itemId === itemId),
});

function basisOf(strategy: string): Basis {
  const needs = STRATEGIES[strategy]?.needs;
  return needs === undefined ? 'everybody' : needs === 'examples' ? 'examples' : 'person';
}

/** A request whose least confidence is a least similarity. Throws NOT_CALIBRATED. */
function withFloor(request: PlanRequest, { collection, calibration }: LiveIndex): PlanRequest {
  const { minConfidence, minSimilarity = -1 } = request;
  if (minConfidence === undefined) return request;
  if (!calibration)
    throw new AppError('NOT_CALIBRATED', { collection, why: 'its index was built without pictures to measure it by' });
  return { ...request, minSimilarity: Math.max(minSimilarity, similarityAt(calibration, minConfidence)) };
}

/** How many candidates have a say in each place. */
const lookahead = ({ request, boosts, buries }: Situation): number =>
  (request.diversity ?? 0) > 0 || request.duplicates === 'collapse' || boosts.length + buries.length > 0
    ? LOOKAHEAD
    : 1;

/** What a request says of the arrangement. */
async function arranging(situation: Situation, { line, pins, exhausted }: Line): Promise<Omit<Arranging, 'wanted'>> {
  const { index, request } = situation;
  const { groupBy, caps = [], diversity = 0, diversityBy = 'marginal' } = request;
  const itemIds = [...pins.values(), ...line].map(({ itemId }) => itemId);
  return {
    attributesOf: (itemId) => index.item(itemId)?.attributes ?? {},
    ...(groupBy === undefined ? {} : { group: groupLimit(groupBy) }),
    caps: caps.map(capLimit),
    pins,
    exhausted,
    lookahead: lookahead(situation),
    diversity,
    diversityBy,
    likeness: await likenessOf(index, diversity > 0 ? itemIds : []),
    ...(request.duplicates === 'collapse' ? { copies: await copiesAmong(index, itemIds) } : {}),
  };
}
