import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '../../src/api/create-api.js';
import { createServer } from '../../src/api/create-server.js';
import { changed } from './changed.js';
import { MODEL, openRig, type Rig } from './open-rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());
const admin = (path: string) => `/v1/admin/collections/default${path}`;
const claim = async () => {
  const job = await rig.deps.catalogue.jobs.claim('test', ['reindex', 'train', 'retrain'], 60_000);
  if (!job) throw new TypeError('No job was queued.');
  return job;
};

describe('collections', () => {
  it('are made, changed, listed and deleted', async () => {
    const made = await request(rig.app).put('/v1/collections/shoes').send({ encoder: 'none', dimension: 3 });
    const again = await request(rig.app).put('/v1/collections/shoes').send({ encoder: 'none', dimension: 3 });
    const list = await request(rig.app).get('/v1/collections');

    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ name: 'shoes', encoder: 'none', dimension: 3, items: 0, indexId: null });
    expect(again.status).toBe(200);
    expect(list.body.collections.map((one: { name: string }) => one.name).sort()).toEqual(['default', 'shoes']);
    expect((await request(rig.app).delete('/v1/collections/shoes')).status).toBe(204);
    expect((await request(rig.app).get('/v1/collections/shoes')).body.code).toBe('COLLECTION_NOT_FOUND');
    expect((await request(rig.app).delete('/v1/collections/shoes')).body.code).toBe('COLLECTION_NOT_FOUND');
  });

  it('need no body to be made', async () => {
    expect((await request(rig.app).put('/v1/collections/plain')).status).toBe(201);
  });

  it.each([
    [{ encoder: 'nobody' }, 'MODEL_NOT_FOUND'],
    [{ dimension: 3 }, 'REQUEST_INVALID'],
    [{ encoder: MODEL, dimension: 3 }, 'REQUEST_INVALID'],
    [{ text: true }, 'REQUEST_INVALID'],
  ])('are not made with %j', async (body, code) => {
    expect((await request(rig.app).put('/v1/collections/wrong').send(body)).body.code).toBe(code);
  });

  it('with items keep their encoder', async () => {
    await request(rig.app).put('/v1/collections/fixed').send({ encoder: 'none' });
    await request(rig.app)
      .put('/v1/collections/fixed/items/a')
      .send({ vector: [1, 0] });

    const { body } = await request(rig.app).put('/v1/collections/fixed').send({ encoder: MODEL });
    expect(body.code).toBe('COLLECTION_ENCODER_FIXED');
  });

  it.each(['.hidden', 'a%2Fb', 'a b', `${'x'.repeat(129)}`])('are not called %s', async (name) => {
    expect((await request(rig.app).put(`/v1/collections/${name}`).send({})).body.code).toBe('REQUEST_INVALID');
  });
});

