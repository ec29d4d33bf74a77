import type { NewRule } from '../../catalogue/catalogue.js';
import { AppError } from '../../errors.js';
import { handler } from '../call.js';
import { ROUTES } from '../contract/index.js';
import type { RuleWrite } from '../contract/rule-schemas.js';
import { epochMilliseconds } from '../iso-time.js';
import { ruleAnswer } from '../rule-answer.js';

/** What a boost adds and a bury takes where nothing is said: enough to pass good neighbours, not to lift what is far. */
const DEFAULT_BY = 0.2;

/** PUT …/rules/{ruleId}: this process follows it before it is answered. */
export const putRule = handler(ROUTES.putRule, async (call) => {
  const { collection, ruleId } = call.params;
  const { catalogue, rules } = call.context.deps;
  const { rule, created } = await catalogue.rules.put(collection, newRule(ruleId, call.json));
  await rules.refresh();
  return { status: created ? 201 : 200, body: ruleAnswer(rule) };
});

function newRule(ruleId: string, { action, name, itemId, filter, position, by, from, until }: RuleWrite): NewRule {
  const [begins, ends] = [time(from), time(until)];
  if (begins !== null && ends !== null && ends <= begins) {
    const message = 'A rule ends after it begins.';
    throw new AppError('REQUEST_INVALID', { why: message }, { issues: [{ path: 'until', message }] });
  }
  const weighs = action === 'boost' || action === 'bury';
  return {
    ruleId,
    action,
    name: name ?? null,
    itemId: itemId ?? null,
    // A filter came as JSON, so it is JSON.
    filter: (filter ?? null) as NewRule['filter'],
    position: action === 'pin' ? (position ?? 1) : null,
    by: weighs ? (by ?? DEFAULT_BY) : null,
    from: begins,
    until: ends,
  };
}

function time(given: RuleWrite['from']): number | null {
  if (given === undefined || given === null) return null;
  return typeof given === 'number' ? Math.round(given) : epochMilliseconds(given);
}
