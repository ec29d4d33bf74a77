import { connect } from 'node:net';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '../../src/api/create-api.js';
import { type ApiServer, createServer } from '../../src/api/create-server.js';
import { Random } from '../../src/core/random.js';
import { malformedRequest } from './malformed-requests.js';
import { openRig, picture, type Rig } from './open-rig.js';

const REQUESTS = 1_000;
const AT_ONCE = 16;

let rig: Rig;
let server: ApiServer;
let port: number;
const unforeseen: string[] = [];
beforeAll(async () => {
  rig = await openRig();
  await request(rig.app)
    .put('/v1/collections/default/items/a')
    .send({ image: (await picture(1)).toString('base64') });
  const log = { ...rig.deps.log, error: (fields: object) => unforeseen.push(JSON.stringify(fields, errorText)) };
  server = createServer((closing) => createApi({ ...rig.deps, log }, { closing }));
  port = await server.listen(0, '127.0.0.1');
});
afterAll(async () => {
  await server.close(100);
  await rig.close();
});

const errorText = (_key: string, value: unknown) => (value instanceof Error ? value.stack : value);

/** The first line that comes back; empty where the server hung up, or waits for the rest of a body that never comes. */
function statusLine(bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    const end = () => {
      socket.destroy();
      resolve(heard.split('\r\n')[0] ?? '');
    };
    socket.setTimeout(250, end);
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
      if (heard.includes('\r\n')) end();
    });
    socket.on('error', end);
    socket.on('close', end);
  });
}

describe('a thousand malformed requests', () => {
  it('give no 5xx, and leave the server as quick as before', async () => {
    const random = new Random(20_231_114);
    const statuses = new Map<string, number>();
    const wrong: string[] = [];
    let left = REQUESTS;
    const attack = async () => {
      while (left-- > 0) {
        const bytes = malformedRequest(random);
        const status = (await statusLine(bytes)).split(' ')[1] ?? 'none';
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (status.startsWith('5')) wrong.push(`${status}: ${bytes.toString('latin1').slice(0, 400)}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, attack));

    expect(wrong).toEqual([]);
    expect(unforeseen).toEqual([]);
    // Not everything is refused for the same reason, or this would try nothing.
    expect(Object.fromEntries(statuses)).toMatchObject({
      200: expect.any(Number),
      400: expect.any(Number),
      404: expect.any(Number),
      405: expect.any(Number),
      415: expect.any(Number),
    });
    const status = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
    const began = performance.now();
    for (let i = 0; i < 20; i++) expect(await status('/healthz')).toBe(200);
    // Half a second for twenty would be slow even on a busy machine: nothing may still be at work behind.
    expect(performance.now() - began).toBeLessThan(2_000);
    // One of the last may have made a collection, whose index is opened behind it.
    await expect.poll(() => status('/readyz'), { timeout: 5_000 }).toBe(200);
  });

  it('leave nothing of theirs on Object.prototype', () => {
    expect(({} as Record<string, unknown>).k).toBeUndefined();
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it.each([
    ['a charset that is not UTF-8', { 'Content-Type': 'application/json; charset=utf-16' }, '{}', 415],
    ['a type that is not JSON', { 'Content-Type': 'text/plain' }, '{}', 415],
    ['an unknown encoding', { 'Content-Type': 'application/json', 'Content-Encoding': 'zstd' }, '{}', 415],
    ['gzip that is none', { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }, '{}', 400],
    ['no body', { 'Content-Type': 'application/json' }, '', 400],
    ['a number beyond all numbers', { 'Content-Type': 'application/json' }, '{"k":1e999}', 400],
    ['nesting without end', { 'Content-Type': 'application/json' }, '['.repeat(100_000), 400],
    ['a broken form', { 'Content-Type': 'multipart/form-data; boundary=x' }, '--x\r\nnothing', 400],
    ['a form without a boundary', { 'Content-Type': 'multipart/form-data' }, '--x', 400],
  ])('%s is told as such', async (_what, headers, body, status) => {
    const answer = await request(rig.app).post('/v1/collections/default/search').set(headers).send(body);

    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ status, code: expect.stringMatching(/^[A-Z_]+$/) });
  });
});
