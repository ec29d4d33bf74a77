import { createServer as createHttpServer } from 'node:http';
import { connect } from 'node:net';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBody } from '../../src/api/body-stream.js';
import { createServer } from '../../src/api/create-server.js';
import { toAppError, toProblem } from '../../src/api/problem.js';
import type { Log } from '../../src/core/log.js';
import { AppError, ERRORS, type ErrorCode } from '../../src/errors.js';
import { changed } from './changed.js';
import { MODEL, openRig, picture, type Rig } from './open-rig.js';

/** Codes that no request causes; they are thrown in the tests of whoever throws them. */
const ELSEWHERE: readonly ErrorCode[] = [
  'BACKBONE_INVALID',
  'BACKBONE_OPERATOR_UNKNOWN',
  'BEHAVIOUR_DAMAGED',
  'BEHAVIOUR_NOT_FOUND',
  'CANCELLED',
  'CATALOGUE_NEWER',
  'CHECKPOINT_INVALID',
  'CLAIM_LOST',
  'CLASSIFIER_INVALID',
  'COMPARISON_IMPOSSIBLE',
  'ENGINE_UNAVAILABLE',
  'EVALUATION_IMPOSSIBLE',
  'EVENTS_MISSING',
  'EVENTS_TOO_FEW',
  'EVENTS_UNREADABLE',
  'FUNCTION_NOT_TRACEABLE',
  'IMPRESSIONS_MISSING',
  'KEY_NOT_FOUND',
  'LABELS_UNUSABLE',
  'LEARNING_STOPPED',
  'MODEL_DAMAGED',
  'MODEL_EXISTS',
  'MODEL_WITHOUT_MAP',
  'OUTPUT_UNWRITABLE',
  'PARAMETERS_INVALID',
  'PORT_TAKEN',
  'SAMPLE_INVALID',
  'SETTINGS_INVALID',
  'SOURCE_UNUSABLE',
  'TENSOR_MISMATCH',
  'TOO_FEW_SAMPLES',
  'TRAINING_COLLAPSED',
  'TRAINING_DIVERGED',
  'VIEWS_FAILED',
];

const KEY = 'an-admin-key-of-the-tests';
const at = (path: string) => `/v1/collections/default${path}`;
const post = (rig: Rig, path: string, body: object) => request(rig.app).post(at(path)).send(body);
const search = (rig: Rig, body: object) => post(rig, '/search', body);
const put = (rig: Rig, itemId: string, body: object) =>
  request(rig.app)
    .put(at(`/items/${itemId}`))
    .send(body);
const failing = (rig: Rig, failure: unknown) =>
  request(
    rig.again({
      intake: {
        put: async () => {
          throw failure;
        },
      },
    }),
  )
    .put(at('/items/a'))
    .send({ attributes: {} });

/** What a client sees of a request that a plain socket sends. */
async function raw(rig: Rig, text: string): Promise<{ status: number; body: { code: string } }> {
  const server = createServer(() => rig.app);
  const port = await server.listen(0, '127.0.0.1');
  const answer = await new Promise<string>((resolve, reject) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => {
      heard += chunk.toString();
    });
    socket.on('close', () => resolve(heard));
    socket.on('error', reject);
  });
  await server.close(100);
  return { status: Number(answer.split(' ')[1]), body: JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) };
}

