import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROUTES } from '../../src/api/contract/index.js';
import type { RouteSpec } from '../../src/api/contract/route.js';
import { openApiYaml } from '../../src/api/open-api-yaml.js';
import { HANDLERS } from '../../src/api/routes/index.js';
import { ERRORS } from '../../src/errors.js';

const document = parse(openApiYaml());
const METHODS = ['get', 'put', 'post', 'patch', 'delete'];

function refs(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return [];
  const own = '$ref' in value && typeof value.$ref === 'string' ? [value.$ref] : [];
  return [...own, ...Object.values(value).flatMap(refs)];
}

describe('openapi.yaml', () => {
  it('says what the code says (run `npm run openapi` to rewrite it)', () => {
    expect(readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8')).toBe(openApiYaml());
  });

  it('points at nothing that is missing', () => {
    const all = refs(document);

    expect(all.length).toBeGreaterThan(50);
    for (const ref of all) {
      const found = ref
        .replace('#/', '')
        .split('/')
        .reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], document);
      expect(found, ref).toBeDefined();
    }
  });

  it('has every operation of the table once, and no other', () => {
    const operations = Object.values(document.paths as Record<string, Record<string, { operationId: string }>>).flatMap(
      (path) => METHODS.flatMap((method) => path[method]?.operationId ?? []),
    );

    expect(operations.sort()).toEqual(Object.keys(ROUTES).sort());
    expect(operations).toHaveLength(45);
  });

  it('names every error that a row declares', () => {
    for (const route of Object.values<RouteSpec>(ROUTES)) {
      const { responses } = document.paths[route.path][route.method];
      for (const code of route.errors)
        expect(responses[ERRORS[code].status].description, route.operationId).toContain(`\`${code}\``);
    }
  });

  it('is OpenAPI 3.1, with a licence, a summary and an answer for every operation', () => {
    expect(document.openapi).toBe('3.1.0');
    for (const path of Object.values<Record<string, { summary: string; responses: object }>>(document.paths))
      for (const operation of Object.values(path)) {
        expect(operation.summary).toBeTruthy();
        expect(Object.keys(operation.responses).length).toBeGreaterThan(1);
      }
  });
});

describe('the table of routes', () => {
  it('joins every row with the code that answers it', () => {
    for (const [operationId, route] of Object.entries(ROUTES)) {
      expect(route.operationId).toBe(operationId);
      expect(HANDLERS[operationId as keyof typeof HANDLERS].route).toBe(route);
    }
  });
});
