import { stringify } from 'yaml';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { ERRORS, type ErrorCode } from '../errors.js';
import { ROUTES } from './contract/index.js';
import { Problem } from './contract/problem-schema.js';
import { type AnswerSpec, commonErrors, type RouteSpec } from './contract/route.js';

/** Of the document, not of the program: it changes when a promise does. */
const API_VERSION = '1.0.0';
const HEADER = '# Printed from the table of routes by `npm run openapi`. Edit src/api/contract/, not this file.\n';

let printed: string | undefined;

/** `openapi.yaml`, OpenAPI 3.1, printed from the table of routes. */
export function openApiYaml(): string {
  printed ??= HEADER + stringify(document(), { aliasDuplicateObjects: false, lineWidth: 120 });
  return printed;
}

function document() {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of Object.values<RouteSpec>(ROUTES)) {
    paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Kindred',
      version: API_VERSION,
      description: 'What is similar to this, and what should this person see next: over your own pictures.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: ['search', 'items', 'events', 'experiments', 'collections', 'jobs', 'admin', 'service'].map((name) => ({
      name,
    })),
    components: {
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          description: 'Made by `kindred keys create`. None is needed while there is none.',
        },
      },
    },
    paths,
  });
}

function operation(route: RouteSpec): ZodOpenApiOperationObject {
  const scope = route.scope === 'picture' ? 'search' : route.scope;
  const needs = scope === 'open' ? 'Needs no key.' : scope === 'key' ? 'Any key.' : `Scope \`${scope}\`.`;
  const requestParams = {
    ...(route.params ? { path: route.params } : {}),
    ...(route.query ? { query: route.query } : {}),
  };
  return {
    operationId: route.operationId,
    summary: route.summary,
    description: [route.description, needs].filter(Boolean).join(' '),
    tags: [route.tag],
    security: scope === 'open' ? [] : [{ key: [] }, {}],
    ...(Object.keys(requestParams).length > 0 ? { requestParams } : {}),
    ...(route.body ? { requestBody: { required: !route.body.optional, content: requestContent(route) } } : {}),
    responses: { ...answers(route), ...problems(route) },
  };
}

function requestContent({ body }: RouteSpec) {
  const file = { type: 'string' as const, contentMediaType: 'application/octet-stream' };
  return {
    ...(body?.json ? { 'application/json': { schema: body.json } } : {}),
    ...(body?.lines ? { 'application/x-ndjson': { schema: body.lines } } : {}),
    ...(body?.form
      ? {
          'multipart/form-data': {
            schema: body.form.meta({
              override: ({ jsonSchema }: { jsonSchema: { properties?: Record<string, unknown> } }) => {
                const image = (body.files ?? 1) > 1 ? { type: 'array', items: file, maxItems: body.files } : file;
                jsonSchema.properties = { image, ...jsonSchema.properties };
              },
            }),
          },
        }
      : {}),
  };
}

function answers(route: RouteSpec) {
  return Object.fromEntries(
    Object.entries(route.answers).map(([status, answer]) => [
      status,
      { description: answer.description, ...content(answer) },
    ]),
  );
}

function content({ schema, type, otherType, headers }: AnswerSpec) {
  const described = Object.entries(headers ?? {}).map(([name, description]) => [
    name,
    { description, schema: { type: 'string' as const } },
  ]);
  return {
    ...(described.length > 0 ? { headers: Object.fromEntries(described) } : {}),
    ...(schema || type
      ? {
          content: {
            [type ?? 'application/json']: { schema: schema ?? { type: 'string' as const } },
            ...(otherType ? { [otherType]: { schema: { type: 'string' as const } } } : {}),
          },
        }
      : {}),
  };
}

/** One answer a status, with the codes that come with it. */
function problems(route: RouteSpec) {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of [...new Set([...commonErrors(route), ...route.errors])].sort()) {
    const { status } = ERRORS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        description: group.map((code) => `\`${code}\``).join(', '),
        content: { 'application/problem+json': { schema: Problem } },
      },
    ]),
  );
}
