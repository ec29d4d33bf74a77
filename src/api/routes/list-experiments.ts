import { handler, ok } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { experimentAnswer } from '../experiment-answer.js';
import { knownCollection } from '../known-collection.js';

/** GET …/experiments, by name. */
export const listExperiments = handler(ROUTES.listExperiments, async (call) => {
  const { collection } = call.params;
  const { catalogue, now } = call.context.deps;
  await knownCollection(call.context, collection);
  const experiments = await catalogue.experiments.list(collection);
  return ok({ experiments: experiments.map((each) => experimentAnswer(each, now())) });
});
