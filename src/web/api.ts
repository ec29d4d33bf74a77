import { createClient } from '../client/create-client.js';
import type { components } from '../client/schema.js';
import { Problem, type ProblemDocument } from './problem.js';
import { connection, readKey, waitUntilReady } from './state/connection.js';

type Schemas = components['schemas'];
export type Attributes = Schemas['Attributes'];
export type Collection = Schemas['Collection'];
/** What it takes to show an item. */
export type Shown = Pick<Schemas['Hit'], 'itemId' | 'attributes' | 'imageUrl'>;
/** One reason for a hit: an example, and its share of the similarity. */
export interface Reason {
  readonly itemId?: string;
  readonly similarity: number;
  readonly share: number;
}
export type Hit = Schemas['Hit'] & { explain?: { because?: readonly Reason[] } };
export type Answer = Omit<Schemas['SearchAnswer'], 'hits' | 'indexId'> & { readonly hits: readonly Hit[] };
/** Where a hit and an example are alike. */
export type Explained = Schemas['ExplainAnswer'];
/** An example as the API takes it. */
export type Example = Pick<Schemas['Example'], 'itemId' | 'imageUrl' | 'weight'>;

const UNREACHABLE = {
  code: 'UNREACHABLE',
  detail: 'The server does not answer.',
  remedy: 'Check that it is running; this page goes on by itself when it is back.',
};

/** Carries the key, and lets the connection know of what concerns the whole page. Throws Problem where nothing answers. */
async function carry(request: Request): Promise<Response> {
  const key = readKey();
  if (key) request.headers.set('Authorization', `Bearer ${key}`);
  const response = await fetch(request).catch((cause: unknown) => {
    if (request.signal.aborted) throw cause;
    waitUntilReady({ kind: 'lost' });
    throw new Problem(UNREACHABLE);
  });
  if (response.status === 401) connection.set({ kind: 'key', refused: key !== null });
  return response;
}

const client = createClient({ fetch: carry });

/** What was answered. Throws Problem with what the server said otherwise. */
async function answered<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call;
  if (data !== undefined) return data;
  const document = typeof error === 'object' ? (error as ProblemDocument | null) : null;
  const problem = new Problem({ title: response.statusText, ...document, status: response.status });
  if (problem.code === 'NOT_READY') waitUntilReady({ kind: 'waking', why: problem.message });
  throw problem;
}

/** The server answers with a PNG only where one is asked for by name, which this page never does. */
const inJson = (answer: Explained | string): Explained => answer as Explained;

/** A picture that is here and not on the server, or a part of one. */
interface BroughtPicture {
  readonly picture: Blob;
  readonly region: Schemas['Region'] | undefined;
}

function pictureForm(picture: Blob, region: BroughtPicture['region']): FormData {
  const form = new FormData();
  if (region) form.set('region', JSON.stringify(region));
  form.set('image', picture);
  return form;
}

/** How many kin are asked for at a time. */
const PAGE = 60;
const PAGE_OF_ITEMS = 1_000;
/** What an answer is held to, and where it goes on. */
export interface Wish {
  readonly cursor: string | undefined;
  readonly minConfidence?: number | undefined;
}
const given = ({ cursor, minConfidence }: Wish) => ({
  ...(cursor === undefined ? {} : { cursor }),
  ...(minConfidence === undefined ? {} : { minConfidence }),
});

export const api = {
  collections: (signal: AbortSignal) => answered(client.GET('/v1/collections', { signal })),

  items: (collection: string, cursor: string | undefined, signal: AbortSignal) =>
    answered(
      client.GET('/v1/collections/{collection}/items', {
        params: { path: { collection }, query: { limit: PAGE_OF_ITEMS, ...given({ cursor }) } },
        signal,
      }),
    ),

  item: (collection: string, itemId: string, signal: AbortSignal): Promise<Shown> =>
    answered(
      client.GET('/v1/collections/{collection}/items/{itemId}', { params: { path: { collection, itemId } }, signal }),
    ),

  search: (collection: string, examples: Example[], wish: Wish, signal: AbortSignal): Promise<Answer> =>
    answered(
      client.POST('/v1/collections/{collection}/search', {
        params: { path: { collection } },
        body: { examples, k: PAGE, ...given(wish) },
        signal,
      }),
    ),

  searchPicture: (
    collection: string,
    { picture, region }: BroughtPicture,
    wish: Wish,
    signal: AbortSignal,
  ): Promise<Answer> =>
    answered(
      client.POST('/v1/collections/{collection}/search', {
        params: { path: { collection } },
        body: { k: PAGE, ...given(wish) },
        bodySerializer: (fields) => {
          const form = pictureForm(picture, region);
          for (const [name, value] of Object.entries(fields)) form.set(name, String(value));
          return form;
        },
        signal,
      }),
    ),

  explain: (
    collection: string,
    itemId: string,
    example: Pick<Schemas['PictureExample'], 'itemId' | 'imageUrl'>,
    signal: AbortSignal,
  ): Promise<Explained> =>
    answered(
      client.POST('/v1/collections/{collection}/items/{itemId}/explain', {
        params: { path: { collection, itemId } },
        body: { example },
        signal,
      }),
    ).then(inJson),

  explainPicture: (
    collection: string,
    itemId: string,
    { picture, region }: BroughtPicture,
    signal: AbortSignal,
  ): Promise<Explained> =>
    answered(
      client.POST('/v1/collections/{collection}/items/{itemId}/explain', {
        params: { path: { collection, itemId } },
        body: {},
        bodySerializer: () => pictureForm(picture, region),
        signal,
      }),
    ).then(inJson),

  recommend: (
    collection: string,
    examples: Example[],
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<Answer> =>
    answered(
      client.POST('/v1/collections/{collection}/recommendations', {
        params: { path: { collection } },
        body: { examples, k: PAGE, explain: true, ...given({ cursor }) },
        signal,
      }),
    ),
};

/** The address of an item's thumbnail that is at least so many pixels wide. */
export function thumbnail(imageUrl: string, size: 256 | 512): string {
  const url = new URL(imageUrl, location.href);
  url.searchParams.set('size', String(size));
  return url.href;
}
