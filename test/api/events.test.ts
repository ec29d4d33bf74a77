import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRig, type Rig } from './open-rig.js';

let rig: Rig;
const path = '/v1/collections/default/events';
const view = (more: object = {}) => ({ userId: 'ada', itemId: 'a', kind: 'view', ...more });
const stored = (userId: string) => rig.deps.catalogue.events.of('default', { userId }, 100);
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

describe('events', () => {
  it('come alone or as a list, and the same eventId counts once', async () => {
    const one = await request(rig.app)
      .post(path)
      .send(view({ eventId: 'e1' }));
    const list = await request(rig.app)
      .post(path)
      .send([view({ eventId: 'e1' }), view({ eventId: 'e2' })]);

    expect(one.body).toEqual({ accepted: 1, duplicates: 0, failed: [] });
    expect(list.body).toEqual({ accepted: 1, duplicates: 1, failed: [] });
  });

  it('in a list fail one by one, each with its place', async () => {
    const { body, status } = await request(rig.app)
      .post(path)
      .send([view(), view({ kind: 'stare' }), view({ itemId: '' }), view()]);

    expect(status).toBe(200);
    expect(body.accepted).toBe(2);
    expect(body.failed.map(({ line, code }: { line: number; code: string }) => [line, code])).toEqual([
      [2, 'REQUEST_INVALID'],
      [3, 'REQUEST_INVALID'],
    ]);
  });

  it('alone is refused as a whole where it is wrong', async () => {
    const { body } = await request(rig.app)
      .post(path)
      .send(view({ kind: 'stare' }));

    expect(body.code).toBe('REQUEST_INVALID');
    expect(body.issues[0].path).toBe('kind');
  });

  it.each([
    ['2020-01-02T03:04:05Z', 1_577_934_245_000],
    ['2020-01-02T03:04:05', 1_577_934_245_000],
    ['2020-01-02T03:04:05+01:00', 1_577_930_645_000],
    ['2020-01-02', 1_577_923_200_000],
    [1_577_934_245_000, 1_577_934_245_000],
    [-1_000, -1_000],
    [undefined, 1_700_000_000_000],
  ])('of %s happened at %d', async (time, expected) => {
    const userId = `at ${time}`;
    await request(rig.app).post(path).send(view({ userId, time }));

    expect((await stored(userId)).map((event) => event.time)).toEqual([expected]);
  });

  it.each(['yesterday', '2020-13-01', 1e300, null])('of %j are refused', async (time) => {
    expect((await request(rig.app).post(path).send(view({ time }))).body.code).toBe('REQUEST_INVALID');
  });

  it('of long ago count, and those of more than a day ahead are refused with the reason', async () => {
    const day = 86_400_000;
    const times = ['1970-01-01', '0001-01-01', rig.clock.now + day, '2100-01-01', rig.clock.now + day + 1, -8e15];
    const { body } = await request(rig.app)
      .post(path)
      .send(times.map((time) => view({ userId: 'any age', time })));

    expect(body.accepted).toBe(3);
    expect(body.failed).toEqual([
      { line: 4, code: 'REQUEST_INVALID', message: expect.stringContaining('a day ahead') },
      { line: 5, code: 'REQUEST_INVALID', message: expect.stringContaining('a day ahead') },
      { line: 6, code: 'REQUEST_INVALID', message: expect.stringContaining('year 0') },
    ]);
    expect(
      (
        await request(rig.app)
          .post(path)
          .send(view({ time: '2100-01-01' }))
      ).body,
    ).toMatchObject({
      code: 'REQUEST_INVALID',
      issues: [{ path: 'time' }],
    });
  });

  it('stream in as lines, any number of them', async () => {
    const lines = Array.from({ length: 5_000 }, (_, i) => JSON.stringify(view({ userId: 'lines', eventId: `l${i}` })));
    lines.splice(17, 0, '{"kind":');
    const { body } = await request(rig.app)
      .post(path)
      .set('Content-Type', 'application/x-ndjson')
      .send(lines.join('\n'));

    expect(body).toMatchObject({ accepted: 5_000, duplicates: 0, failed: [{ line: 18, code: 'REQUEST_INVALID' }] });
  });

  it('that fail by the ten thousand are listed up to there and counted beyond', async () => {
    const lines = Array.from({ length: 10_003 }, () => '{"kind":');
    lines.splice(5_000, 0, JSON.stringify(view({ userId: 'one of many' })));
    const { body } = await request(rig.app)
      .post(path)
      .set('Content-Type', 'application/x-ndjson')
      .send(lines.join('\n'));

    expect(body.accepted).toBe(1);
    expect(body.failed).toHaveLength(10_000);
    expect(body.failed.at(-1).line).toBe(10_001);
    expect(body.failedUnlisted).toBe(3);
  });
});

describe("one person's events", () => {
  const of = (userId: string, rest = '') => `/v1/collections/default/users/${encodeURIComponent(userId)}${rest}`;

  it('are told page by page, oldest first, with all that is kept', async () => {
    const userId = 'Zoë/ 1';
    const events = Array.from({ length: 5 }, (_, i) => ({
      userId,
      itemId: `i${i}`,
      kind: 'like',
      time: new Date(10_000 - i).toISOString(),
      value: i,
    }));
    await request(rig.app).post(path).send(events);

    const first = (await request(rig.app).get(of(userId, '/events?limit=3'))).body;
    const cursor = encodeURIComponent(first.nextCursor);
    const rest = (await request(rig.app).get(of(userId, `/events?limit=3&cursor=${cursor}`))).body;

    const receivedAt = new Date(rig.clock.now).toISOString();
    expect([...first.events, ...rest.events]).toEqual(events.toReversed().map((event) => ({ ...event, receivedAt })));
    expect(rest.nextCursor).toBeUndefined();
    expect((await request(rig.app).get(of('somebody else', `/events?cursor=${cursor}`))).body.code).toBe(
      'CURSOR_INVALID',
    );
    expect((await request(rig.app).get(of('nobody', '/events'))).body).toEqual({ events: [] });
  });

  it('are forgotten by a job whose record names nobody, and asking twice finds the job that waits', async () => {
    await request(rig.app)
      .post(path)
      .send(view({ userId: 'secret-person' }));
    const first = await request(rig.app).delete(of('secret-person'));
    const second = await request(rig.app).delete(of('secret-person'));

    expect(first.status).toBe(202);
    expect(first.body).toMatchObject({ kind: 'forget', state: 'queued' });
    expect(first.headers.location).toBe(`/v1/admin/jobs/${first.body.jobId}`);
    expect(second.body.jobId).toBe(first.body.jobId);
    expect(JSON.stringify(await rig.deps.catalogue.jobs.list({ limit: 100 }))).not.toContain('secret-person');
    expect(await rig.deps.catalogue.events.toForget('default')).toEqual(['secret-person']);
  });

  it('are for administrators only', async () => {
    const admin = 'an-admin-key-of-16';
    const closed = rig.again({ settings: { KINDRED_ADMIN_KEY: admin } });
    const { secret } = await rig.deps.catalogue.keys.create({
      name: 'shop',
      scopes: ['search', 'write'],
      collections: null,
      ratePerSecond: null,
    });
    const as = (key: string) => ({ Authorization: `Bearer ${key}` });

    expect((await request(closed).get(of('ada', '/events')).set(as(secret))).status).toBe(403);
    expect((await request(closed).delete(of('ada')).set(as(secret))).status).toBe(403);
    expect((await request(closed).get(of('ada', '/events')).set(as(admin))).status).toBe(200);
  });
});
