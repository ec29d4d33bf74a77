import { createKey, revokeKey } from './api-keys.js';
import { compactLog } from './change-log.js';
import { beatJob, cancelJob, claimJob, enqueueJob, finishJob, pruneJobs, releaseJob } from './claim-job.js';
import { deleteCollection, putCollection } from './collections.js';
import { dropEmbeddings, putEmbeddings, useEmbeddings } from './embeddings.js';
import { addEvents, dropUser, forgetUser, removeEvents } from './events.js';
import { deleteExperiment, putExperiment } from './experiments.js';
import { keepValue } from './installation.js';
import { deleteItem, patchItem, putItems } from './put-items.js';
import { activateRelease, addRelease, removeReleases } from './releases.js';
import { deleteRule, putRule } from './rules.js';

/** Every write there is, by name. Adding one: its function, its test, and its line here. */
export const WRITES = {
  'collections.put': putCollection,
  'collections.delete': deleteCollection,
  'items.put': putItems,
  'items.patch': patchItem,
  'items.delete': deleteItem,
  'embeddings.put': putEmbeddings,
  'embeddings.use': useEmbeddings,
  'embeddings.drop': dropEmbeddings,
  'events.add': addEvents,
  'events.remove': removeEvents,
  'events.forget': forgetUser,
  'events.dropUser': dropUser,
  'log.compact': compactLog,
  'jobs.enqueue': enqueueJob,
  'jobs.claim': claimJob,
  'jobs.beat': beatJob,
  'jobs.finish': finishJob,
  'jobs.release': releaseJob,
  'jobs.cancel': cancelJob,
  'jobs.prune': pruneJobs,
  'releases.add': addRelease,
  'releases.activate': activateRelease,
  'releases.remove': removeReleases,
  'rules.put': putRule,
  'rules.delete': deleteRule,
  'experiments.put': putExperiment,
  'experiments.delete': deleteExperiment,
  'keys.create': createKey,
  'keys.revoke': revokeKey,
  'installation.keep': keepValue,
};
