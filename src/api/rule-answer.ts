import type { Rule } from '../catalogue/catalogue.js';
import { isoTime } from './iso-time.js';

const timeOrNull = (time: number | null): string | null => (time === null ? null : isoTime(time));

/** A rule as answers show it. */
export function ruleAnswer(rule: Rule): Record<string, unknown> {
  const { ruleId, action, name, itemId, filter, position, by, from, until, createdAt, updatedAt } = rule;
  return {
    ...{ ruleId, action, name, itemId, filter, position, by },
    from: timeOrNull(from),
    until: timeOrNull(until),
    createdAt: isoTime(createdAt),
    updatedAt: isoTime(updatedAt),
  };
}
