import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { API_POLICY, SAFE_HEADERS } from './headers.js';

/** What is known of a request from its first moment, for its answer, its log line and its figures. */
export interface Trace {
  readonly requestId: string;
  /** `performance.now()` at the beginning. */
  readonly began: number;
  /** The operation, once the router has found it. */
  operation: string;
  keyId: string | null;
  /** Headers that every answer of this request carries beside the constant ones (CORS). */
  readonly headers: Readonly<Record<string, string>>;
}

/** On the response itself: a WeakMap of all responses would cost every collection of garbage much. */
const TRACE = Symbol('trace');
type Traced = ServerResponse & { [TRACE]?: Trace };

export function trace(response: ServerResponse): Trace {
  const found = (response as Traced)[TRACE];
  if (!found) throw new TypeError('This response has no trace: the guard has not seen it.');
  return found;
}

export function setTrace(response: ServerResponse, value: Trace): void {
  (response as Traced)[TRACE] = value;
}

/** The head of any answer: the constant headers, those of the request, and the given ones. */
export function head(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string | number>>,
): void {
  const { requestId, headers: own } = trace(response);
  const all: OutgoingHttpHeaders = {
    ...SAFE_HEADERS,
    'Content-Security-Policy': API_POLICY,
    'Cache-Control': 'no-store',
    'X-Request-Id': requestId,
    ...own,
    ...headers,
  };
  response.writeHead(status, all);
}

/** Answers with text in one piece. */
export function sendText(
  response: ServerResponse,
  status: number,
  text: string | Buffer,
  headers: Readonly<Record<string, string>>,
): void {
  head(response, status, { ...headers, 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}

/** What every JSON answer says, in the flat form that Node writes without sorting or merging anything. */
const JSON_HEAD: readonly string[] = Object.entries({
  ...SAFE_HEADERS,
  'Content-Security-Policy': API_POLICY,
  'Cache-Control': 'no-store',
  'Content-Type': 'application/json; charset=utf-8',
}).flat();

/** Answers with JSON. */
export function sendJson(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const { requestId, headers: own } = trace(response);
  if ('Content-Type' in headers) {
    sendText(response, status, text, headers);
    return;
  }
  const flat = [...JSON_HEAD, 'X-Request-Id', requestId, 'Content-Length', String(Buffer.byteLength(text))];
  for (const name in own) flat.push(name, own[name]!);
  for (const name in headers) flat.push(name, headers[name]!);
  response.writeHead(status, flat);
  response.end(text);
}
