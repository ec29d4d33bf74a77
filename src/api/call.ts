import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Hold } from './body-stream.js';
import type { Context } from './context.js';
import type { RouteSpec } from './contract/route.js';
import type { Caller } from './key-ring.js';

type Parsed<S> = S extends z.ZodType ? z.output<S> : Record<never, never>;
type JsonOf<R extends RouteSpec> = R['body'] extends { readonly parsedLate: true }
  ? unknown
  : R['body'] extends { readonly json: infer S }
    ? Parsed<S>
    : undefined;

/** One request as an operation sees it: parsed by its row of the table, and allowed. */
export interface Call<R extends RouteSpec = RouteSpec> {
  readonly context: Context;
  readonly route: R;
  readonly params: Parsed<R['params']>;
  readonly query: Parsed<R['query']>;
  /** The JSON body; undefined where the request brings a form or lines, which the operation reads itself. */
  readonly json:
    | JsonOf<R>
    | (R['body'] extends { readonly form: unknown } | { readonly lines: unknown } ? undefined : never);
  readonly caller: Caller;
  readonly request: Request;
  readonly response: Response;
  /** Whether addresses of pictures need a signature, since keys exist. */
  readonly signs: boolean;
  /** Counts bytes that this request keeps in memory. Throws OVERLOADED. */
  readonly hold: Hold;
  /** Milliseconds since the request began. */
  tookMs(): number;
  /** Aborted when the client goes away before its answer is whole. */
  signal(): AbortSignal;
}

/** What an operation answers with: JSON, or (`undefined`) whatever it has written itself. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  /** The body as JSON, where it is at hand. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Handler<R extends RouteSpec = RouteSpec> {
  readonly route: R;
  readonly run: (call: Call<R>) => Promise<Answer | undefined>;
}

/** Joins a row of the table and the code that answers it. */
export const handler = <R extends RouteSpec>(route: R, run: Handler<R>['run']): Handler<R> => ({ route, run });

/** Any handler, once the table has checked that each has its own row's types. */
export type AnyHandler = { readonly route: RouteSpec; readonly run: (call: never) => Promise<Answer | undefined> };

export const ok = (body: unknown, headers?: Readonly<Record<string, string>>): Answer =>
  headers ? { status: 200, body, headers } : { status: 200, body };
