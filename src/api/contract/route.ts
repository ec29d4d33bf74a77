import type { z } from 'zod';
import type { Scope } from '../../catalogue/catalogue.js';
import type { ErrorCode } from '../../errors.js';

/** What a route answers with one status. */
export interface AnswerSpec {
  readonly description: string;
  /** Absent where there is no body, or one that JSON does not describe. */
  readonly schema?: z.ZodType;
  /** The content type; JSON where it is not said. */
  readonly type?: string;
  /** Another content type, for whoever asks for it with `Accept`. */
  readonly otherType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a route takes as a body: each key is one content type. */
export interface BodySpec {
  /** application/json, parsed and handed to the operation. */
  readonly json?: z.ZodType;
  /** The operation parses `json` itself, since it has a shorter way for what is asked most. */
  readonly parsedLate?: true;
  /** multipart/form-data: the text fields, each JSON where it is not text. `files` are read by the operation. */
  readonly form?: z.ZodObject;
  /** How many files named `image` a form may bring. */
  readonly files?: number;
  /** application/x-ndjson: the schema of one line, read by the operation as a stream. */
  readonly lines?: z.ZodType;
  /** Whether a request without a body is fine (it then counts as `{}`). */
  readonly optional?: boolean;
  /** `small` is 1 MiB, `large` 16 MiB; `pictures` leaves room for base64 of the largest picture. */
  readonly limit: 'small' | 'large' | 'pictures';
}

/** One row of the table of routes: validation, openapi.yaml, the docs page and the typed client come from it. */
export interface RouteSpec {
  readonly operationId: string;
  readonly method: 'get' | 'put' | 'post' | 'patch' | 'delete';
  /** With `{name}` for each parameter. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: 'search' | 'items' | 'events' | 'experiments' | 'collections' | 'jobs' | 'admin' | 'service';
  /** Who may: a scope, `key` (any key), `open` (everybody), or `picture` (search scope, or a signed address). */
  readonly scope: Scope | 'key' | 'open' | 'picture';
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: BodySpec;
  readonly answers: { readonly [status: number]: AnswerSpec };
  /** Codes beyond those that every route of its kind can give (`commonErrors`). */
  readonly errors: readonly ErrorCode[];
}

export const defineRoute = <const R extends RouteSpec>(route: R): R => route;

/** What any request of this route may be answered with, beside its own errors. */
export function commonErrors(route: RouteSpec): ErrorCode[] {
  const codes: ErrorCode[] = ['REQUEST_INVALID', 'FORBIDDEN', 'OVERLOADED', 'INTERNAL'];
  if (route.scope !== 'open') codes.push('UNAUTHENTICATED', 'RATE_LIMITED', 'CATALOGUE_UNAVAILABLE');
  if (route.body) codes.push('BODY_TOO_LARGE', 'NOT_ACCEPTABLE_TYPE', 'REQUEST_TIMEOUT');
  return codes;
}
