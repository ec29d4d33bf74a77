import type { EventKind } from '../catalogue/catalogue.js';
import type { LiveIndex, LiveItem } from '../indexing/live-index.js';
import type { Behaviour, PlanRequest } from './planner.js';
import type { ReadyRule } from './rule-book.js';

/** How much one event of each kind says. A dislike pushes away; having been shown something says nothing. */
export type KindWeights = Readonly<Record<EventKind, number>>;

/** One request and all that its strategies may ask. */
export interface Situation {
  readonly collection: string;
  readonly request: PlanRequest;
  readonly index: LiveIndex;
  readonly behaviour: Behaviour;
  readonly weights: KindWeights;
  /** What must not be shown whatever it scores: examples, the context item, `exclude`, what was seen. */
  readonly hidden: ReadonlySet<string>;
  /** Rules that hold now, by what they do; those of hiding are in `hidden` and `passes`. */
  readonly pins: readonly ReadyRule[];
  readonly boosts: readonly ReadyRule[];
  readonly buries: readonly ReadyRule[];
  /** The request's filter and what is hidden by filter; undefined where every item passes. */
  readonly passes?: (item: LiveItem) => boolean;
}

/** One item that a strategy proposes. */
export interface Candidate {
  readonly itemId: string;
  /** Higher is better: a cosine in [−1, 1] from tastes and examples, a share in (0, 1] from counts and dates. */
  readonly score: number;
  readonly similarity?: number;
  /** Why, for `explain`; only called for hits that are shown. */
  readonly because: () => Promise<Readonly<Record<string, unknown>>>;
}

/** A source of candidates. Adding one: its file, its test, and its line in STRATEGIES. */
export interface Strategy {
  /** What the request must name for this strategy to be asked for. */
  readonly needs?: 'userId' | 'sessionId' | 'examples';
  /** Who answers, in order, where this one knows nothing. */
  readonly fallbacks: readonly string[];
  /** Whether the fallbacks also fill up a list that ran out, or a short answer is the true one. */
  readonly fillsUp: boolean;
  /**
   * The best `count` candidates that pass and are not hidden, best first, ties by id in byte order; fewer only where
   * there are no more, and equal answers to equal questions, so that page 2 continues page 1. Null where it knows
   * nothing of whoever asks.
   */
  candidates(situation: Situation, count: number): Promise<readonly Candidate[] | null>;
}
