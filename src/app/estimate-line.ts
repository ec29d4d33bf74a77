import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Asked, planRequest, varied, type Wishes } from '../api/answer-search.js';
import type { Attributes } from '../catalogue/catalogue.js';
import { eventWeights } from '../config.js';
import { Random } from '../core/random.js';
import { AppError } from '../errors.js';
import { rowProducts } from '../evaluation/row-products.js';
import type { LiveIndex } from '../indexing/live-index.js';
import { openLiveBehaviours } from '../recommend/behaviour/live-behaviour.js';
import { type LoggedAnswer, loggedAnswers, type Success } from '../recommend/experiments/logged-answers.js';
import { type OffPolicyEstimate, offPolicy, type Weighed } from '../recommend/experiments/off-policy.js';
import { replayBehaviour } from '../recommend/experiments/replay-behaviour.js';
import { createPlanner } from '../recommend/plan.js';
import { openRuleBook } from '../recommend/rule-book.js';
import type { KindWeights } from '../recommend/strategy.js';
import type { Environment } from './environment.js';
import type { Watched } from './index-line.js';
import { openLive } from './open-live.js';
import type { Serving } from './serving.js';
import type { Stores } from './stores.js';
import { whenLoaded } from './when-loaded.js';

export interface Estimated extends OffPolicyEstimate {
  /** Answers that were planned again. */
  readonly answers: number;
  /** Answers that could not be: what they were asked for was not kept, or is gone. */
  readonly skipped: number;
}

export interface Estimating {
  readonly collection: string;
  /** What the other way says of each request: the fields that a variant of an experiment may have. */
  readonly wishes: Attributes;
  readonly success: Success;
  /** Weights beyond this are cut off in `clipped`. */
  readonly clip: number;
  readonly work: Watched;
}

const PAGE = 5_000;
const SEED = 1;

/** The same for a process that serves nobody: it opens the indexes and the rules, and closes them. Throws what that throws. */
export async function estimateApart(environment: Environment, stores: Stores, asked: Estimating): Promise<Estimated> {
  const live = openLive(environment, stores);
  const rules = openRuleBook({ catalogue: stores.catalogue, log: environment.log });
  try {
    await whenLoaded(environment, { live }, asked.collection);
    return await estimateWorth(environment, stores, { live, rules }, asked);
  } finally {
    rules.close();
    await live.close();
  }
}

/**
 * events -> answers that were given -> each planned again, the other way, as the world was then -> weights -> what the other
 * way is worth. Items, rules and the index are those of today; what people had done is that of the moment, so that nothing
 * that came of an answer has a say in it. Holds all events in memory.
 * Throws COLLECTION_NOT_FOUND, NOT_READY, CANCELLED, and IMPRESSIONS_MISSING where nothing can be weighed.
 */
export async function estimateWorth(
  environment: Environment,
  stores: Stores,
  serving: Pick<Serving, 'live' | 'rules'>,
  { collection, wishes, success, clip, work }: Estimating,
): Promise<Estimated> {
  const index = await serving.live.get(collection);
  const events = await readAll(stores, collection);
  const answers = loggedAnswers(events, success);
  const replay = replayBehaviour(events);
  const learnt = openLiveBehaviours({
    folder: stores.behaviourFolder,
    log: environment.log,
    products: (a, b) => rowProducts(a, b, 1), // one thread: a server may run beside it
  });
  let time = 0;
  const plan = createPlanner({
    live: async () => index,
    behaviour: replay.behaviour,
    weights: eventWeights(environment.config.KINDRED_EVENT_WEIGHTS) as KindWeights, // its schema fills up every kind
    learnt: (of) => learnt.of(of),
    rules: (of) => serving.rules.of(of),
    now: () => time,
  });
  const laterItems = laterThan(index);

  const weighed: Weighed[] = [];
  let [skipped, learntUsed] = [0, false];
  for (const [done, answer] of answers.entries()) {
    await nextTurn(); // planning from memory never waits for anything: a cancel is heard here
    if (work.signal.aborted) throw new AppError('CANCELLED', { what: 'The estimate' });
    work.progress({ stage: 'planning again', done, total: answers.length, unit: 'answers' });
    time = answer.time;
    replay.goTo(time);
    try {
      const { chanceOf, strategy } = await plan(collection, requestOf(answer, { wishes, later: laterItems(time) }));
      learntUsed ||= strategy === 'blend';
      for (const { itemId, position, propensity, success: won } of answer.hits) {
        const chance = chanceOf?.(itemId, position);
        if (chance === undefined) continue;
        weighed.push({ who: JSON.stringify(answer.who), weight: chance / propensity, success: won });
      }
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      skipped += 1;
    }
  }
  if (weighed.length === 0) throw new AppError('IMPRESSIONS_MISSING', { collection });
  const estimate = offPolicy(weighed, { clip, random: new Random(SEED).fork('estimate') });
  const warnings = learntUsed
    ? ['The behaviour model of today was fitted to what came after these impressions too: it is flattered.']
    : [];
  return { ...estimate, warnings: [...estimate.warnings, ...warnings], answers: answers.length - skipped, skipped };
}

async function readAll({ catalogue }: Stores, collection: string) {
  const events = [];
  for (let after = 0; ; ) {
    const page = await catalogue.events.since(collection, { after, limit: PAGE });
    events.push(...page);
    const last = page.at(-1);
    if (!last) return events;
    after = last.place;
  }
}

/** Ids of the items that were not there yet. */
function laterThan(index: LiveIndex): (time: number) => readonly string[] {
  const items = [...index.items()].sort((a, b) => b.createdAt - a.createdAt);
  return (time) => {
    const first = items.findIndex(({ createdAt }) => createdAt <= time);
    return (first < 0 ? items : items.slice(0, first)).map(({ itemId }) => itemId);
  };
}

/** The request of an answer, the other way. Throws REQUEST_INVALID where it was too long to keep, or had more than items. */
function requestOf(
  { who, request, hits }: LoggedAnswer,
  { wishes, later }: { readonly wishes: Attributes; readonly later: readonly string[] },
) {
  const { examples = [], exclude = [], tooLong, ...rest } = request as Partial<Asked> & { tooLong?: true };
  const items = examples.flatMap((example) =>
    'itemId' in example && example.itemId !== undefined && example.region === undefined
      ? [{ kind: 'item' as const, itemId: example.itemId, weight: example.weight }]
      : [],
  );
  if (tooLong || items.length < examples.length)
    throw new AppError('REQUEST_INVALID', { why: 'What this answer was asked for was not kept.' });
  const k = Math.max(...hits.map(({ position }) => position));
  const asked = varied({ includeSeen: false, ...rest, exclude: [...exclude, ...later], k }, wishes as Wishes);
  // A seed, since chances are asked for, not draws.
  return { ...planRequest({ ...asked, examples: [], scored: true }, items, 0), who, seed: 'chances', chances: true };
}
