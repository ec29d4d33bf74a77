import type { IncomingHttpHeaders } from 'node:http';

/** The rules of a server without keys: only this machine, and no page but its own. */

const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;
const LOOPBACK_ADDRESS = /^(127\.|::1$|::ffff:127\.)/;
/** What proxies add. Without `trust proxy` nobody may speak for somebody else, so such a request came from outside. */
const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'] as const;

export interface Visit {
  readonly headers: IncomingHttpHeaders;
  /** The host the client named, through proxies that are trusted. */
  readonly host: string;
  /** The client's address, through proxies that are trusted. */
  readonly address: string;
  readonly trustsProxy: boolean;
  /** Origins that the setting lets in. */
  readonly corsOrigins: ReadonlySet<string>;
  /** Whether this address is a page, which other pages may link to. */
  readonly isPage: boolean;
}

/** Why a request may not come in without a key; null where it may. */
export function whyOutside(visit: Visit): string | null {
  const { headers, host, corsOrigins } = visit;
  if (!visit.trustsProxy && PROXY_HEADERS.some((name) => headers[name] !== undefined))
    return 'Without a key, requests through a proxy are refused; set KINDRED_TRUST_PROXY, or make a key.';
  if (!LOOPBACK_HOST.test(host)) return `Without a key, only loopback hosts are served, not "${host.slice(0, 100)}".`;
  if (!LOOPBACK_ADDRESS.test(visit.address)) return 'Without a key, only this machine is served.';
  const { origin } = headers;
  if (origin !== undefined && !corsOrigins.has(origin) && origin !== `http://${host}` && origin !== `https://${host}`)
    return 'Without a key, other web pages may not call this server.';
  // A page elsewhere can load pictures and scripts from here without an Origin; browsers then say where they stand.
  const site = headers['sec-fetch-site'];
  const navigates = visit.isPage && headers['sec-fetch-mode'] === 'navigate';
  const allowed = site === undefined || site === 'same-origin' || site === 'none' || navigates;
  if (!allowed && !(origin !== undefined && corsOrigins.has(origin)))
    return 'Without a key, other web pages may not call this server.';
  return null;
}
