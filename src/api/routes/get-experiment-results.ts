import { readResults } from '../../recommend/experiments/read-results.js';
import { handler, ok } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { knownExperiment } from '../known-experiment.js';

/** GET …/experiments/{name}/results. */
export const getExperimentResults = handler(ROUTES.getExperimentResults, async (call) =>
  ok(await readResults(call.context.deps.catalogue.events, await knownExperiment(call.context, call.params))),
);
