import { connection, readKey, waitUntilReady } from './state/connection.js';

export type Attributes = Readonly<Record<string, unknown>>;
export interface Shown {
  readonly itemId: string;
  readonly attributes?: Attributes;
  readonly imageUrl?: string;
}
/** One reason for a hit: an example, and its share of the similarity. */
export interface Reason {
  readonly itemId?: string;
  readonly similarity: number;
  readonly share: number;
}
export interface Hit extends Shown {
  readonly similarity?: number;
  readonly score?: number;
  readonly explain?: { readonly strategy?: string; readonly because?: readonly Reason[] };
}
export interface Answer {
  readonly hits: readonly Hit[];
  readonly nextCursor?: string;
  readonly strategy?: string;
  readonly modelId: string | null;
  readonly tookMs: number;
}
export interface Collection {
  readonly name: string;
  readonly items: number;
}

/** What the server said was wrong, with its remedy; or that it said nothing. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly remedy: string | undefined;

  constructor(status: number, body: { code?: string; detail?: string; title?: string; remedy?: string }) {
    super(body.detail ?? body.title ?? 'Something went wrong.');
    this.status = status;
    this.code = body.code ?? 'UNKNOWN';
    this.remedy = body.remedy;
  }
}

const UNREACHABLE = {
  code: 'UNREACHABLE',
  detail: 'The server does not answer.',
  remedy: 'Check that it is running; this page goes on by itself when it is back.',
};

/** One request to this server. Throws Problem, and lets the connection know of what concerns the whole page. */
async function call<T>(path: string, init: RequestInit): Promise<T> {
  const key = readKey();
  const headers = new Headers(init.headers);
  if (key) headers.set('Authorization', `Bearer ${key}`);
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers });
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    waitUntilReady({ kind: 'lost' });
    throw new Problem(0, UNREACHABLE);
  }
  if (response.ok) return (await response.json()) as T;
  const problem = new Problem(response.status, await response.json().catch(() => ({ title: response.statusText })));
  if (problem.status === 401) connection.set({ kind: 'key', refused: key !== null });
  if (problem.code === 'NOT_READY') waitUntilReady({ kind: 'waking', why: problem.message });
  throw problem;
}

const at = (collection: string) => `/v1/collections/${encodeURIComponent(collection)}`;
const json = (body: unknown, signal: AbortSignal): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
  signal,
});

/** How many kin are asked for at a time. */
const PAGE = 60;
const PAGE_OF_ITEMS = 1_000;

/** An example as the API takes it. */
export type Example =
  | { readonly itemId: string; readonly weight?: number }
  | { readonly imageUrl: string; readonly weight?: number };

export const api = {
  collections: (signal: AbortSignal) => call<{ collections: Collection[] }>('/v1/collections', { signal }),

  items: (collection: string, cursor: string | undefined, signal: AbortSignal) =>
    call<{ items: Shown[]; nextCursor?: string }>(
      `${at(collection)}/items?limit=${PAGE_OF_ITEMS}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
      { signal },
    ),

  item: (collection: string, itemId: string, signal: AbortSignal) =>
    call<Shown>(`${at(collection)}/items/${encodeURIComponent(itemId)}`, { signal }),

  search: (collection: string, examples: readonly Example[], cursor: string | undefined, signal: AbortSignal) =>
    call<Answer>(`${at(collection)}/search`, json({ examples, k: PAGE, cursor, explain: true }, signal)),

  searchPicture(collection: string, picture: Blob, cursor: string | undefined, signal: AbortSignal) {
    const form = new FormData();
    form.set('image', picture);
    form.set('k', String(PAGE));
    if (cursor) form.set('cursor', cursor);
    return call<Answer>(`${at(collection)}/search`, { method: 'POST', body: form, signal });
  },

  recommend: (collection: string, examples: readonly Example[], cursor: string | undefined, signal: AbortSignal) =>
    call<Answer>(`${at(collection)}/recommendations`, json({ examples, k: PAGE, cursor, explain: true }, signal)),
};

/** The address of an item's thumbnail that is at least so many pixels wide. */
export function thumbnail(imageUrl: string, size: 256 | 512): string {
  const url = new URL(imageUrl, location.href);
  url.searchParams.set('size', String(size));
  return url.href;
}
