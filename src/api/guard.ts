import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { AppError } from '../errors.js';
import type { Context } from './context.js';
import { head, setTrace, type Trace, trace } from './send.js';
import { whyOutside } from './why-outside.js';

/** Requests that may be in work at once; more are shed before they cost anything. */
const MOST_IN_FLIGHT = 1_024;
/** Requests slower than this are always logged, in ms. */
const SLOW_MS = 1_000;
/** One in so many fast successes is logged. */
const SAMPLE = 1_000;

const GIVEN_ID = /^[\w.-]{1,64}$/;
const PAGES = new Set(['/', '/docs', '/index.html']);
/** Probes come from anywhere and learn nothing. */
const PROBES = new Set(['/healthz', '/readyz']);
const CORS_METHODS = 'GET, PUT, POST, PATCH, DELETE';
const NOTHING: Readonly<Record<string, string>> = {};

/** The first thing every request meets: a trace, CORS, the rules of a server without keys, and the bound on load. */
export function guard(context: Context): RequestHandler {
  const { deps, corsOrigins } = context;
  let inFlight = 0;
  let count = 0;
  const run = Math.floor(deps.now() % 2 ** 31).toString(36);
  deps.metrics.gauge('kindred_http_requests_in_flight', 'Requests in work.', () => inFlight);

  const finished = (request: Request, response: Response): void => {
    inFlight -= 1;
    const { operation, began, requestId, keyId } = trace(response);
    const tookMs = performance.now() - began;
    const status = response.writableFinished ? response.statusCode : 0;
    deps.metrics.observe(operation, status, tookMs / 1_000);
    const slow = tookMs > SLOW_MS && operation !== 'streamJob' && operation !== 'batchItems';
    if (!slow && status < 500 && count % SAMPLE !== 0) return;
    // The path without its query, which may hold a signature.
    const fields = { requestId, operation, method: request.method, path: request.path, status, tookMs, keyId };
    deps.log[status >= 500 ? 'warn' : 'info'](fields, 'request');
  };

  return (request, response, next) => {
    count += 1;
    inFlight += 1;
    const given = request.headers['x-request-id'];
    const requestId = typeof given === 'string' && GIVEN_ID.test(given) ? given : `${run}-${count.toString(36)}`;
    const traced: Trace = {
      requestId,
      began: performance.now(),
      operation: 'none',
      keyId: null,
      headers: corsOrigins.size === 0 ? NOTHING : corsHeaders(corsOrigins, request.headers.origin),
    };
    setTrace(response, traced);
    response.once('close', () => finished(request, response));

    if (inFlight > MOST_IN_FLIGHT && !PROBES.has(request.path)) throw new AppError('OVERLOADED', {});
    if (isPreflight(request) && traced.headers['Access-Control-Allow-Origin'] !== undefined) {
      answerPreflight(response);
      return;
    }
    const exist = context.keys.exist();
    if (exist === true) next();
    else if (exist === false) admit(context, request, next);
    else exist.then((keys) => (keys ? next() : admit(context, request, next))).catch(next);
  };
}

/** Without keys: only what comes from this machine, and from no page but its own. */
function admit(context: Context, request: Request, next: NextFunction): void {
  const why = PROBES.has(request.path) ? null : outside(context, request);
  if (why === null) next();
  else next(new AppError('FORBIDDEN', { why }));
}

function outside(context: Context, request: Request): string | null {
  return whyOutside({
    headers: request.headers,
    // Express works out what trusted proxies forward; without one there is nothing to work out.
    host: (context.trustsProxy ? request.host : request.headers.host) ?? '',
    address: (context.trustsProxy ? request.ip : request.socket.remoteAddress) ?? '',
    trustsProxy: context.trustsProxy,
    corsOrigins: context.corsOrigins,
    isPage: request.method === 'GET' && PAGES.has(request.path),
  });
}

function corsHeaders(origins: ReadonlySet<string>, origin: string | undefined): Readonly<Record<string, string>> {
  if (origin === undefined || !origins.has(origin))
    return { Vary: 'Origin', 'Cross-Origin-Resource-Policy': 'cross-origin' };
  return {
    Vary: 'Origin',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Expose-Headers': 'Location, Retry-After, X-Request-Id, ETag',
  };
}

const isPreflight = (request: Request): boolean =>
  request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;

function answerPreflight(response: Response): void {
  head(response, 204, {
    'Access-Control-Allow-Methods': CORS_METHODS,
    'Access-Control-Allow-Headers': 'Authorization, Content-Type, X-Request-Id, If-None-Match',
    'Access-Control-Max-Age': '600',
  });
  response.end();
}
