import * as admin from './admin-routes.js';
import * as experiments from './experiment-routes.js';
import * as items from './item-routes.js';
import type { RouteSpec } from './route.js';
import * as search from './search-routes.js';
import * as service from './service-routes.js';

/**
 * Every operation of the API by its id, most asked first (the router tries them in this order). Adding one: its row
 * here, its file under `routes/` with a line in `routes/index.ts`, its test, then `npm run openapi`.
 */
export const ROUTES = {
  search: search.search,
  similar: search.similar,
  searchBatch: search.searchBatch,
  recommend: search.recommend,
  embed: search.embed,
  listDuplicates: search.listDuplicates,
  explainMatch: search.explainMatch,
  getItem: items.getItem,
  putItem: items.putItem,
  patchItem: items.patchItem,
  deleteItem: items.deleteItem,
  getItemImage: items.getItemImage,
  listItems: items.listItems,
  batchItems: items.batchItems,
  addEvents: items.addEvents,
  listUserEvents: items.listUserEvents,
  forgetUser: items.forgetUser,
  listExperiments: experiments.listExperiments,
  getExperiment: experiments.getExperiment,
  putExperiment: experiments.putExperiment,
  deleteExperiment: experiments.deleteExperiment,
  getExperimentResults: experiments.getExperimentResults,
  putCollection: admin.putCollection,
  getCollection: admin.getCollection,
  deleteCollection: admin.deleteCollection,
  listCollections: admin.listCollections,
  listJobs: admin.listJobs,
  getJob: admin.getJob,
  cancelJob: admin.cancelJob,
  streamJob: admin.streamJob,
  reindex: admin.reindex,
  train: admin.train,
  retrain: admin.retrain,
  trainBehaviour: admin.trainBehaviour,
  estimate: admin.estimate,
  listReleases: admin.listReleases,
  activateRelease: admin.activateRelease,
  listRules: admin.listRules,
  getRule: admin.getRule,
  putRule: admin.putRule,
  deleteRule: admin.deleteRule,
  healthz: service.healthz,
  readyz: service.readyz,
  metrics: service.metrics,
  openapi: service.openapi,
} as const satisfies Record<string, RouteSpec>;

export type OperationId = keyof typeof ROUTES;
