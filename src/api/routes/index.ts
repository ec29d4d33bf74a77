import type { Handler } from '../call.js';
import type { OperationId, ROUTES } from '../contract/index.js';
import { activateRelease } from './activate-release.js';
import { addEvents } from './add-events.js';
import { batchItems } from './batch-items.js';
import { cancelJob } from './cancel-job.js';
import { deleteCollection } from './delete-collection.js';
import { deleteExperiment } from './delete-experiment.js';
import { deleteItem } from './delete-item.js';
import { deleteRule } from './delete-rule.js';
import { embed } from './embed.js';
import { estimate } from './estimate.js';
import { explainMatch } from './explain-match.js';
import { forgetUser } from './forget-user.js';
import { getCollection } from './get-collection.js';
import { getExperiment } from './get-experiment.js';
import { getExperimentResults } from './get-experiment-results.js';
import { getItem } from './get-item.js';
import { getItemImage } from './get-item-image.js';
import { getJob } from './get-job.js';
import { getRule } from './get-rule.js';
import { healthz } from './healthz.js';
import { listCollections } from './list-collections.js';
import { listDuplicates } from './list-duplicates.js';
import { listExperiments } from './list-experiments.js';
import { listItems } from './list-items.js';
import { listJobs } from './list-jobs.js';
import { listReleases } from './list-releases.js';
import { listRules } from './list-rules.js';
import { listUserEvents } from './list-user-events.js';
import { metrics } from './metrics.js';
import { openapi } from './openapi.js';
import { patchItem } from './patch-item.js';
import { putCollection } from './put-collection.js';
import { putExperiment } from './put-experiment.js';
import { putItem } from './put-item.js';
import { putRule } from './put-rule.js';
import { readyz } from './readyz.js';
import { recommend } from './recommend.js';
import { reindex } from './reindex.js';
import { retrain } from './retrain.js';
import { search } from './search.js';
import { searchBatch } from './search-batch.js';
import { similar } from './similar.js';
import { streamJob } from './stream-job.js';
import { train } from './train.js';
import { trainBehaviour } from './train-behaviour.js';

/** The code of every operation: a row of the table without its line here does not compile, nor one with another's. */
export const HANDLERS: { readonly [K in OperationId]: Handler<(typeof ROUTES)[K]> } = {
  activateRelease,
  addEvents,
  batchItems,
  cancelJob,
  deleteCollection,
  deleteExperiment,
  deleteItem,
  deleteRule,
  embed,
  explainMatch,
  forgetUser,
  getCollection,
  getExperiment,
  getExperimentResults,
  getItem,
  getItemImage,
  getJob,
  getRule,
  healthz,
  listCollections,
  listDuplicates,
  listExperiments,
  listItems,
  listJobs,
  listReleases,
  listUserEvents,
  listRules,
  metrics,
  openapi,
  patchItem,
  putCollection,
  putExperiment,
  putItem,
  putRule,
  readyz,
  recommend,
  reindex,
  retrain,
  search,
  searchBatch,
  similar,
  streamJob,
  train,
  trainBehaviour,
  estimate,
};
