import type { Request } from 'express';
import { AppError } from '../errors.js';
import { contentType, type Hold, hasBody, readBody } from './body-stream.js';
import type { BodySpec, RouteSpec } from './contract/route.js';
import { parseJson } from './json-text.js';
import { invalid, parseWith } from './parse-with.js';

const MEBIBYTE = 1_048_576;
const LINES_TYPES = ['application/x-ndjson', 'application/jsonl', 'application/ndjson'];

/** Bytes that a JSON body of a route may have: base64 takes four bytes for three. */
export function bodyLimit(body: BodySpec, maxUploadBytes: number): number {
  if (body.limit === 'small') return MEBIBYTE;
  if (body.limit === 'large') return 16 * MEBIBYTE;
  return Math.ceil((maxUploadBytes * 4) / 3) + MEBIBYTE;
}

export function readParams(route: RouteSpec, request: Request): Record<string, unknown> {
  return route.params ? parseWith(route.params, request.params) : {};
}

/** The parameters behind the question mark: each at most once, and none that the table does not know. */
export function readQuery(route: RouteSpec, request: Request): Record<string, unknown> {
  const start = request.url.indexOf('?');
  const given: Record<string, string> = {};
  if (start >= 0) {
    for (const [name, value] of new URLSearchParams(request.url.slice(start + 1))) {
      if (name === '__proto__' || Object.hasOwn(given, name)) {
        const why = `The parameter "${name.slice(0, 64)}" ${name === '__proto__' ? 'is not known.' : 'comes twice.'}`;
        throw new AppError('REQUEST_INVALID', { why });
      }
      given[name] = value;
    }
  }
  if (route.query) return parseWith(route.query, given);
  const stray = Object.keys(given)[0];
  if (stray !== undefined) {
    const message = `"${stray.slice(0, 64)}" is not a parameter here.`;
    throw new AppError('REQUEST_INVALID', { why: message }, { issues: [{ path: stray.slice(0, 64), message }] });
  }
  return given;
}

/** Which of the shapes that a route takes this body has, going by its Content-Type. Throws NOT_ACCEPTABLE_TYPE. */
export function bodyKind(route: RouteSpec, request: Request): 'json' | 'form' | 'lines' | 'none' {
  const { body } = route;
  if (!body) return 'none';
  const { type, charset } = contentType(request);
  if (type === '' && !hasBody(request)) {
    if (body.optional) return 'none';
    if (body.json) throw new AppError('REQUEST_INVALID', { why: 'A body is needed here.' });
  }
  const wanted = [
    ...(body.json ? ['application/json'] : []),
    ...(body.form ? ['multipart/form-data'] : []),
    ...(body.lines ? ['application/x-ndjson'] : []),
  ].join(', ');
  const refuse = (given: string) => new AppError('NOT_ACCEPTABLE_TYPE', { given, wanted });
  if (body.form && type === 'multipart/form-data') return 'form';
  if (charset !== 'utf-8' && charset !== 'utf8' && charset !== 'us-ascii')
    throw refuse(`charset ${charset.slice(0, 64)}`);
  if (body.lines && LINES_TYPES.includes(type)) return 'lines';
  if (body.json && (type === 'application/json' || type === 'application/merge-patch+json')) return 'json';
  throw refuse(type === '' ? 'a body without Content-Type' : type.slice(0, 64));
}

/** The JSON body, parsed by the route's schema; `{}` where a body is optional and there is none. */
export async function readJson(
  route: RouteSpec,
  request: Request,
  { maxUploadBytes, hold, idleMs }: { readonly maxUploadBytes: number; readonly hold: Hold; readonly idleMs: number },
): Promise<unknown> {
  const { body } = route;
  if (!body?.json) return undefined;
  const bytes = await readBody(request, bodyLimit(body, maxUploadBytes), hold, idleMs);
  const value = bytes.length === 0 && body.optional ? {} : parseJson(bytes);
  if (body.parsedLate) return value;
  const parsed = body.json.safeParse(value);
  if (!parsed.success) throw invalid(parsed.error);
  return parsed.data;
}
