import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiServer, createServer } from '../../src/api/create-server.js';
import { openApiYaml } from '../../src/api/open-api-yaml.js';
import { createClient } from '../../src/client/create-client.js';
import { openRig, picture, type Rig } from '../api/open-rig.js';
import { printClientSchema } from './print-client-schema.js';

it('src/client/schema.ts says what the contract says (`npx vitest run test/client -u` prints it again)', async () => {
  await expect(await printClientSchema(openApiYaml())).toMatchFileSnapshot('../../src/client/schema.ts');
});

describe('the typed client', () => {
  let rig: Rig;
  let server: ApiServer;
  let baseUrl: string;
  beforeAll(async () => {
    rig = await openRig();
    server = createServer(() => rig.again({ settings: { KINDRED_ADMIN_KEY: 'a-key-of-enough-length' } }));
    await server.listen(0, '127.0.0.1');
    baseUrl = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}/`;
  });
  afterAll(async () => {
    await server.close(100);
    await rig.close();
  });

  it('writes an item and finds it, everything typed by the contract', async () => {
    const client = createClient({ baseUrl, key: 'a-key-of-enough-length' });
    const image = (await picture(3)).toString('base64');
    const path = { collection: 'default', itemId: 'apple / red' };
    const written = await client.PUT('/v1/collections/{collection}/items/{itemId}', {
      params: { path },
      body: { image, attributes: { colour: 'red' } },
    });
    const found = await client.POST('/v1/collections/{collection}/search', {
      params: { path: { collection: 'default' } },
      body: { examples: [{ image }] },
    });

    expect(written.data?.itemId).toBe('apple / red');
    expect(found.data?.hits[0]?.itemId).toBe('apple / red');
  });

  it('hands over the problem where something is wrong', async () => {
    const { error, response } = await createClient({ baseUrl }).GET('/v1/collections');

    expect(response.status).toBe(401);
    expect(error?.code).toBe('UNAUTHENTICATED');
  });
});
