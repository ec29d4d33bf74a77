import { z } from 'zod';
import { JOB_STATES } from '../../catalogue/catalogue.js';
import { Collection, CollectionSettings } from './collection-schemas.js';
import { CollectionName } from './common-schemas.js';
import * as e from './experiment-schemas.js';
import { Job, Release } from './job-schemas.js';
import { integerText } from './parameters.js';
import { defineRoute } from './route.js';
import { Rule, RuleId, RuleWrite } from './rule-schemas.js';

const params = z.strictObject({ collection: CollectionName });
const jobParams = z.strictObject({ jobId: z.string().min(1).max(128) });
const jobAnswer = {
  202: {
    description: 'Queued; or the equal job that is still queued.',
    schema: Job,
    headers: { Location: 'The job.' },
  },
} as const;
/** Wall time that training may take. */
const Minutes = z
  .number()
  .positive()
  .max(24 * 60)
  .meta({ description: 'Minutes of training; KINDRED_RETRAIN_MINUTES where it is left out.' });
const jobErrors = ['COLLECTION_NOT_FOUND', 'DISK_FULL'] as const;

export const putCollection = defineRoute({
  operationId: 'putCollection',
  method: 'put',
  path: '/v1/collections/{collection}',
  summary: 'Make or change a collection',
  tag: 'collections',
  scope: 'admin',
  params,
  body: { json: CollectionSettings, optional: true, limit: 'small' },
  answers: {
    200: { description: 'It was there.', schema: Collection },
    201: { description: 'New.', schema: Collection },
  },
  errors: ['COLLECTION_ENCODER_FIXED', 'DISK_FULL', 'MODEL_NOT_FOUND'],
});

export const getCollection = defineRoute({
  operationId: 'getCollection',
  method: 'get',
  path: '/v1/collections/{collection}',
  summary: 'One collection',
  tag: 'collections',
  scope: 'search',
  params,
  answers: { 200: { description: 'The collection.', schema: Collection } },
  errors: ['COLLECTION_NOT_FOUND'],
});

export const deleteCollection = defineRoute({
  operationId: 'deleteCollection',
  method: 'delete',
  path: '/v1/collections/{collection}',
  summary: 'Delete a collection with all that is in it',
  tag: 'collections',
  scope: 'admin',
  params,
  answers: { 204: { description: 'Gone.' } },
  errors: ['COLLECTION_NOT_FOUND', 'DISK_FULL'],
});

export const listCollections = defineRoute({
  operationId: 'listCollections',
  method: 'get',
  path: '/v1/collections',
  summary: 'The collections there are',
  tag: 'collections',
  scope: 'search',
  answers: {
    200: {
      description: 'Those that the key may see.',
      schema: z.strictObject({ collections: z.array(Collection) }).meta({ id: 'CollectionList' }),
    },
  },
  errors: [],
});

export const listJobs = defineRoute({
  operationId: 'listJobs',
  method: 'get',
  path: '/v1/admin/jobs',
  summary: 'The newest jobs',
  tag: 'jobs',
  scope: 'admin',
  query: z.strictObject({
    collection: CollectionName.optional(),
    state: z.enum(JOB_STATES).optional(),
    limit: integerText(1, 1_000, 100),
  }),
  answers: {
    200: { description: 'Newest first.', schema: z.strictObject({ jobs: z.array(Job) }).meta({ id: 'JobList' }) },
  },
  errors: [],
});

export const getJob = defineRoute({
  operationId: 'getJob',
  method: 'get',
  path: '/v1/admin/jobs/{jobId}',
  summary: 'How far a job is',
  tag: 'jobs',
  scope: 'admin',
  params: jobParams,
  answers: { 200: { description: 'The job.', schema: Job } },
  errors: ['JOB_NOT_FOUND'],
});

export const cancelJob = defineRoute({
  operationId: 'cancelJob',
  method: 'delete',
  path: '/v1/admin/jobs/{jobId}',
  summary: 'Cancel a job',
  description: 'A queued job is cancelled at once, a running one is asked to stop; one that has ended stays as it is.',
  tag: 'jobs',
  scope: 'admin',
  params: jobParams,
  answers: { 200: { description: 'The job as it is now.', schema: Job } },
  errors: ['JOB_NOT_FOUND'],
});

export const streamJob = defineRoute({
  operationId: 'streamJob',
  method: 'get',
  path: '/v1/admin/jobs/{jobId}/events',
  summary: 'Follow a job',
  description: 'Server-sent events, each the job as JSON; the stream ends with the job.',
  tag: 'jobs',
  scope: 'admin',
  params: jobParams,
  answers: { 200: { description: 'Events named `job`.', type: 'text/event-stream' } },
  errors: ['JOB_NOT_FOUND'],
});

export const reindex = defineRoute({
  operationId: 'reindex',
  method: 'post',
  path: '/v1/admin/collections/{collection}/reindex',
  summary: 'Build a new index and serve it',
  description:
    'With `whiten`, the variances of the collection’s own vectors are evened out inside the index (stored embeddings stay as they are); absent, as the active index does it.',
  tag: 'admin',
  scope: 'admin',
  params,
  body: {
    json: z.strictObject({ whiten: z.enum(['none', 'half', 'full']).optional() }).meta({ id: 'ReindexRequest' }),
    optional: true,
    limit: 'small',
  },
  answers: jobAnswer,
  errors: jobErrors,
});

export const train = defineRoute({
  operationId: 'train',
  method: 'post',
  path: '/v1/admin/collections/{collection}/train',
  summary: 'Train an encoder on the pictures of a collection',
  tag: 'admin',
  scope: 'admin',
  params,
  body: {
    json: z
      .strictObject({
        minutes: Minutes.optional(),
      })
      .meta({ id: 'TrainRequest' }),
    optional: true,
    limit: 'small',
  },
  answers: jobAnswer,
  errors: jobErrors,
});

