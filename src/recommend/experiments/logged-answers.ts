import type { Attributes, EventKind, StoredEvent } from '../../catalogue/catalogue.js';
import type { Somebody } from './variant-of.js';

/** One place of an answer that was given, and what came of it. */
export interface LoggedHit {
  readonly itemId: string;
  /** From 1. */
  readonly position: number;
  readonly propensity: number;
  readonly success: boolean;
}

export interface LoggedAnswer {
  readonly who: Somebody;
  /** Epoch milliseconds. */
  readonly time: number;
  /** What was asked for; empty where that was not kept. */
  readonly request: Attributes;
  readonly hits: readonly LoggedHit[];
}

export interface Success {
  readonly kinds: readonly EventKind[];
  readonly windowMs: number;
}

const whoOf = ({ userId, sessionId }: StoredEvent): Somebody | undefined =>
  userId !== undefined ? { userId } : sessionId !== undefined ? { sessionId } : undefined;

/**
 * The answers that a log of events holds, in order of time: impressions whose person, place and probability are known. A
 * success is an event of the same person on the item within the window after it.
 */
export function loggedAnswers(events: readonly StoredEvent[], { kinds, windowMs }: Success): LoggedAnswer[] {
  const acts = new Map<string, number[]>();
  const keyOf = (who: Somebody, itemId: string) => JSON.stringify([who, itemId]);
  for (const event of events) {
    if (!kinds.includes(event.kind)) continue;
    const { userId, sessionId, itemId, time } = event;
    const names: Somebody[] = [
      ...(userId === undefined ? [] : [{ userId }]),
      ...(sessionId === undefined ? [] : [{ sessionId }]),
    ];
    for (const who of names) acts.set(keyOf(who, itemId), [...(acts.get(keyOf(who, itemId)) ?? []), time]);
  }
  const answers = new Map<string, { who: Somebody; time: number; request: Attributes; hits: LoggedHit[] }>();
  for (const event of events) {
    const { itemId, time, shown } = event;
    const who = whoOf(event);
    if (event.kind !== 'impression' || !who || shown?.propensity === undefined || shown.position === undefined)
      continue;
    const key = JSON.stringify([who, shown.requestId ?? null, time]);
    const answer = answers.get(key) ?? { who, time, request: {}, hits: [] };
    const success = acts.get(keyOf(who, itemId))?.some((act) => act >= time && act <= time + windowMs) ?? false;
    answer.hits.push({ itemId, position: shown.position, propensity: shown.propensity, success });
    if (shown.request) answer.request = shown.request;
    answers.set(key, answer);
  }
  return [...answers.values()].sort((a, b) => a.time - b.time);
}
