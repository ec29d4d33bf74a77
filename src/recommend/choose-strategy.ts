import { AppError } from '../errors.js';
import { STRATEGIES } from './index.js';
import type { PlanRequest } from './planner.js';

/** The strategy a request names, or that fits what it says of whoever asks. Throws REQUEST_INVALID. */
export function chooseStrategy({ strategy, who, examples, context }: PlanRequest): string {
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
