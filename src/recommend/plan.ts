import { AppError } from '../errors.js';
import type { LiveIndex } from '../indexing/live-index.js';
import { compileFilter } from './compile-filter.js';
import { STRATEGIES } from './index.js';
import type { Behaviour, Hit, Plan, Planner, PlanRequest } from './planner.js';
import type { Candidate, KindWeights, Situation, Strategy } from './strategy.js';

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
/** Each fallback stands this far below the one before: more than any two scores of one strategy lie apart. */
const STEP_DOWN = 2;

/** One strategy's candidates, best first. */
interface Proposal {
  readonly strategy: string;
  readonly candidates: readonly Candidate[];
}
type Scored = Candidate & { readonly strategy: string };

export interface PlannerPorts {
  /** The live index of a collection. Throws COLLECTION_NOT_FOUND and NOT_READY. */
  readonly live: (collection: string) => Promise<LiveIndex>;
  readonly behaviour: Behaviour;
  readonly weights?: KindWeights;
}

/** A planner over its ports. Each request sees one index; where a release is switched on the way, it is planned again. */
export function createPlanner({ live, behaviour, weights = KIND_WEIGHTS }: PlannerPorts): Planner {
  return async (collection, request) => {
    const chosen = choose(request);
    for (let attempt = 1; ; attempt++) {
      const index = await live(collection);
      const { indexId, modelId, releaseId } = index;
      const switched = () => index.releaseId !== releaseId || index.indexId !== indexId;
      try {
        const situation = await situate({ collection, request, index, behaviour, weights });
        const answer = await plan(situation, chosen);
        if (!switched() || attempt === MOST_SWITCHES) return { ...answer, indexId, modelId };
      } catch (cause) {
        if (!switched() || attempt === MOST_SWITCHES) throw cause;
      }
    }
  };
}

/** candidates → score → rules → arrange: what there is, how good it is, what may be shown, what is shown. */
async function plan(situation: Situation, chosen: string): Promise<Pick<Plan, 'hits' | 'more' | 'strategy'>> {
  const { offset, k } = situation.request;

  const proposals = await propose(situation, chosen, offset + k + 1);
  const scored = score(proposals);
  const allowed = rules(situation, scored);
  const { page, more } = arrange(situation, allowed);

  const strategy = proposals.find((proposal) => proposal.candidates.length > 0) ?? proposals[0];
  return {
    hits: await Promise.all(page.map((hit) => show(situation, hit))),
    more,
    strategy: strategy?.strategy ?? chosen,
  };
}

/** The strategy a request names, or that fits what it says of whoever asks. Throws REQUEST_INVALID. */
function choose({ strategy, who, examples, context }: PlanRequest): string {
  const given = {
    examples: examples.length > 0 || context !== undefined,
    userId: who !== undefined && 'userId' in who,
    sessionId: who !== undefined && 'sessionId' in who,
  };
  if (strategy === undefined) {
    if (examples.length > 0) return 'similar';
    if (who) return given.userId ? 'user' : 'session';
    return given.examples ? 'similar' : 'popular';
  }
  const refuse = (message: string) =>
    new AppError('REQUEST_INVALID', { why: message }, { issues: [{ path: 'strategy', message }] });
  if (!Object.hasOwn(STRATEGIES, strategy))
    throw refuse(`There is no strategy "${strategy}"; there are ${Object.keys(STRATEGIES).join(', ')}.`);
  const needs = STRATEGIES[strategy]?.needs;
  const words = { examples: 'examples or a context item', userId: 'a user', sessionId: 'a session' };
  if (needs && !given[needs]) throw refuse(`The strategy "${strategy}" needs ${words[needs]} in the request.`);
  return strategy;
}

/** Looks up what the stages need to know: what must stay hidden, and what passes the filter. */
async function situate(ports: Omit<Situation, 'hidden' | 'passes'>): Promise<Situation> {
  const { request, behaviour, collection, index } = ports;
  const { who, includeSeen, examples, context, exclude, filter } = request;
  if (context !== undefined && !index.item(context)) throw new AppError('ITEM_NOT_FOUND', { itemId: context });

  const hidden = new Set(exclude);
  for (const example of examples) if (example.kind === 'item') hidden.add(example.itemId);
  if (context !== undefined) hidden.add(context);
  if (who && !includeSeen) for (const itemId of await behaviour.seenBy(collection, who)) hidden.add(itemId);

  if (filter === undefined) return { ...ports, hidden };
  const holds = compileFilter(filter);
  return { ...ports, hidden, passes: ({ attributes }) => holds(attributes) };
}

/** Asks the strategy and, where it knows nothing or runs out, its fallbacks, until there are enough. */
async function propose(situation: Situation, chosen: string, count: number): Promise<readonly Proposal[]> {
  const first = STRATEGIES[chosen] as Strategy;
  const proposals: Proposal[] = [];
  const hidden = new Set(situation.hidden);
  let missing = count;
  const fills = first.fillsUp && situation.request.minSimilarity === undefined;
  for (const name of [chosen, ...first.fallbacks]) {
    if (missing <= 0 || (proposals.length > 0 && !fills)) break;
    const found = await STRATEGIES[name]?.candidates({ ...situation, hidden }, missing);
    if (!found) continue;
    proposals.push({ strategy: name, candidates: found });
    for (const { itemId } of found) hidden.add(itemId);
    missing -= found.length;
  }
  return proposals;
}

/** One scale for all: each further proposal stands below the one it fills up. */
function score(proposals: readonly Proposal[]): readonly Scored[] {
  const speaking = proposals.filter((proposal) => proposal.candidates.length > 0);
  return speaking.flatMap(({ strategy, candidates: found }, step) =>
    found.map((candidate) => ({ ...candidate, strategy, score: candidate.score - STEP_DOWN * step })),
  );
}

/** What may be shown. Strategies leave these out themselves, so as not to run short; here it is made certain. */
function rules({ index, hidden, passes }: Situation, scored: readonly Scored[]): readonly Scored[] {
  return scored.filter(({ itemId }) => {
    const item = index.item(itemId);
    return item !== undefined && !hidden.has(itemId) && (!passes || passes(item));
  });
}

/** The page that was asked for, and whether there is another. */
function arrange({ request: { offset, k } }: Situation, allowed: readonly Scored[]) {
  return { page: allowed.slice(offset, offset + k), more: allowed.length > offset + k };
}

async function show({ index, request }: Situation, hit: Scored): Promise<Hit> {
  const item = index.item(hit.itemId);
  const similarityDecides = hit.strategy === 'similar' && !request.scored;
  return {
    itemId: hit.itemId,
    ...(hit.similarity === undefined ? {} : { similarity: hit.similarity }),
    ...(similarityDecides ? {} : { score: hit.score }),
    attributes: item?.attributes ?? {},
    hasPicture: item?.hasPicture ?? false,
    ...(request.explain ? { explain: { strategy: hit.strategy, ...(await hit.because()) } } : {}),
  };
}