/** One request a code that can only be answered with it. */
const PROVOKED: Partial<Record<ErrorCode, (rig: Rig) => PromiseLike<{ status: number; body: { code: string } }>>> = {
  BODY_TOO_LARGE: (rig) => put(rig, 'a', { image: 'A'.repeat(2_000_000) }),
  BLOB_DAMAGED: (rig) =>
    request(rig.again({ blobs: { ...rig.deps.blobs, get: async () => undefined } })).get(at('/items/p1/image')),
  CATALOGUE_UNAVAILABLE: (rig) => failing(rig, new AppError('CATALOGUE_UNAVAILABLE', { why: 'it is away.' })),
  COLLECTION_ENCODER_FIXED: (rig) => request(rig.app).put('/v1/collections/default').send({ encoder: 'none' }),
  COLLECTION_NOT_FOUND: (rig) => request(rig.app).get('/v1/collections/nowhere'),
  CURSOR_GONE: async (rig) => {
    const { body } = await search(rig, { examples: [{ itemId: 'p1' }], k: 1 });
    const live = await rig.deps.live.get('default');
    const moved = changed(live, { indexId: 'another' });
    return request(rig.again({ live: { ...rig.deps.live, get: async () => moved } }))
      .post(at('/search'))
      .send({ examples: [{ itemId: 'p1' }], k: 1, cursor: body.nextCursor });
  },
  CURSOR_INVALID: (rig) => search(rig, { examples: [{ itemId: 'p1' }], cursor: 'made-up' }),
  DISK_FULL: (rig) => failing(rig, Object.assign(new Error('no space left'), { code: 'ENOSPC' })),
  EXPERIMENT_NOT_FOUND: (rig) => request(rig.app).get(at('/experiments/none')),
  EXPERIMENT_OVERLAP: async (rig) => {
    const body = { variants: [{ name: 'a', share: 1 }] };
    await request(rig.app).put(at('/experiments/first')).send(body);
    const answer = await request(rig.app).put(at('/experiments/second')).send(body);
    await request(rig.app).delete(at('/experiments/first'));
    return answer;
  },
  FORBIDDEN: (rig) => request(rig.app).get('/v1/collections').set('Origin', 'https://evil.example'),
  HEADERS_TOO_LARGE: (rig) => raw(rig, `GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`),
  INDEX_DAMAGED: (rig) => activate(rig, new AppError('INDEX_DAMAGED', { indexId: 'i', why: 'a hash differs.' })),
  INDEX_NOT_FOUND: (rig) => activate(rig, new AppError('INDEX_NOT_FOUND', { indexId: 'i' })),
  INTERNAL: (rig) => failing(rig, new Error('a bug')),
  ITEM_NOT_EMBEDDED: (rig) => search(rig, { examples: [{ itemId: 'bare' }] }),
  ITEM_NOT_FOUND: (rig) => request(rig.app).get(at('/items/nobody')),
  JOB_NOT_FOUND: (rig) => request(rig.app).get('/v1/admin/jobs/none'),
  METHOD_NOT_ALLOWED: (rig) => request(rig.app).patch('/v1/collections').send({}),
  MODEL_MISMATCH: (rig) => search(rig, { examples: [{ vector: [1], modelId: 'other' }] }),
  MODEL_NOT_FOUND: (rig) => request(rig.app).put('/v1/collections/new').send({ encoder: 'nobody' }),
  NOT_ACCEPTABLE_TYPE: (rig) => request(rig.app).post(at('/search')).type('text/plain').send('red'),
  NOT_CALIBRATED: (rig) => search(rig, { examples: [{ itemId: 'p1' }], minConfidence: 0.5 }),
  NOT_READY: (rig) => request(rig.again({ live: { ...rig.deps.live, pending: () => 'loading' } })).get('/readyz'),
  OVERLOADED: async (rig) => {
    const image = (await picture(1)).toString('base64');
    const stuck = rig.again({
      embedders: { ...rig.deps.embedders, get: () => new Promise((resolve) => setTimeout(resolve, 300)) },
    });
    const many = Array.from({ length: 80 }, () => request(stuck).post(at('/embed')).send({ image }));
    const answers = await Promise.all(many);
    return answers.find(({ status }) => status === 503) ?? (answers[0] as (typeof answers)[number]);
  },
  PICTURE_MISSING: (rig) => request(rig.app).get(at('/items/bare/image')),
  PICTURE_TOO_LARGE: (rig) => put(rig, 'a', { image: Buffer.alloc(300_001).toString('base64') }),
  PICTURE_UNREADABLE: (rig) => post(rig, '/embed', { image: 'aGVsbG8=' }),
  RATE_LIMITED: async (rig) => {
    const app = rig.again({ settings: { KINDRED_ADMIN_KEY: KEY, KINDRED_PUBLIC_READ: true } });
    for (let i = 0; i < 50; i++) await request(app).get(at('/items/p1'));
    return request(app).get(at('/items/p1'));
  },
  RELEASE_NOT_FOUND: (rig) => request(rig.app).post('/v1/admin/collections/default/releases/none/activate'),
  REQUEST_INVALID: (rig) => request(rig.app).post(at('/search')).type('json').send('{"k": }'),
  REQUEST_TIMEOUT: () => idleBody(),
  ROUTE_NOT_FOUND: (rig) => request(rig.app).get('/v2/search'),
  RULE_NOT_FOUND: (rig) => request(rig.app).get('/v1/admin/collections/default/rules/none'),
  UNAUTHENTICATED: (rig) => request(rig.again({ settings: { KINDRED_ADMIN_KEY: KEY } })).get('/v1/collections'),
  URL_FAILED: (rig) =>
    request(
      rig.again({
        fetchPicture: async () => {
          throw new AppError('URL_FAILED', { why: 'it answered 404.' });
        },
      }),
    )
      .put(at('/items/a'))
      .send({ imageUrl: 'https://pictures.example/gone' }),
  URL_REFUSED: (rig) => put(rig, 'a', { imageUrl: 'http://169.254.169.254/' }),
  VECTOR_INVALID: (rig) => search(rig, { examples: [{ vector: [1], modelId: MODEL }] }),
  VECTORS_NOT_TAKEN: (rig) => put(rig, 'a', { vector: [1] }),
};