describe('jobs', () => {
  it('are queued with 202 and a Location, and the equal one is found while it is queued', async () => {
    const first = await request(rig.app).post(admin('/reindex'));
    const second = await request(rig.app).post(admin('/reindex')).send({});
    const seen = await request(rig.app).get(first.headers.location as string);

    expect(first.status).toBe(202);
    expect(first.body).toMatchObject({ kind: 'reindex', state: 'queued', jobId: expect.any(String) });
    expect(second.body.jobId).toBe(first.body.jobId);
    expect(seen.body.state).toBe('queued');
    expect((await request(rig.app).delete(first.headers.location as string)).body.state).toBe('cancelled');
  });

  it('stream their progress as server-sent events until they end', async () => {
    const { body } = await request(rig.app).post(admin('/train')).send({ minutes: 1 });
    const { attempt } = await claim();
    const beat = (done: number) =>
      rig.deps.catalogue.jobs.beat(body.jobId, attempt, { done, total: 9, unit: 'steps', etaSeconds: 3 });
    await beat(1);
    const stream = request(rig.app).get(`/v1/admin/jobs/${body.jobId}/events`).buffer(true);
    const ended = new Promise<{ text: string }>((resolve, reject) =>
      stream.end((failure, answer) => (failure ? reject(failure as Error) : resolve(answer))),
    );
    await new Promise((resolve) => setTimeout(resolve, 400));
    await beat(5);
    await new Promise((resolve) => setTimeout(resolve, 400));
    await rig.deps.catalogue.jobs.finish(body.jobId, attempt, { state: 'succeeded', result: { ok: true } });

    const jobs = (await ended).text
      .split('\n\n')
      .filter((part) => part.startsWith('event: job\ndata: '))
      .map((part) => JSON.parse(part.slice('event: job\ndata: '.length)));
    expect(jobs.map(({ state, progress }) => [state, progress?.done])).toEqual([
      ['running', 1],
      ['running', 5],
      ['succeeded', 5],
    ]);
    expect(jobs[2].result).toEqual({ ok: true });
  });

  it('that released an index have only succeeded once this process serves it', async () => {
    const { body } = await request(rig.app).post(admin('/reindex'));
    const { attempt } = await claim();
    await rig.deps.catalogue.jobs.finish(body.jobId, attempt, { state: 'succeeded', result: { releaseId: 'r1' } });
    let serve = () => {};
    const serving = new Promise<void>((resolve) => {
      serve = resolve;
    });
    const live = await rig.deps.live.get('default');
    const app = rig.again({
      live: { ...rig.deps.live, get: async () => changed(live, { serving: () => serving }) },
    });

    expect((await request(app).get(`/v1/admin/jobs/${body.jobId}`)).body.state).toBe('running');
    serve();
    expect((await request(app).get(`/v1/admin/jobs/${body.jobId}`)).body.state).toBe('succeeded');
  });

  it('that failed say why', async () => {
    const { body } = await request(rig.app).post(admin('/retrain')).send({ minutes: 2 });
    const { attempt } = await claim();
    const error = { code: 'TRAINING_COLLAPSED', message: 'It collapsed.', remedy: 'Try again.' };
    await rig.deps.catalogue.jobs.finish(body.jobId, attempt, { state: 'failed', error });
    const list = await request(rig.app).get('/v1/admin/jobs?state=failed');

    expect(list.body.jobs).toMatchObject([{ jobId: body.jobId, state: 'failed', error }]);
  });

  it.each(['seed', 'epochs', 'from'])('take no %s, and say so', async (field) => {
    const { body } = await request(rig.app)
      .post(admin('/retrain'))
      .send({ [field]: 1 });

    expect(body.issues).toEqual([{ path: field, message: `"${field}" is not a field here.` }]);
  });

  it.each(['/v1/admin/jobs/none', '/v1/admin/jobs/none/events'])('are not found at %s', async (path) => {
    expect((await request(rig.app).get(path)).body.code).toBe('JOB_NOT_FOUND');
  });

  it('of kinds that this build does not have are refused', async () => {
    const app = rig.again({ jobKinds: ['reindex'] });
    const behaviour = await request(app).post(admin('/behaviour/train'));
    const train = await request(app).post(admin('/train'));

    for (const answer of [behaviour, train]) {
      expect(answer.body.code).toBe('REQUEST_INVALID');
      expect(answer.body.detail).toContain('not built yet');
    }
  });
});

describe('releases', () => {
  it('are listed newest first, and promoted or rolled back by one call', async () => {
    for (const releaseId of ['one', 'two']) {
      rig.clock.now += 1_000;
      const release = {
        releaseId,
        collection: 'default',
        indexId: `index-${releaseId}`,
        modelId: MODEL,
        origin: 'train',
      };
      await rig.deps.catalogue.releases.add(release);
    }
    const list = await request(rig.app).get(admin('/releases'));
    const activated = await request(rig.app).post(admin('/releases/one/activate'));

    expect(list.body.releases.map((one: { releaseId: string }) => one.releaseId)).toEqual(['two', 'one']);
    expect(activated.body).toMatchObject({ releaseId: 'one', active: true });
    expect((await request(rig.app).post(admin('/releases/none/activate'))).body.code).toBe('RELEASE_NOT_FOUND');
    expect((await request(rig.app).post('/v1/admin/collections/plain/releases/one/activate')).body.code).toBe(
      'RELEASE_NOT_FOUND',
    );
  });
});

describe('the service', () => {
  it('is ready once the indexes are, and says what it waits for', async () => {
    const waiting = rig.again({ live: { ...rig.deps.live, pending: () => 'collection "default" is loading' } });
    const answer = await request(waiting).get('/readyz');

    expect([answer.status, answer.body.code]).toEqual([503, 'NOT_READY']);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.body.detail).toContain('default');
  });

  it('counts its requests for Prometheus', async () => {
    await request(rig.app).get('/v1/collections');
    const { text, headers } = await request(rig.app).get('/metrics');

    expect(headers['content-type']).toContain('text/plain');
    expect(text).toMatch(/kindred_http_requests_total\{operation="listCollections",status="200"\} \d+/);
    expect(text).toContain('kindred_http_request_seconds_bucket');
  });

  it('ends streams and lets go of idle connections when it closes', async () => {
    const { body } = await request(rig.app).post(admin('/train')).send({ minutes: 7 });
    const server = createServer((closing) => createApi(rig.deps, { closing }));
    const port = await server.listen(0, '127.0.0.1');
    const stream = await fetch(`http://127.0.0.1:${port}/v1/admin/jobs/${body.jobId}/events`);
    const closed = server.close(5_000);

    expect(await stream.text()).toContain('"state":"queued"');
    await closed;
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
  });
});
