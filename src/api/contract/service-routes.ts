import { z } from 'zod';
import { defineRoute } from './route.js';

export const healthz = defineRoute({
  operationId: 'healthz',
  method: 'get',
  path: '/healthz',
  summary: 'Whether the process answers',
  tag: 'service',
  scope: 'open',
  answers: {
    200: {
      description: 'It does.',
      schema: z.strictObject({ status: z.literal('ok'), version: z.string() }).meta({ id: 'Health' }),
    },
  },
  errors: [],
});

export const readyz = defineRoute({
  operationId: 'readyz',
  method: 'get',
  path: '/readyz',
  summary: 'Whether every index is loaded and caught up',
  tag: 'service',
  scope: 'open',
  answers: {
    200: {
      description: 'Ready.',
      schema: z.strictObject({ status: z.literal('ready') }).meta({ id: 'Readiness' }),
    },
  },
  errors: ['NOT_READY'],
});

export const metrics = defineRoute({
  operationId: 'metrics',
  method: 'get',
  path: '/metrics',
  summary: 'Figures for Prometheus',
  tag: 'service',
  scope: 'key',
  answers: { 200: { description: 'The text format of Prometheus.', type: 'text/plain' } },
  errors: [],
});

export const openapi = defineRoute({
  operationId: 'openapi',
  method: 'get',
  path: '/openapi.yaml',
  summary: 'This description',
  tag: 'service',
  scope: 'open',
  answers: { 200: { description: 'OpenAPI 3.1.', type: 'application/yaml' } },
  errors: [],
});
