import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector, request } from 'undici';
import { AppError } from '../errors.js';
import { isPublicAddress } from './public-address.js';

/** `(url, signal) => bytes`. Throws URL_REFUSED, URL_FAILED, PICTURE_TOO_LARGE. */
export type FetchPicture = (url: string, signal?: AbortSignal) => Promise<Buffer>;

export interface FetchOptions {
  readonly maxBytes: number;
  /** Lets addresses through that are not public. Only for tests and closed networks (false). */
  readonly allowPrivate?: boolean;
  /** For all of it, redirects included, in milliseconds (15,000). */
  readonly timeoutMs?: number;
  /** What turns names into addresses; the system's where it isn't given. */
  readonly lookup?: LookupFunction;
}

const REDIRECTS = 3;
const TIMEOUT_MS = 15_000;
const MOVED = new Set([301, 302, 303, 307, 308]);

const refused = (why: string): AppError => new AppError('URL_REFUSED', { why });

/** Resolves a name and refuses it if any of its addresses is not public: the connection goes to what was checked. */
function guardedLookup(lookup: LookupFunction): LookupFunction {
  return (hostname, options, done) => {
    lookup(hostname, options, (error, address, family) => {
      const found = typeof address === 'string' ? [address] : (address ?? []).map((each) => each.address);
      if (!error && !found.every(isPublicAddress)) done(refused('it leads to a private network'), '', 0);
      else done(error, address, family);
    });
  };
}

/** Connects to public addresses only. Names are checked as they are resolved; literals, which never are, before. */
function guardedConnector(lookup: LookupFunction): buildConnector.connector {
  const connect = buildConnector({ lookup: guardedLookup(lookup), timeout: TIMEOUT_MS });
  return (options, done) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !isPublicAddress(host)) {
      done(refused('it leads to a private network'), null);
      return;
    }
    connect(options, (error, socket) => {
      if (error !== null) done(error, null);
      else if (isPublicAddress(socket.remoteAddress ?? '')) done(null, socket);
      else {
        socket.destroy();
        done(refused('it leads to a private network'), null);
      }
    });
  };
}

function checkedUrl(text: string, base?: URL): URL {
  let url: URL;
  try {
    url = new URL(text, base); // Also turns 2130706433, 0x7f.1 and 0177.0.0.1 into 127.0.0.1.
  } catch {
    throw refused('it is no address');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refused(`${url.protocol} is not http or https`);
  if (url.username !== '' || url.password !== '') throw refused('it carries a name or a password');
  return url;
}

async function readBounded(body: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxBytes) throw new AppError('PICTURE_TOO_LARGE', { limit: `${maxBytes} bytes` });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Makes a fetcher that reaches public addresses only, whatever an address, its redirects (three at most, each checked
 * anew) or a name server say. Bytes and time are bounded; the type the server claims is not believed, and no
 * environment proxy is used.
 */
export function createFetchPicture(options: FetchOptions): FetchPicture {
  const { maxBytes, allowPrivate = false, timeoutMs = TIMEOUT_MS, lookup = systemLookup as LookupFunction } = options;
  const agent = new Agent({
    connect: allowPrivate ? { lookup, timeout: TIMEOUT_MS } : guardedConnector(lookup),
    keepAliveTimeout: 1_000,
  });

  async function follow(first: URL, signal: AbortSignal): Promise<Buffer> {
    let url = first;
    for (let hop = 0; hop <= REDIRECTS; hop++) {
      const headers = { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'kindred' };
      const answer = await request(url, { dispatcher: agent, signal, headers });
      try {
        const { location } = answer.headers;
        if (MOVED.has(answer.statusCode) && typeof location === 'string') url = checkedUrl(location, url);
        else if (answer.statusCode !== 200)
          throw new AppError('URL_FAILED', { why: `it answered ${answer.statusCode}` });
        else if (Number(answer.headers['content-length'] ?? 0) > maxBytes)
          throw new AppError('PICTURE_TOO_LARGE', { limit: `${maxBytes} bytes` });
        else return await readBounded(answer.body, maxBytes);
      } finally {
        answer.body.on('error', () => {}).destroy(); // What is not wanted is not waited for.
      }
    }
    throw new AppError('URL_FAILED', { why: `it redirects more than ${REDIRECTS} times` });
  }

  return async (text, signal) => {
    const url = checkedUrl(text);
    const bound = AbortSignal.timeout(timeoutMs);
    try {
      return await follow(url, signal === undefined ? bound : AbortSignal.any([signal, bound]));
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      if (bound.aborted) throw new AppError('URL_FAILED', { why: `it took longer than ${timeoutMs} ms` }, { cause });
      if (signal?.aborted) throw new AppError('URL_FAILED', { why: 'it was given up' }, { cause });
      const { code, message } = cause as NodeJS.ErrnoException;
      throw new AppError('URL_FAILED', { why: code ?? message }, { cause });
    }
  };
}
