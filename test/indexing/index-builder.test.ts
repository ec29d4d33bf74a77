import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { fingerprint } from '../../src/core/fingerprint.js';
import { AppError } from '../../src/errors.js';
import { readIndexManifest } from '../../src/indexing/index-manifest.js';
import { HnswStore } from '../../src/store/hnsw-store.js';
import { seededVectors } from '../contracts/vector-store.contract.js';
import { BROKEN, SmallWorld, seededPicture } from './small-world.js';

let world: SmallWorld;
let catalogue: Catalogue;
beforeEach(async () => {
  world = await SmallWorld.make();
  catalogue = await world.catalogue();
});
afterEach(() => world.end());

const vectors = seededVectors(2000, 24, 3);
async function bring(count: number, from = 0): Promise<void> {
  await catalogue.collections.put('v', { encoder: 'none', dimension: 24 });
  await catalogue.items.put(
    'v',
    vectors.slice(from, from + count).map((vector, i) => {
      const itemId = `i${from + i}`;
      return { itemId, embeddings: [{ itemId, content: 'vector', modelId: 'none', vector }] };
    }),
  );
}
const ofVectors = { collection: 'v', modelId: 'none' };

async function bringPictures(originals: ReadonlyMap<string, Uint8Array>): Promise<void> {
  await catalogue.collections.put('p', { encoder: 'model-a' });
  const writes = [];
  for (const [itemId, bytes] of originals) {
    const content = await world.blobs.put(bytes);
    writes.push({ itemId, picture: { content, mime: 'image/png', width: 4, height: 4, sizeBytes: bytes.length } });
  }
  await catalogue.items.put('p', writes);
}

