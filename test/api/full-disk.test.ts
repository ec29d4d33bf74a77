import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApi } from '../../src/api/create-api.js';
import { AppError } from '../../src/errors.js';
import { openRig, type Rig } from './open-rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

it('answers reads where a full disk can not even keep the signing secret', async () => {
  let tried = 0;
  const full = async (): Promise<string> => {
    tried++;
    throw new AppError('DISK_FULL', { what: 'the catalogue' });
  };
  const app = createApi({ ...rig.deps, catalogue: { ...rig.deps.catalogue, installation: { getOrCreate: full } } });

  const answer = await request(app).get('/v1/collections/default/items?limit=3').set('host', '127.0.0.1');
  const again = await request(app)
    .post('/v1/collections/default/recommendations')
    .set('host', '127.0.0.1')
    .send({ user: 'nobody', k: 3 });

  expect(answer.status).toBe(200);
  expect(again.status).toBe(200);
  expect(tried).toBeGreaterThan(0);
});
