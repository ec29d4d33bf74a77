import { AppError } from '../../errors.js';
import { handler, ok } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { knownCollection } from '../known-collection.js';
import { ruleAnswer } from '../rule-answer.js';

/** GET …/rules/{ruleId}. */
export const getRule = handler(ROUTES.getRule, async (call) => {
  const { collection, ruleId } = call.params;
  await knownCollection(call.context, collection);
  const rule = await call.context.deps.catalogue.rules.get(collection, ruleId);
  if (!rule) throw new AppError('RULE_NOT_FOUND', { ruleId });
  return ok(ruleAnswer(rule));
});
