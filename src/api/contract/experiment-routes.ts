import { z } from 'zod';
import { CollectionName, ExperimentName } from './common-schemas.js';
import * as e from './experiment-schemas.js';
import { defineRoute } from './route.js';

const path = '/v1/collections/{collection}/experiments/{name}';
const params = z.strictObject({ collection: CollectionName, name: ExperimentName });

export const putExperiment = defineRoute({
  operationId: 'putExperiment',
  method: 'put',
  path,
  summary: 'Make or replace an experiment',
  description:
    'While it is active, each person who is recommended something belongs to one of its variants, always the same one, and is ' +
    'answered as that variant says. One experiment is active at a time. Whoever is in a variant whose share is changed stays ' +
    'in it as far as that can be; those in others stay where they are.',
  tag: 'experiments',
  scope: 'admin',
  params,
  body: { json: e.ExperimentWrite, limit: 'small' },
  answers: {
    200: { description: 'It was there, and is as the request says now.', schema: e.Experiment },
    201: { description: 'New.', schema: e.Experiment },
  },
  errors: ['COLLECTION_NOT_FOUND', 'DISK_FULL', 'EXPERIMENT_OVERLAP'],
});

export const getExperiment = defineRoute({
  operationId: 'getExperiment',
  method: 'get',
  path,
  summary: 'One experiment',
  tag: 'experiments',
  scope: 'admin',
  params,
  answers: { 200: { description: 'The experiment.', schema: e.Experiment } },
  errors: ['COLLECTION_NOT_FOUND', 'EXPERIMENT_NOT_FOUND'],
});

export const deleteExperiment = defineRoute({
  operationId: 'deleteExperiment',
  method: 'delete',
  path,
  summary: 'Delete an experiment',
  description: 'Its impressions stay, as other events do. To end it and keep its results, PUT it with an `until`.',
  tag: 'experiments',
  scope: 'admin',
  params,
  answers: { 204: { description: 'Gone.' } },
  errors: ['COLLECTION_NOT_FOUND', 'DISK_FULL', 'EXPERIMENT_NOT_FOUND'],
});

export const listExperiments = defineRoute({
  operationId: 'listExperiments',
  method: 'get',
  path: '/v1/collections/{collection}/experiments',
  summary: 'The experiments of a collection',
  tag: 'experiments',
  scope: 'admin',
  params: z.strictObject({ collection: CollectionName }),
  answers: {
    200: {
      description: 'All of them, in the byte order of their names.',
      schema: z.strictObject({ experiments: z.array(e.Experiment) }).meta({ id: 'ExperimentList' }),
    },
  },
  errors: ['COLLECTION_NOT_FOUND'],
});

export const getExperimentResults = defineRoute({
  operationId: 'getExperimentResults',
  method: 'get',
  path: `${path}/results`,
  summary: 'How the variants of an experiment do',
  description:
    'Over the impressions that name it, kept by `log` or sent as events. Intervals allow for one person having many ' +
    'impressions. Whoever was shown two variants is left out and said.',
  tag: 'experiments',
  scope: 'admin',
  params,
  answers: { 200: { description: 'The variants, the first one first.', schema: e.ExperimentResults } },
  errors: ['COLLECTION_NOT_FOUND', 'EXPERIMENT_NOT_FOUND'],
});
