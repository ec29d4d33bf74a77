import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshHome } from '../app/drawings-folder.js';
import { type KindredServer, startServer } from './start-server.js';

const AT = '/v1/collections/numbers';

let server: KindredServer;
beforeAll(async () => {
  const home = await freshHome();
  server = await startServer({ ...home, environment: { ...home.environment, KINDRED_PROCESSES: '2' } });
});
afterAll(async () => server?.stop());

/** A request on a connection of its own, so that either process may get it. */
const ask = (path: string, method = 'GET', body?: unknown): Promise<Response> =>
  fetch(server.url + path, {
    method,
    headers: { connection: 'close', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

describe('several processes on one port', () => {
  it('find within a second what any of them has written', async () => {
    await ask(AT, 'PUT', { encoder: 'none', dimension: 3 });
    expect((await ask(`${AT}/items/a`, 'PUT', { vector: [1, 0, 0] })).status).toBe(201);
    expect((await ask(`${AT}/items/b`, 'PUT', { vector: [0.9, 0.1, 0] })).status).toBe(201);
    await new Promise((go) => setTimeout(go, 1_000));

    const answers = await Promise.all(Array.from({ length: 12 }, () => ask(`${AT}/items/a/similar`)));
    for (const answer of answers) expect(await answer.json()).toMatchObject({ hits: [{ itemId: 'b' }] });
  });

  it('count their requests together', async () => {
    const counted = /kindred_http_requests_total\{operation="similar",status="200"\} (\d+)/;
    const texts = await Promise.all(Array.from({ length: 4 }, async () => (await ask('/metrics')).text()));

    for (const text of texts) expect(counted.exec(text)?.[1]).toBe('12');
  });
});
