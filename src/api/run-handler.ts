import type { Request, RequestHandler, Response } from 'express';
import { AppError } from '../errors.js';
import { allow } from './allow.js';
import type { Answer, AnyHandler, Call } from './call.js';
import type { Context } from './context.js';
import type { RouteSpec } from './contract/route.js';
import { deadline } from './deadline.js';
import { problemHeaders, toAppError, toProblem } from './problem.js';
import { bodyKind, readJson, readParams, readQuery } from './read-request.js';
import { head, sendJson, trace } from './send.js';

/** Longest that an operation may take before its client is told to come back, in ms. Streams have bounds of their own. */
const TIMEOUT_MS = 60_000;
const STREAMS = new Set(['batchItems', 'addEvents', 'streamJob']);
/** How long the rest of a refused body is read and dropped, so that the client gets to see why, in ms. */
const LINGER_MS = 3_000;

/** Called with each JSON answer before it is sent; tests hand one over that compares it with the table. */
export type CheckAnswer = (route: RouteSpec, answer: Answer) => void;

/** A row of the table as Express wants it: who asks, what they ask, the operation, its answer. */
export function runHandler(context: Context, { route, run }: AnyHandler, check?: CheckAnswer): RequestHandler {
  const limited = !STREAMS.has(route.operationId);
  return async (request, response) => {
    trace(response).operation = route.operationId;
    try {
      const call = await readCall(context, route, request, response);
      // The table of handlers has checked that each takes the calls of its own row.
      const work = run(call as never);
      const answer = await (limited ? withTimeout(work) : work);
      if (answer === undefined) return;
      check?.(route, answer);
      send(response, answer);
    } catch (failure) {
      fail(context, request, response, failure);
    }
  };
}

async function readCall(context: Context, route: RouteSpec, request: Request, response: Response): Promise<Call> {
  // Who asks comes first: nobody learns from a message what they may not see, and no body is read in vain.
  const caller = await allow(context, route, request, request.params as { collection?: string; itemId?: string });
  const traced = trace(response);
  traced.keyId = caller.keyId;
  const params = readParams(route, request);
  const query = readQuery(route, request);
  const kind = bodyKind(route, request);
  const maxUploadBytes = context.deps.settings.KINDRED_MAX_UPLOAD_BYTES;
  const hold = context.memory.counter(response);
  let json: unknown;
  if (kind === 'json') json = await readJson(route, request, { maxUploadBytes, hold, idleMs: context.idleMs });
  else if (kind === 'none' && route.body?.json) json = {};
  return {
    context,
    route,
    params,
    query,
    json: json as never,
    caller,
    request,
    response,
    hold,
    signs: context.keys.existed,
    tookMs: () => Math.round((performance.now() - traced.began) * 100) / 100,
    signal: () => gone(response),
  };
}

/** Aborted when the connection closes before the answer is whole. */
function gone(response: Response): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

function withTimeout<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const time = deadline(TIMEOUT_MS, () => reject(new AppError('OVERLOADED', {})));
    work.then(resolve, reject).finally(time.end);
  });
}

function send(response: Response, { status, body, text, headers = {} }: Answer): void {
  if (response.headersSent || response.destroyed) return;
  if (body !== undefined) {
    sendJson(response, status, text ?? JSON.stringify(body), headers);
    return;
  }
  head(response, status, headers);
  response.end();
}

/** Answers with the problem document of a failure; one that comes after the first byte can only break the stream off. */
export function fail(context: Context, request: Request, response: Response, failure: unknown): void {
  const error = toAppError(failure);
  const { requestId, operation } = trace(response);
  if (error.status === 500)
    context.deps.log.error({ requestId, operation, code: error.code, err: error.cause ?? error }, error.message);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (response.destroyed) return;
  if (!request.complete) drop(request);
  sendJson(response, error.status, JSON.stringify(toProblem(error, requestId)), {
    'Content-Type': 'application/problem+json; charset=utf-8',
    ...problemHeaders(error),
  });
}

/** Reads on for a while and throws it away: a connection that is reset at once takes the answer with it. */
function drop(request: Request): void {
  request.unpipe();
  request.resume();
  const timer = setTimeout(() => {
    if (!request.complete) request.destroy();
  }, LINGER_MS);
  request.once('close', () => clearTimeout(timer));
}
