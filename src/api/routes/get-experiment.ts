import { handler, ok } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { experimentAnswer } from '../experiment-answer.js';
import { knownExperiment } from '../known-experiment.js';

/** GET …/experiments/{name}. */
export const getExperiment = handler(ROUTES.getExperiment, async (call) =>
  ok(experimentAnswer(await knownExperiment(call.context, call.params), call.context.deps.now())),
);