export const retrain = defineRoute({
  operationId: 'retrain',
  method: 'post',
  path: '/v1/admin/collections/{collection}/retrain',
  summary: 'Retrain on what is new, and switch where that is better',
  tag: 'admin',
  scope: 'admin',
  params,
  body: {
    json: z
      .strictObject({
        minutes: Minutes.optional(),
      })
      .meta({ id: 'RetrainRequest' }),
    optional: true,
    limit: 'small',
  },
  answers: jobAnswer,
  errors: jobErrors,
});

export const trainBehaviour = defineRoute({
  operationId: 'trainBehaviour',
  method: 'post',
  path: '/v1/admin/collections/{collection}/behaviour/train',
  summary: 'Learn from what people did',
  description:
    'Fits a behaviour model to all events of the collection, weighs its sources by events that are held back, and serves it with the index and encoder that are served.',
  tag: 'admin',
  scope: 'admin',
  params,
  answers: jobAnswer,
  errors: jobErrors,
});

export const estimate = defineRoute({
  operationId: 'estimate',
  method: 'post',
  path: '/v1/admin/collections/{collection}/estimate',
  summary: 'What another way of recommending would have been worth',
  description:
    'Plans every answer of the log whose impressions have a propensity again, the other way, as people were then, and ' +
    'weighs each impression by how much more or less often it would have been shown. The result of the job has successes ' +
    'an impression, as `value`, `low` and `high`: `shown` as it was, `ips`, `clipped` and `snips` for the other way; with ' +
    '`impressions`, `people`, `answers`, `skipped`, `coverage`, `effective` and `warnings`. Fails with ' +
    '`IMPRESSIONS_MISSING` where nothing can be weighed. See docs/experiments.md.',
  tag: 'experiments',
  scope: 'admin',
  params,
  body: { json: e.EstimateRequest, limit: 'small' },
  answers: jobAnswer,
  errors: jobErrors,
});

export const listReleases = defineRoute({
  operationId: 'listReleases',
  method: 'get',
  path: '/v1/admin/collections/{collection}/releases',
  summary: 'What was and is served',
  tag: 'admin',
  scope: 'admin',
  params,
  answers: {
    200: {
      description: 'Newest first.',
      schema: z.strictObject({ releases: z.array(Release) }).meta({ id: 'ReleaseList' }),
    },
  },
  errors: ['COLLECTION_NOT_FOUND'],
});

export const activateRelease = defineRoute({
  operationId: 'activateRelease',
  method: 'post',
  path: '/v1/admin/collections/{collection}/releases/{releaseId}/activate',
  summary: 'Promote or roll back',
  tag: 'admin',
  scope: 'admin',
  params: z.strictObject({ collection: CollectionName, releaseId: z.string().min(1).max(128) }),
  body: { json: z.strictObject({}).meta({ id: 'ActivateRequest' }), optional: true, limit: 'small' },
  answers: { 200: { description: 'Served by this process now.', schema: Release } },
  errors: [
    'BEHAVIOUR_DAMAGED',
    'BEHAVIOUR_NOT_FOUND',
    'COLLECTION_NOT_FOUND',
    'INDEX_DAMAGED',
    'INDEX_NOT_FOUND',
    'MODEL_NOT_FOUND',
    'RELEASE_NOT_FOUND',
  ],
});

const ruleParams = z.strictObject({ collection: CollectionName, ruleId: RuleId });

export const putRule = defineRoute({
  operationId: 'putRule',
  method: 'put',
  path: '/v1/admin/collections/{collection}/rules/{ruleId}',
  summary: 'Make or replace a rule: pin, boost, bury or hide',
  description:
    'For one item or all that a filter names, for a time or for good. Rules hold in searches and recommendations; a ' +
    'request can do without pins, boosts and buries, never without what is hidden. Other processes follow within a second.',
  tag: 'admin',
  scope: 'admin',
  params: ruleParams,
  body: { json: RuleWrite, limit: 'small' },
  answers: {
    200: { description: 'It was there, and is as the request says now.', schema: Rule },
    201: { description: 'New.', schema: Rule },
  },
  errors: ['COLLECTION_NOT_FOUND', 'DISK_FULL'],
});

export const getRule = defineRoute({
  operationId: 'getRule',
  method: 'get',
  path: '/v1/admin/collections/{collection}/rules/{ruleId}',
  summary: 'One rule',
  tag: 'admin',
  scope: 'admin',
  params: ruleParams,
  answers: { 200: { description: 'The rule.', schema: Rule } },
  errors: ['COLLECTION_NOT_FOUND', 'RULE_NOT_FOUND'],
});

export const deleteRule = defineRoute({
  operationId: 'deleteRule',
  method: 'delete',
  path: '/v1/admin/collections/{collection}/rules/{ruleId}',
  summary: 'Delete a rule',
  tag: 'admin',
  scope: 'admin',
  params: ruleParams,
  answers: { 204: { description: 'Gone.' } },
  errors: ['COLLECTION_NOT_FOUND', 'DISK_FULL', 'RULE_NOT_FOUND'],
});

export const listRules = defineRoute({
  operationId: 'listRules',
  method: 'get',
  path: '/v1/admin/collections/{collection}/rules',
  summary: 'The rules of a collection',
  tag: 'admin',
  scope: 'admin',
  params,
  answers: {
    200: {
      description: 'All of them, in the byte order of their ids.',
      schema: z.strictObject({ rules: z.array(Rule) }).meta({ id: 'RuleList' }),
    },
  },
  errors: ['COLLECTION_NOT_FOUND'],
});
