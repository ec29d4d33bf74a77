import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createApi } from '../../src/api/create-api.js';
import { apiDeps, openServing } from '../../src/app/serving.js';
import { folders, openStores } from '../../src/app/stores.js';
import { openWorld } from '../../src/cli/world.js';
import { Random } from '../../src/core/random.js';
import type { IndexManifest } from '../../src/indexing/index-manifest.js';
import { writeWhitening } from '../../src/indexing/index-whitening.js';
import { drawingsFolder, freshHome } from '../app/drawings-folder.js';
import { SHIPPED } from '../shipped-model.js';
import { runKindred } from './run-kindred.js';

async function twoPictures(): Promise<[string, string]> {
  const folder = await drawingsFolder(1);
  const draw = async (name: string, shape: string) => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="96" height="64"><rect width="96" height="64" fill="#eee"/>${shape}</svg>`;
    await sharp(Buffer.from(svg)).png().toFile(join(folder, name));
    return join(folder, name);
  };
  return [
    await draw('a.png', '<circle cx="30" cy="30" r="20" fill="#d22"/>'),
    await draw('b.png', '<circle cx="60" cy="34" r="20" fill="#d22"/>'),
  ];
}

type Home = Awaited<ReturnType<typeof freshHome>>;
const DIMENSION = 512;

/** An index whose map is made up, since thousands of pictures are needed to fit one; released in the collection. */
async function releaseWhitened({ environment }: Home, collection: string): Promise<void> {
  const world = openWorld({ ...environment, KINDRED_LOG_LEVEL: 'silent' });
  const { indexes } = folders(world);
  const random = new Random(3);
  const mean = Float32Array.from({ length: DIMENSION }, () => 0.02 * random.normal());
  const matrix = new Float32Array(DIMENSION ** 2);
  for (let k = 0; k < DIMENSION; k++) matrix[k * (DIMENSION + 1)] = random.between(0.2, 3.2);
  const folder = join(indexes, 'whitened');
  await mkdir(folder, { recursive: true });
  const fitted = await writeWhitening(folder, { dimension: DIMENSION, mean, matrix }, 2048);
  const manifest: IndexManifest = {
    indexId: 'whitened',
    collection,
    modelId: SHIPPED,
    revision: 0,
    store: null,
    count: 0,
    whitening: { whiten: 'full', fitted },
    calibration: null,
    recall: { at10: 1, low: 1, queries: 0 },
    createdAt: new Date(0).toISOString(),
  };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  const { catalogue, close } = await openStores(world);
  const release = { releaseId: 'r1', collection, indexId: 'whitened', modelId: SHIPPED, origin: 'reindex' as const };
  await catalogue.releases.add(release);
  await catalogue.releases.activate('r1');
  await close();
}

/** What the server says of the same two items. */
async function explainedByServer({ environment }: Home, collection: string, one: string, other: string) {
  const world = openWorld({ ...environment, KINDRED_LOG_LEVEL: 'silent' });
  const stores = await openStores(world);
  const serving = openServing(world, stores);
  await serving.live.get(collection).catch(() => {});
  while (serving.live.pending() !== null) await new Promise((go) => setTimeout(go, 20));
  const app = createApi(apiDeps(world, stores, serving, { pageFolder: null }));
  const { body } = await request(app)
    .post(`/v1/collections/${collection}/items/${other}/explain`)
    .send({ example: { itemId: one } });
  await serving.close();
  await stores.close();
  return body;
}

describe('kindred explain', () => {
  it('writes both heat maps as one PNG, and prints the numbers of each cell', async () => {
    const [one, other] = await twoPictures();
    const home = await freshHome();
    const out = join(home.data, '..', 'why.png');

    const { code, stdout } = await runKindred(['explain', one, other, '--out', out, '--size', '96', '--json'], home);

    expect(code).toBe(0);
    const said = JSON.parse(stdout);
    const { format, width, height } = await sharp(out).metadata();
    expect([format, width, height, said.file]).toEqual(['png', 2 * 96 + 12, 96, out]);
    for (const { places, shares } of [said.one, said.other]) {
      expect(places.values).toHaveLength(places.rows * places.columns);
      expect(shares.values.reduce((a: number, b: number) => a + b, 0)).toBeCloseTo(said.similarity, 4);
    }
    expect(said.modelId).toMatch(/^kindred-/);
  });

  it.each([
    [['--size', '20'], 'REQUEST_INVALID'],
    [['--show', 'all'], 'REQUEST_INVALID'],
    [['--model', 'nobody'], 'MODEL_NOT_FOUND'],
  ])('refuses %j', async (flags, code) => {
    const [one, other] = await twoPictures();

    const { stdout } = await runKindred(['explain', one, other, ...flags, '--json'], await freshHome());

    expect(JSON.parse(stdout).error.code).toBe(code);
  });

  it('takes items for names that no file has, as it takes their files, and says which it does not know', async () => {
    const [one, other] = await twoPictures();
    const home = await freshHome();
    expect(await runKindred(['items', 'import', dirname(one)], home)).toMatchObject({ code: 0 });
    const out = join(home.data, '..', 'why.png');
    const said = async (named: string) => {
      const { stdout } = await runKindred(['explain', one, named, '--out', out, '--json'], home);
      return JSON.parse(stdout);
    };

    expect(await said('b.png')).toEqual(await said(other));
    expect((await said('nobody')).error).toMatchObject({
      code: 'ITEM_NOT_FOUND',
      message: expect.stringContaining('nobody'),
    });
  }, 120_000);

  it('explains the similarity that a server of the collection shows, with the whitening of its index', async () => {
    const [one] = await twoPictures();
    const home = await freshHome();
    expect(await runKindred(['items', 'import', dirname(one), '--into', 'shop'], home)).toMatchObject({ code: 0 });
    const args = ['explain', 'a.png', 'b.png', '--out', join(home.data, '..', 'why.png'), '--collection', 'shop'];
    const explained = async () => JSON.parse((await runKindred([...args, '--json'], home)).stdout);
    const before = await explained();
    await releaseWhitened(home, 'shop');

    const [after, served] = [await explained(), await explainedByServer(home, 'shop', 'a.png', 'b.png')];

    expect(after.similarity).toBeCloseTo(served.similarity, 5);
    expect(served.indexId).toBe('whitened');
    expect(Math.abs(after.similarity - before.similarity)).toBeGreaterThan(0.01);
    expect(after.one.shares.values).toEqual(served.query.shares.flat());
  }, 120_000);
});
