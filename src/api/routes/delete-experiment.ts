import { handler } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { knownExperiment } from '../known-experiment.js';

/** DELETE …/experiments/{name}: this process goes without it before it is answered. */
export const deleteExperiment = handler(ROUTES.deleteExperiment, async (call) => {
  const { catalogue, experiments } = call.context.deps;
  const { collection, name } = await knownExperiment(call.context, call.params);
  await catalogue.experiments.delete(collection, name);
  await experiments.refresh();
  return { status: 204 };
});
