import { createKey, revokeKey } from './api-keys.js';
import { compactLog } from './change-log.js';
import { beatJob, cancelJob, claimJob, enqueueJob, finishJob, releaseJob } from './claim-job.js';
import { deleteCollection, putCollection } from './collections.js';
import { putEmbeddings } from './embeddings.js';
import { addEvents } from './events.js';
import { keepValue } from './installation.js';
import { deleteItem, patchItem, putItems } from './put-items.js';
import { activateRelease, addRelease } from './releases.js';

/** Every write there is, by name. Adding one: its function, its test, and its line here. */
export const WRITES = {
  'collections.put': putCollection,
  'collections.delete': deleteCollection,
  'items.put': putItems,
  'items.patch': patchItem,
  'items.delete': deleteItem,
  'embeddings.put': putEmbeddings,
  'events.add': addEvents,
  'log.compact': compactLog,
  'jobs.enqueue': enqueueJob,
  'jobs.claim': claimJob,
  'jobs.beat': beatJob,
  'jobs.finish': finishJob,
  'jobs.release': releaseJob,
  'jobs.cancel': cancelJob,
  'releases.add': addRelease,
  'releases.activate': activateRelease,
  'keys.create': createKey,
  'keys.revoke': revokeKey,
  'installation.keep': keepValue,
};
