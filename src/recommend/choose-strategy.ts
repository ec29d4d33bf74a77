import { AppError } from '../errors.js';
import { STRATEGIES } from './index.js';
import type { PlanRequest } from './planner.js';
import type { Need } from './strategy.js';

/** Which needs a request meets. */
export function meets({
  who,
  examples,
  context,
}: Pick<PlanRequest, 'who' | 'context'> & { readonly examples: readonly unknown[] }): Readonly<Record<Need, boolean>> {
  return {
    examples: examples.length > 0 || context !== undefined,
    who: who !== undefined,
    userId: who !== undefined && 'userId' in who,
    sessionId: who !== undefined && 'sessionId' in who,
  };
}

/**
 * The strategy a request names, or that fits what it says of whoever asks; `learnt` where there is a behaviour model.
 * Throws REQUEST_INVALID.
 */
export function chooseStrategy(request: PlanRequest, learnt: boolean): string {
  const { strategy, examples } = request;
  const given = meets(request);
  if (strategy === undefined) {
    if (examples.length > 0) return 'similar';
    if (given.who) return learnt ? 'blend' : given.userId ? 'user' : 'session';
    return given.examples ? 'similar' : 'popular';
  }
  const refuse = (message: string) =>
    new AppError('REQUEST_INVALID', { why: message }, { issues: [{ path: 'strategy', message }] });
  if (!Object.hasOwn(STRATEGIES, strategy))
    throw refuse(`There is no strategy "${strategy}"; there are ${Object.keys(STRATEGIES).join(', ')}.`);
  const needs = STRATEGIES[strategy]?.needs;
  const words = {
    examples: 'examples or a context item',
    who: 'a user or a session',
    userId: 'a user',
    sessionId: 'a session',
  };
  if (needs && !given[needs]) throw refuse(`The strategy "${strategy}" needs ${words[needs]} in the request.`);
  return strategy;
}
