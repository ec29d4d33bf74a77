import createFetchClient, { type Client } from 'openapi-fetch';
import type { paths } from './schema.js';

export interface ClientOptions {
  /** `http://127.0.0.1:8080`; in a page that the server itself serves, leave it out. */
  readonly baseUrl?: string;
  /** A bearer key, where keys exist. */
  readonly key?: string;
  /** Another fetch: for tests, or behind a proxy. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

export type KindredClient = Client<paths>;

/**
 * The typed client of the API, for browsers and Node: `client.POST('/v1/collections/{collection}/search', {params, body})`
 * answers with `data` or `error`, each typed by the contract.
 */
export function createClient({ baseUrl = '', key, fetch }: ClientOptions = {}): KindredClient {
  return createFetchClient<paths>({
    baseUrl: baseUrl.replace(/\/+$/, ''),
    ...(key === undefined ? {} : { headers: { Authorization: `Bearer ${key}` } }),
    ...(fetch === undefined ? {} : { fetch }),
  });
}
