import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import busboy from 'busboy';
import express, { type Request, type Response } from 'express';
import helmet from 'helmet';
import sharp from 'sharp';
import type { Attributes } from '../../src/catalogue/catalogue.js';
import { unit, type Vector } from '../../src/core/vectors.js';
import { AppError } from '../../src/errors.js';
import { createPlanner } from '../../src/recommend/plan.js';
import type { Example, Hit } from '../../src/recommend/planner.js';
import { asking, behaviourOf, smallIndex } from '../recommend/small-world.js';

export interface StubItem {
  readonly itemId: string;
  readonly picture?: Buffer;
  readonly attributes: Attributes;
}
export interface StubServer {
  readonly address: string;
  /** What the server does next: answer, ask for this key, or say that it is not ready. */
  readonly mood: { key?: string; notReady?: boolean };
  close(): Promise<void>;
}

/** Side of the thumbnail whose colours stand in for an embedding. */
const SIDE = 8;

async function embed(picture: Buffer): Promise<Vector> {
  const flat = sharp(picture).flatten({ background: '#808080' }).resize(SIDE, SIDE, { fit: 'fill' });
  const pixels = await flat.toColourspace('srgb').raw().toBuffer();
  return unit(Float32Array.from(pixels, (value) => value - 128));
}

function pictureOf(request: Request): Promise<{ picture: Buffer; fields: Record<string, string> }> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    const fields: Record<string, string> = {};
    const form = busboy({ headers: request.headers });
    form.on('file', (_name, stream) => stream.on('data', (part: Buffer) => parts.push(part)));
    form.on('field', (name, value) => {
      fields[name] = value;
    });
    form.on('error', reject);
    form.on('close', () => resolve({ picture: Buffer.concat(parts), fields }));
    request.pipe(form);
  });
}

const refuse = (response: Response, error: AppError): void => {
  const body = {
    title: error.code,
    status: error.status,
    code: error.code,
    detail: error.message,
    remedy: error.remedy,
  };
  response.status(error.status).type('application/problem+json').send(JSON.stringify(body));
};

/**
 * The API's shapes over a handful of pictures, with the real planner behind them and colours for embeddings: what the
 * page needs, without a model or a catalogue on disk. The security headers are stricter than the real server's.
 */
export async function startStub(page: string, collections: Record<string, readonly StubItem[]>): Promise<StubServer> {
  const worlds = new Map(
    await Promise.all(
      Object.entries(collections).map(async ([name, items]) => {
        const embedded = items.map(async ({ itemId, picture, attributes }, createdAt) => ({
          itemId,
          attributes,
          createdAt,
          ...(picture ? { vector: await embed(picture) } : {}),
        }));
        const index = smallIndex(await Promise.all(embedded), SIDE * SIDE * 3);
        return [name, { index, pictures: new Map(items.map((item) => [item.itemId, item.picture])) }] as const;
      }),
    ),
  );
  const world = (name: unknown) => {
    const found = worlds.get(String(name));
    if (!found) throw new AppError('COLLECTION_NOT_FOUND', { collection: String(name) });
    return found;
  };
  const plan = createPlanner({ live: async (name) => world(name).index, behaviour: behaviourOf() });
  const mood: StubServer['mood'] = {};
  const app = express();
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'"],
          imgSrc: ["'self'", 'data:'],
          connectSrc: ["'self'"],
        },
      },
    }),
  );
  app.use(express.static(page));
  app.get('/readyz', (_request, response) => {
    if (mood.notReady) refuse(response, new AppError('NOT_READY', { why: 'The index is still loading.' }));
    else response.json({ status: 'ready' });
  });
  app.use('/v1', (request, response, next) => {
    if (mood.notReady) refuse(response, new AppError('NOT_READY', { why: 'The index is still loading.' }));
    else if (mood.key && !request.path.endsWith('/image') && request.headers.authorization !== `Bearer ${mood.key}`)
      refuse(response, new AppError('UNAUTHENTICATED', {}));
    else next();
  });
  const shown = (name: string, hit: { itemId: string; attributes: Attributes }) => ({
    itemId: hit.itemId,
    attributes: hit.attributes,
    ...(world(name).pictures.get(hit.itemId)
      ? { imageUrl: `/v1/collections/${name}/items/${encodeURIComponent(hit.itemId)}/image` }
      : {}),
  });
  const answer = async (name: string, examples: Example[], k: number, cursor: string | undefined, scored: boolean) => {
    const offset = Number(cursor ?? 0);
    const { hits, more, strategy } = await plan(name, asking({ examples, k, offset, scored, explain: true }));
    return {
      hits: hits.map(({ hasPicture, ...hit }: Hit) => ({ ...hit, ...shown(name, hit) })),
      ...(more ? { nextCursor: String(offset + k) } : {}),
      ...(scored ? { strategy } : {}),
      indexId: 'index-1',
      modelId: 'colours',
      tookMs: 0.4,
    };
  };
  const collectionOf = (request: Request) => String(request.params.collection);
  app.get('/v1/collections', (_request, response) => {
    response.json({ collections: [...worlds].map(([name, { pictures }]) => ({ name, items: pictures.size })) });
  });
  app.get('/v1/collections/:collection/items', (request, response) => {
    const name = collectionOf(request);
    const all = [...world(name).index.items()];
    const from = Number(request.query.cursor ?? 0);
    const to = from + Number(request.query.limit ?? 100);
    const items = all.slice(from, to).map((item) => shown(name, item));
    response.json({ items, ...(to < all.length ? { nextCursor: String(to) } : {}) });
  });
  app.get('/v1/collections/:collection/items/:itemId', (request, response) => {
    const { itemId } = request.params;
    const item = world(collectionOf(request)).index.item(itemId);
    if (!item) throw new AppError('ITEM_NOT_FOUND', { itemId });
    response.json(shown(collectionOf(request), item));
  });
  app.get('/v1/collections/:collection/items/:itemId/image', (request, response) => {
    response.type('image/webp').send(world(collectionOf(request)).pictures.get(request.params.itemId));
  });
  app.post('/v1/collections/:collection/search', express.json(), async (request, response) => {
    const name = collectionOf(request);
    if (request.is('multipart/form-data')) {
      const { picture, fields } = await pictureOf(request);
      const vector = await embed(picture).catch((cause: Error) => {
        throw new AppError('PICTURE_UNREADABLE', { why: cause.message });
      });
      response.json(
        await answer(name, [{ kind: 'vector', vector, weight: 1 }], Number(fields.k), fields.cursor, false),
      );
    } else {
      const { examples, k, cursor } = request.body as { examples: { itemId: string }[]; k: number; cursor?: string };
      const items = examples.map(({ itemId }) => ({ kind: 'item', itemId, weight: 1 }) as const);
      response.json(await answer(name, items, k, cursor, false));
    }
  });
  app.post('/v1/collections/:collection/recommendations', express.json(), async (request, response) => {
    const body = request.body as { examples: { itemId: string; weight: number }[]; k: number; cursor?: string };
    const items = body.examples.map(({ itemId, weight }) => ({ kind: 'item', itemId, weight }) as const);
    response.json(await answer(collectionOf(request), items, body.k, body.cursor, true));
  });
  app.use((error: unknown, _request: Request, response: Response, _next: () => void) => {
    refuse(response, error instanceof AppError ? error : new AppError('INTERNAL', {}, { cause: error }));
  });

  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mood,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
