import { AppError } from '../../errors.js';
import { handler } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { knownCollection } from '../known-collection.js';

/** DELETE …/rules/{ruleId}: this process goes without it before it is answered. */
export const deleteRule = handler(ROUTES.deleteRule, async (call) => {
  const { collection, ruleId } = call.params;
  const { catalogue, rules } = call.context.deps;
  await knownCollection(call.context, collection);
  if (!(await catalogue.rules.delete(collection, ruleId))) throw new AppError('RULE_NOT_FOUND', { ruleId });
  await rules.refresh();
  return { status: 204 };
});