describe('buildIndex', () => {
  it('publishes graph, labels and a manifest that says what the graph is', async () => {
    await bring(600);
    const built = await world.build(catalogue, { ...ofVectors, indexId: 'x' });
    expect(built).toMatchObject({ indexId: 'x', count: 600, revision: 600, reachesFloor: true, embedded: 0 });
    const manifest = await readIndexManifest(world.indexesFolder, 'x');
    expect(manifest).toMatchObject({ collection: 'v', modelId: 'none', revision: 600, count: 600 });
    expect(manifest.store).toMatchObject({ dimension: 24, space: 'ip', M: 16, efSearch: built.efSearch });
    const folder = join(world.indexesFolder, 'x');
    expect(await readdir(folder)).toEqual(['graph.hnsw', 'labels.jsonl', 'manifest.json', 'vectors.f32']);
    for (const [part, file] of [
      ['graph', 'graph.hnsw'],
      ['labels', 'labels.jsonl'],
    ] as const)
      expect(manifest.store!.sha256[part]).toBe(fingerprint(await readFile(join(folder, file))));
    const store = await HnswStore.load(folder, manifest.store!, 0);
    expect(store.nearestNow(vectors[42]!, 1)[0]).toMatchObject({ itemId: 'i42' });
  });

  it('gives the same bytes for the same items and seed', async () => {
    await bring(500);
    for (const indexId of ['one', 'two']) await world.build(catalogue, { ...ofVectors, indexId });
    const one = await readIndexManifest(world.indexesFolder, 'one');
    const two = await readIndexManifest(world.indexesFolder, 'two');
    expect(two).toEqual({ ...one, indexId: 'two' });
    await world.build(catalogue, { ...ofVectors, indexId: 'three', seed: 6 });
    const three = await readIndexManifest(world.indexesFolder, 'three');
    expect(three.store!.sha256.graph).not.toBe(one.store!.sha256.graph);
    expect(three.store!.sha256.labels).toBe(one.store!.sha256.labels);
  });

  it('reaches the recall that is asked for on 2,000 seeded vectors, with a breadth it has measured', async () => {
    await bring(2000);
    const low = await world.build(catalogue, {
      ...ofVectors,
      indexId: 'low',
      minRecall: 0.5,
      M: 5,
      efConstruction: 30,
    });
    const high = await world.build(catalogue, {
      ...ofVectors,
      indexId: 'high',
      minRecall: 0.97,
      M: 5,
      efConstruction: 30,
    });
    expect(low.efSearch).toBe(32);
    expect(high.efSearch).toBeGreaterThan(32);
    expect(high.recall.low).toBeGreaterThanOrEqual(0.97);
    expect(high.recall.queries).toBe(500);
  });

  it('says where no breadth reaches the recall that is asked for, and publishes all the same', async () => {
    await bring(1500);
    const options = { M: 2, efConstruction: 2, minRecall: 1, efSearch: 10 };
    const built = await world.build(catalogue, { ...ofVectors, indexId: 'poor', ...options });
    expect(built.recall.at10).toBeLessThan(0.9);
    expect(built.reachesFloor).toBe(false);
    expect((await readIndexManifest(world.indexesFolder, 'poor')).recall).toEqual(built.recall);
  });

  it.each([0, 1, 2, 11])('works for %d items', async (count) => {
    await bring(count);
    const built = await world.build(catalogue, { ...ofVectors, indexId: 'few' });
    expect(built).toMatchObject({ count, reachesFloor: true, recall: { at10: 1 } });
  });

  it('embeds what the model has not seen, once, and counts and names what can not be embedded', async () => {
    const originals = new Map<string, Uint8Array>(
      Array.from({ length: 150 }, (_, i) => [`p${i}`, seededPicture(i)] as const),
    );
    originals.set('bad', BROKEN);
    await bringPictures(originals);
    const gone = await catalogue.items.get('p', 'p7');
    await world.blobs.delete(gone!.picture!.content);

    const built = await world.build(catalogue, { collection: 'p', modelId: 'model-a', indexId: 'x' });
    expect(built).toMatchObject({ count: 149, embedded: 149, skipped: { count: 2 } });
    expect(built.skipped.named.map(({ itemId, code }) => `${itemId} ${code}`)).toEqual([
      'bad PICTURE_UNREADABLE',
      'p7 PICTURE_UNREADABLE',
    ]);
    const again = await world.build(catalogue, { collection: 'p', modelId: 'model-a', indexId: 'y' });
    expect(again).toMatchObject({ count: 149, embedded: 0 });
    const other = await world.build(catalogue, { collection: 'p', modelId: 'model-b', indexId: 'z' });
    expect(other).toMatchObject({ count: 149, embedded: 149 });
  });

  it('contains what was written and deleted while it was built', async () => {
    await bring(300);
    let once = true;
    const built = await world.build(catalogue, {
      ...ofVectors,
      indexId: 'x',
      work: {
        progress: () => {},
        signal: new AbortController().signal,
        holdsClaim: async () => {},
      },
      catalogue: {
        ...catalogue,
        embeddings: {
          ...catalogue.embeddings,
          list: async (...args) => {
            const page = await catalogue.embeddings.list(...args);
            if (once) {
              once = false;
              await bring(100, 300);
              await catalogue.items.delete('v', 'i5');
            }
            return page;
          },
        },
      },
    });
    expect(built).toMatchObject({ count: 399, revision: 401 });
    const manifest = await readIndexManifest(world.indexesFolder, 'x');
    const store = await HnswStore.load(join(world.indexesFolder, 'x'), manifest.store!, 0);
    expect([store.has('i5'), store.has('i399'), store.tombstones()]).toEqual([false, true, 0]);
  });

  it('publishes nothing where its claim is lost, or it is told to stop', async () => {
    await bring(200);
    const lost = new AppError('CLAIM_LOST', { jobId: 'j' });
    const progress = (): void => {};
    const { signal } = new AbortController();
    const holdsClaim = async (): Promise<void> => {
      throw lost;
    };
    const losing = world.build(catalogue, { ...ofVectors, indexId: 'x', work: { progress, signal, holdsClaim } });
    await expect(losing).rejects.toBe(lost);
    const stopped = world.build(catalogue, {
      ...ofVectors,
      indexId: 'x',
      work: { progress, signal: AbortSignal.abort(), holdsClaim: async () => {} },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await readdir(world.indexesFolder)).toEqual([]);
  });

  it('tells how far it is', async () => {
    await bring(700);
    const stages = new Set<string>();
    await world.build(catalogue, {
      ...ofVectors,
      indexId: 'x',
      work: {
        progress: ({ stage }) => void stages.add(stage),
        signal: new AbortController().signal,
        holdsClaim: async () => {},
      },
    });
    expect([...stages]).toEqual(['graph', 'measure']);
  });

  it('refuses a name that is no plain folder name', async () => {
    await bring(1);
    await expect(world.build(catalogue, { ...ofVectors, indexId: '../x' })).rejects.toThrow(RangeError);
  });
});

describe('readIndexManifest', () => {
  it('tells an index that is missing from one that is damaged', async () => {
    await mkdir(join(world.indexesFolder, 'half'), { recursive: true });
    await writeFile(join(world.indexesFolder, 'half', 'manifest.json'), '{"indexId": "half"');
    const read = (indexId: string) => readIndexManifest(world.indexesFolder, indexId);
    await expect(read('nowhere')).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
    await expect(read('../half')).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
    await expect(read('half')).rejects.toMatchObject({ code: 'INDEX_DAMAGED' });
  });
});
