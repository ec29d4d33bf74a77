import type { Attributes, NewEvent, Shown } from '../catalogue/catalogue.js';
import type { Part } from '../recommend/experiments/experiment-book.js';
import type { RecommendRequest } from './contract/search-schemas.js';
import type { HitAnswer } from './hits.js';

/** Longest request that is kept with what it was answered with, in characters of JSON. */
const MOST_KEPT = 4_096;

export interface Showing {
  readonly who: { readonly userId: string } | { readonly sessionId: string } | undefined;
  readonly part: Part | null;
  /** How many hits stand on earlier pages. */
  readonly offset: number;
  readonly asked: RecommendRequest;
  /** Whether chance had a hand in it; else every hit was certain. */
  readonly explores: boolean;
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly time: number;
}

/** What an answer shows, as events to keep. */
export function impressions(hits: readonly HitAnswer[], showing: Showing): NewEvent[] {
  const { who = {}, part, offset, asked, explores, requestId, time } = showing;
  const request = kept(asked);
  return hits.map(({ itemId, propensity }, i): NewEvent => {
    const chance = explores ? propensity : 1;
    const shown: Shown = {
      ...(chance === undefined ? {} : { propensity: chance }),
      position: offset + i + 1,
      requestId,
      ...(part ? { experiment: part.experiment, variant: part.variant.name } : {}),
      // Once an answer: it is the same for all its hits.
      ...(i === 0 ? { request } : {}),
    };
    return { ...who, itemId, kind: 'impression', time, shown };
  });
}

/** What was asked for beside whom it is for and how much of it; pictures and vectors are too long to keep. */
function kept(asked: RecommendRequest): Attributes {
  const { user: _user, session: _session, k: _k, cursor: _cursor, log: _log, explain: _explain, ...rest } = asked;
  const whole = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  // It came as JSON, so it is JSON.
  return JSON.stringify(whole).length <= MOST_KEPT ? (whole as Attributes) : { tooLong: true };
}
