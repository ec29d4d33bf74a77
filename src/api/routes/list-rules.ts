import { handler, ok } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { knownCollection } from '../known-collection.js';
import { ruleAnswer } from '../rule-answer.js';

/** GET …/rules, by id. */
export const listRules = handler(ROUTES.listRules, async (call) => {
  const { collection } = call.params;
  await knownCollection(call.context, collection);
  const rules = await call.context.deps.catalogue.rules.list(collection);
  return ok({ rules: rules.map(ruleAnswer) });
});
