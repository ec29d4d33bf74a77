import express, { type ErrorRequestHandler, type Express } from 'express';
import { AppError } from '../errors.js';
import { type BodyBounds, createContext } from './context.js';
import { ROUTES } from './contract/index.js';
import type { ApiDeps } from './deps.js';
import { docsPages } from './docs-pages.js';
import { guard } from './guard.js';
import { page } from './page.js';
import { HANDLERS } from './routes/index.js';
import { type CheckAnswer, fail, runHandler } from './run-handler.js';
import { unmatched } from './unmatched.js';

export interface ApiOptions {
  /** Aborted when the server begins to close, so that streams end. `createServer` hands in its own. */
  readonly closing?: AbortSignal;
  /** For tests: called with every JSON answer. */
  readonly checkAnswer?: CheckAnswer;
  readonly bodies?: Partial<BodyBounds>;
}

/** `/v1/items/{itemId}/a:b` as Express writes it, where a colon begins a parameter. */
export const expressPath = (path: string): string => path.replaceAll(':', '\\:').replaceAll(/\{(\w+)\}/g, ':$1');

/** Builds the app and opens nothing: tests hand it to supertest, `createServer` listens. */
export function createApi(deps: ApiDeps, options: ApiOptions = {}): Express {
  const context = createContext(deps, options.closing ?? new AbortController().signal, options.bodies);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.enable('strict routing');
  app.set('query parser', false);
  setTrustProxy(app, deps.settings.KINDRED_TRUST_PROXY);

  app.use(guard(context));
  for (const [operationId, route] of Object.entries(ROUTES)) {
    const found = HANDLERS[operationId as keyof typeof HANDLERS];
    app[route.method](expressPath(route.path), runHandler(context, found, options.checkAnswer));
  }
  docsPages(app);
  page(app, deps.pageFolder);
  app.use(unmatched);
  const failed: ErrorRequestHandler = (failure, request, response, _next) => {
    fail(context, request, response, failure);
  };
  app.use(failed);
  return app;
}

/** A number of hops, `true`, or subnets as Express takes them. Throws SETTINGS_INVALID. */
function setTrustProxy(app: Express, setting: string | undefined): void {
  if (setting === undefined) return;
  const value = /^\d+$/.test(setting) ? Number(setting) : setting === 'true' ? true : setting;
  try {
    app.set('trust proxy', value);
  } catch (cause) {
    throw new AppError('SETTINGS_INVALID', { why: `KINDRED_TRUST_PROXY: ${String(cause)}` }, { cause });
  }
}