async function activate(rig: Rig, failure: AppError) {
  const release = {
    releaseId: `r-${failure.code}`,
    collection: 'default',
    indexId: 'i',
    modelId: MODEL,
    origin: 'train',
  };
  await rig.deps.catalogue.releases.add(release);
  const app = rig.again({
    activate: async () => {
      throw failure;
    },
  });
  return request(app).post(`/v1/admin/collections/default/releases/${release.releaseId}/activate`);
}

/** A body that stops half-way, with a bound of a tenth of a second instead of half a minute. */
async function idleBody(): Promise<{ status: number; body: { code: string } }> {
  const failure = await new Promise<unknown>((resolve) => {
    const server = createHttpServer((incoming, answer) => {
      readBody(incoming, 1_000, () => {}, 100).then(resolve, (cause: unknown) => {
        resolve(cause);
        answer.end();
        server.close();
        server.closeAllConnections();
      });
    }).listen(0, '127.0.0.1', () => {
      const address = server.address();
      const socket = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
      socket.on('error', () => {});
      socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf');
    });
  });
  const problem = toProblem(toAppError(failure));
  return { status: problem.status, body: problem };
}

describe('errors of requests', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await openRig();
    for (const seed of [1, 2, 3])
      await request(rig.app)
        .put(at(`/items/p${seed}`))
        .send({ image: (await picture(seed)).toString('base64') });
    await request(rig.app).put(at('/items/bare')).send({ attributes: {} });
  });
  afterAll(() => rig.close());

  it.each(Object.keys(PROVOKED) as ErrorCode[])(
    '%s is a problem document with its status and its remedy',
    async (code) => {
      const answer = await PROVOKED[code]?.(rig);

      expect(answer?.body).toMatchObject({
        type: `urn:kindred:problem:${code}`,
        status: ERRORS[code].status,
        code,
        remedy: ERRORS[code].remedy,
        title: expect.any(String),
        detail: expect.any(String),
      });
      expect(answer?.status).toBe(ERRORS[code].status);
    },
  );

  it('and those thrown elsewhere are the whole catalogue', () => {
    expect([...Object.keys(PROVOKED), ...ELSEWHERE].sort()).toEqual(Object.keys(ERRORS).sort());
  });
});

describe('a failure that nobody foresaw', () => {
  it('tells the client a request id and nothing else, and the log everything', async () => {
    const rig = await openRig();
    const logged: { fields: object; message: string }[] = [];
    const keep = (fields: object, message: string) => logged.push({ fields, message });
    const log: Log = { debug: keep, info: keep, warn: keep, error: keep };
    const app = rig.again({
      log,
      intake: {
        put: async () => {
          throw new Error('password=hunter2', { cause: new Error('/home/secret') });
        },
      },
    });
    const answer = await request(app).put(at('/items/a')).set('X-Request-Id', 'trace-7').send({ attributes: {} });

    expect(answer.status).toBe(500);
    expect(answer.headers['x-request-id']).toBe('trace-7');
    expect(answer.body.requestId).toBe('trace-7');
    expect(answer.text).not.toMatch(/hunter2|secret|Error:|at /);
    const failed = logged.find(({ fields }) => 'err' in fields);
    expect(failed?.fields).toMatchObject({
      requestId: 'trace-7',
      operation: 'putItem',
      err: { message: 'password=hunter2' },
    });
    await rig.close();
  });
});

describe('logs', () => {
  it('hold neither keys nor signatures', async () => {
    const rig = await openRig();
    const lines: string[] = [];
    const keep = (fields: object, message: string) => lines.push(`${JSON.stringify(fields)} ${message}`);
    const app = rig.again({
      log: { debug: keep, info: keep, warn: keep, error: keep },
      settings: { KINDRED_ADMIN_KEY: KEY },
      intake: {
        put: async () => {
          throw new Error('a bug');
        },
      },
    });
    await request(app).put(at('/items/a?signature=abc')).set('Authorization', `Bearer ${KEY}`).send({ attributes: {} });
    await request(app).put(at('/items/a')).set('Authorization', `Bearer ${KEY}`).send({ attributes: {} });

    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join('\n')).not.toMatch(new RegExp(`${KEY}|signature`));
    await rig.close();
  });
});

describe('a wrong method', () => {
  it.each(['patch', 'delete'] as const)('%s is told which are right', async (method) => {
    const rig = await openRig();
    const answer = await request(rig.app)[method](at('/search'));
    const options = await request(rig.app).options(at('/items/a'));

    expect(answer.headers.allow).toBe('POST, OPTIONS');
    expect(options.status).toBe(204);
    expect(options.headers.allow).toBe('GET, HEAD, PUT, PATCH, DELETE, OPTIONS');
    await rig.close();
  });
});
