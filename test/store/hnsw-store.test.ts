import { copyFile, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import hnswlib from 'hnswlib-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprint } from '../../src/core/fingerprint.js';
import { HnswStore } from '../../src/store/hnsw-store.js';
import type { StoreManifest } from '../../src/store/store-files.js';
import { nearestByTheBook, seededVectors, vectorStoreContract } from '../contracts/vector-store.contract.js';
import { smallDisk } from '../small-disk.js';

const graphOnly = { exactBelow: 0 };
vectorStoreContract('HnswStore', (dimension) => new HnswStore(dimension));
vectorStoreContract('HnswStore that never takes the short way', (dimension) => new HnswStore(dimension, graphOnly));

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'kindred-hnsw-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));
const folder = (): Promise<string> => mkdtemp(join(root, 'store-'));

const DIMENSION = 16;
const vectors = seededVectors(2000, DIMENSION, 21);

function grown(count = vectors.length, options = {}): HnswStore {
  const store = new HnswStore(DIMENSION, { ...graphOnly, ...options });
  for (let i = 0; i < count; i++) store.upsertNow(`i${i}`, vectors[i]!);
  store.settle(Infinity);
  return store;
}

function recallOf(store: HnswStore, efSearch?: number): number {
  let found = 0;
  for (const query of vectors.slice(0, 200)) {
    const due = new Set(store.nearestNow(query, 10, { exact: true }).map(({ itemId }) => itemId));
    const options = efSearch === undefined ? {} : { efSearch };
    for (const { itemId } of store.nearestNow(query, 10, options)) if (due.has(itemId)) found++;
  }
  return found / 2000;
}

describe('HnswStore finds', () => {
  it('at least 95 of 100 true neighbours among 2,000 seeded vectors', () => {
    expect(recallOf(grown())).toBeGreaterThanOrEqual(0.95);
  });

  it('more with a broader search', () => {
    const store = grown(2000, { M: 4, efConstruction: 20 });
    expect(recallOf(store, 200)).toBeGreaterThan(recallOf(store, 10));
  });

  it('the same, to the last bit of every similarity, as exact evaluation does', () => {
    const store = grown(600, { efSearch: 600 });
    for (const query of vectors.slice(0, 50))
      expect(store.nearestNow(query, 10)).toEqual(store.nearestNow(query, 10, { exact: true }));
  });

  it('rows that no graph covers yet, beside those it does', () => {
    const store = grown(1000, { efSearch: 400 });
    for (let i = 1000; i < 1500; i++) store.upsertNow(`i${i}`, vectors[i]!);
    expect(store.unsettled()).toBe(500);
    const all = new Map(vectors.slice(0, 1500).map((vector, i) => [`i${i}`, vector] as const));
    for (let i = 1400; i < 1440; i++) {
      expect(store.nearestNow(vectors[i]!, 1)[0]).toMatchObject({ itemId: `i${i}` });
      const ids = store.nearestNow(vectors[i]!, 5).map(({ itemId }) => itemId);
      expect(ids).toEqual(nearestByTheBook(all, vectors[i]!, 5).map(({ itemId }) => itemId));
    }
    while (store.unsettled() > 0) store.settle(7);
    expect(store.nearestNow(vectors[1400]!, 1)[0]).toMatchObject({ itemId: 'i1400' });
  });

  it('what it should after rows were removed or changed before the graph covered them', () => {
    const store = grown(500);
    for (let i = 500; i < 700; i++) store.upsertNow(`i${i}`, vectors[i]!);
    for (let i = 500; i < 600; i++) store.removeNow(`i${i}`);
    store.upsertNow('i650', vectors[1999]!);
    store.settle(Infinity);
    expect(store.sizeNow()).toBe(600);
    expect(store.nearestNow(vectors[1999]!, 1)[0]).toMatchObject({ itemId: 'i650' });
    expect(store.nearestNow(vectors[550]!, 600).some(({ itemId }) => itemId === 'i550')).toBe(false);
  });

  it('everything after more items than the graph was made for, twice over', () => {
    const small = seededVectors(2600, 4, 5);
    const store = new HnswStore(4, graphOnly);
    small.forEach((vector, i) => {
      store.upsertNow(`s${i}`, vector);
    });
    store.settle(Infinity);
    expect(store.unsettled()).toBe(0);
    for (const at of [0, 1023, 1024, 2047, 2048, 2599])
      expect(store.nearestNow(small[at]!, 1)[0]).toMatchObject({ itemId: `s${at}` });
  });

  it('the living, where most points of the graph are dead', () => {
    const store = grown(2000);
    for (let i = 0; i < 1990; i++) store.removeNow(`i${i}`);
    const ids = store.nearestNow(vectors[0]!, 20).map(({ itemId }) => itemId);
    expect(ids.toSorted()).toEqual(Array.from({ length: 10 }, (_, i) => `i${1990 + i}`));
    expect(store.tombstones()).toBe(1990);
    const copy = store.copy();
    expect([copy.tombstones(), copy.sizeNow(), copy.unsettled()]).toEqual([0, 10, 10]);
  });
});

describe('A saved HnswStore', () => {
  it('has the same bytes for the same vectors, order and seed, and others for another seed', async () => {
    const bytes = async (seed: number) => {
      const path = await folder();
      const { sha256 } = await grown(800, { seed }).save(path);
      expect(sha256.graph).toBe(fingerprint(await readFile(join(path, 'graph.hnsw'))));
      return sha256;
    };
    expect(await bytes(7)).toEqual(await bytes(7));
    expect((await bytes(7)).graph).not.toBe((await bytes(8)).graph);
  });

  it('answers the same after it is loaded, with the breadth it was saved with', async () => {
    const store = grown(2000, { M: 5, efConstruction: 40, efSearch: 150 });
    const path = await folder();
    const loaded = await HnswStore.load(path, await store.save(path), 0);
    for (const query of vectors.slice(0, 100))
      expect(loaded.nearestNow(query, 10)).toEqual(store.nearestNow(query, 10));
    expect(recallOf(loaded)).toBe(recallOf(store)); // hnswlib by itself goes on with a breadth of 10
    expect(recallOf(loaded)).toBeGreaterThan(recallOf(loaded, 10));
  });

  it('leaves the dead behind, and goes on after it is loaded', async () => {
    const store = grown(300);
    for (let i = 0; i < 100; i++) store.removeNow(`i${i}`);
    const path = await folder();
    const manifest = await store.save(path);
    expect(manifest.count).toBe(200);
    const loaded = await HnswStore.load(path, manifest, 0);
    expect([loaded.sizeNow(), loaded.tombstones(), loaded.unsettled()]).toEqual([200, 0, 0]);
    for (let i = 300; i < 1500; i++) loaded.upsertNow(`i${i}`, vectors[i]!);
    loaded.removeNow('i150');
    loaded.settle(Infinity);
    expect(loaded.sizeNow()).toBe(1399);
    expect(loaded.nearestNow(vectors[1400]!, 1)[0]).toMatchObject({ itemId: 'i1400' });
    expect(loaded.nearestNow(vectors[150]!, 1399).some(({ itemId }) => itemId === 'i150')).toBe(false);
  });

  it('can be empty', async () => {
    const path = await folder();
    const loaded = await HnswStore.load(path, await new HnswStore(3).save(path));
    expect(loaded.sizeNow()).toBe(0);
    loaded.upsertNow('a', Float32Array.of(1, 0, 0));
    loaded.settle(1);
    expect(loaded.nearestNow(Float32Array.of(1, 0, 0), 1)).toHaveLength(1);
  });

  describe('that is damaged is refused before hnswlib sees it:', () => {
    let good: string;
    let manifest: StoreManifest;
    beforeAll(async () => {
      good = await folder();
      manifest = await grown(200).save(good);
    });

    async function loadAfter(damage: (path: string) => Promise<Partial<StoreManifest>>): Promise<HnswStore> {
      const path = await folder();
      for (const file of ['graph.hnsw', 'labels.jsonl', 'vectors.f32'])
        await copyFile(join(good, file), join(path, file));
      return HnswStore.load(path, { ...manifest, ...(await damage(path)) });
    }
    const flip = async (path: string, at: number): Promise<Partial<StoreManifest>> => {
      const bytes = await readFile(path);
      bytes[at < 0 ? bytes.length + at : at]! ^= 0xff;
      await writeFile(path, bytes);
      return {};
    };
    const damages: [string, (path: string) => Promise<Partial<StoreManifest>>][] = [
      ['a header with a wrong byte', (path) => flip(join(path, 'graph.hnsw'), 8)],
      ['a graph with a wrong byte', (path) => flip(join(path, 'graph.hnsw'), -9)],
      ['labels with a wrong byte', (path) => flip(join(path, 'labels.jsonl'), 5)],
      ['vectors with a wrong byte', (path) => flip(join(path, 'vectors.f32'), 17)],
      [
        'a graph cut short',
        async (path) => {
          const bytes = await readFile(join(path, 'graph.hnsw'));
          await writeFile(join(path, 'graph.hnsw'), bytes.subarray(0, bytes.length / 2));
          return {};
        },
      ],
      [
        'a graph that is missing',
        async (path) => {
          await rm(join(path, 'graph.hnsw'));
          return {};
        },
      ],
      ['another dimension', async () => ({ dimension: 8 })],
      ['another count', async () => ({ count: 199 })],
      [
        'no graph at all, though the checksum is right',
        async (path) => {
          await writeFile(join(path, 'graph.hnsw'), 'nothing of the kind');
          return { sha256: { ...manifest.sha256, graph: fingerprint('nothing of the kind') } };
        },
      ],
    ];
    it.each(damages)('%s', async (_what, damage) => {
      await expect(loadAfter(damage)).rejects.toMatchObject({ code: 'INDEX_DAMAGED' });
    });
  });
});

describe('hnswlib-node is as the store believes:', () => {
  it('it counts the deleted, so that the store counts for itself', () => {
    const graph = new hnswlib.HierarchicalNSW('ip', 2);
    graph.initIndex(4);
    graph.addPoint([1, 0], 0);
    graph.markDelete(0);
    expect(graph.getCurrentCount()).toBe(1);
  });

  it('it takes no Float32Array, so that the store copies', () => {
    const graph = new hnswlib.HierarchicalNSW('ip', 2);
    graph.initIndex(4);
    expect(() => graph.addPoint(Float32Array.of(1, 0) as unknown as number[], 0)).toThrow(TypeError);
  });

  it('it throws past its capacity, so that the store grows it', () => {
    const graph = new hnswlib.HierarchicalNSW('ip', 2);
    graph.initIndex(1);
    graph.addPoint([1, 0], 0);
    expect(() => graph.addPoint([0, 1], 1)).toThrow();
  });
});

const disk = smallDisk(64);
describe.skipIf(!disk)(`a full disk under a graph${disk ? '' : ' (SKIPPED: mounting needs root)'}`, () => {
  afterAll(() => disk?.remove());

  it('is noticed, though hnswlib says nothing, even where the other files still had room', async () => {
    const draft = await folder();
    await symlink(join(disk!.path, 'graph.hnsw'), join(draft, 'graph.hnsw'));

    await expect(grown().save(draft)).rejects.toMatchObject({ code: 'DISK_FULL' });
    await expect(grown(100).save(draft)).resolves.toMatchObject({ count: 100 });
  });
});
