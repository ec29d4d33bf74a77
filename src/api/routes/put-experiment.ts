import { handler } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { experimentAnswer } from '../experiment-answer.js';
import { newExperiment } from '../new-experiment.js';

/** PUT …/experiments/{name}: this process follows it before it is answered. */
export const putExperiment = handler(ROUTES.putExperiment, async (call) => {
  const { collection, name } = call.params;
  const { catalogue, experiments, now } = call.context.deps;
  const old = await catalogue.experiments.get(collection, name);
  const wanted = newExperiment(name, call.json, old?.from ?? now());
  const { experiment, created } = await catalogue.experiments.put(collection, wanted);
  await experiments.refresh();
  return { status: created ? 201 : 200, body: experimentAnswer(experiment, now()) };
});
