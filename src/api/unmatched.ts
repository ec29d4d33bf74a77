import type { RequestHandler } from 'express';
import { AppError } from '../errors.js';
import { ROUTES } from './contract/index.js';
import { head } from './send.js';

const PAGES = ['/', '/docs'];

/** Paths and the methods they take, to tell a wrong method from a wrong path. */
const PATHS: readonly { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [
  ...PAGES.map((path) => ({ path, method: 'get' })),
  ...Object.values(ROUTES),
].map(({ path, method }) => ({
  pattern: new RegExp(`^${path.replaceAll(/[.]/g, '\\$&').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  methods: method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()],
}));

/** The last thing a request meets: OPTIONS is answered, a wrong method told from a wrong path. */
export const unmatched: RequestHandler = (request, response) => {
  const path = request.path;
  const methods = PATHS.filter(({ pattern }) => pattern.test(path)).flatMap((row) => row.methods);
  if (methods.length === 0) throw new AppError('ROUTE_NOT_FOUND', { path: path.slice(0, 200) });
  const allowed = [...methods, 'OPTIONS'].join(', ');
  if (request.method !== 'OPTIONS') throw new AppError('METHOD_NOT_ALLOWED', { method: request.method, allowed });
  head(response, 204, { Allow: allowed });
  response.end();
};
