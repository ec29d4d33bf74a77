import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { Random } from '../../src/core/random.js';
import type { LiveIndex } from '../../src/indexing/live-index.js';
import { nearestByTheBook, seededVectors } from '../contracts/vector-store.contract.js';
import { BROKEN, eventually, SmallWorld, seededPicture } from './small-world.js';

let world: SmallWorld;
beforeEach(async () => {
  world = await SmallWorld.make();
});
afterEach(() => world.end());

const vectors = seededVectors(1200, 12, 31);
const write = (itemId: string, at: number, attributes = {}) => ({
  itemId,
  attributes,
  embeddings: [{ itemId, content: 'vector', modelId: 'none', vector: vectors[at]! }],
});

async function bring(catalogue: Catalogue, count: number, from = 0): Promise<void> {
  await catalogue.collections.put('v', { encoder: 'none', dimension: 12 });
  await catalogue.items.put(
    'v',
    Array.from({ length: count }, (_, i) => write(`i${from + i}`, from + i, { at: from + i })),
  );
}

async function release(catalogue: Catalogue, releaseId: string, indexId: string, modelId = 'none', collection = 'v') {
  await catalogue.releases.add({ releaseId, collection, indexId, modelId, origin: 'reindex' });
  await catalogue.releases.activate(releaseId);
}

async function nearestIds(live: LiveIndex, at: number, k: number): Promise<string[]> {
  return (await live.nearest(vectors[at]!, k)).map(({ itemId }) => itemId);
}

describe('a live index without a release', () => {
  it('holds what the log brought, and everything that is written from then on', async () => {
    const { catalogue, live } = await world.process();
    await bring(catalogue, 50);
    const view = await live.get('v');
    await view.appliedThrough(await catalogue.log.revision('v'));
    expect([view.indexId, view.releaseId, view.modelId, view.dimension, view.size()]).toEqual([
      null,
      null,
      null,
      12,
      50,
    ]);
    await bring(catalogue, 10, 50);
    await view.appliedThrough(60);
    expect(await nearestIds(view, 55, 1)).toEqual(['i55']);
    expect(view.item('i55')).toMatchObject({ attributes: { at: 55 }, hasPicture: false });
    expect([...view.items()]).toHaveLength(60);
  });

  it('knows attributes without vectors, and then has no dimension', async () => {
    const { catalogue, live } = await world.process();
    await catalogue.collections.put('facts', { encoder: 'none' });
    const view = await live.get('facts');
    await catalogue.items.put('facts', [{ itemId: 'a', attributes: { colour: 'red' } }]);
    await view.appliedThrough(1);
    expect([view.dimension, view.modelId, view.item('a')?.attributes]).toEqual([null, null, { colour: 'red' }]);
    expect(await view.nearest(vectors[0]!, 5)).toEqual([]);
    expect(await view.vector('a')).toBeUndefined();
  });

  it('forgets what is deleted, and takes it back', async () => {
    const { catalogue, live } = await world.process();
    await bring(catalogue, 5);
    const view = await live.get('v');
    await view.appliedThrough((await catalogue.items.delete('v', 'i3'))!);
    expect([view.item('i3'), await view.vector('i3'), view.size()]).toEqual([undefined, undefined, 4]);
    expect(await nearestIds(view, 3, 10)).not.toContain('i3');
    const [again] = await catalogue.items.put('v', [write('i3', 3)]);
    await view.appliedThrough(again!.item.revision);
    expect(await nearestIds(view, 3, 1)).toEqual(['i3']);
  });

  it('filters by attributes and never gives fewer than there are', async () => {
    const { catalogue, live } = await world.process();
    await bring(catalogue, 1000);
    const view = await live.get('v');
    await view.appliedThrough(await catalogue.log.revision('v'));
    const hits = await view.nearest(vectors[0]!, 30, ({ attributes }) => Number(attributes.at) % 40 === 7);
    expect(hits).toHaveLength(25);
  });

  it('is gone when its collection is deleted, and starts afresh when that is made again', async () => {
    const { catalogue, live } = await world.process();
    await bring(catalogue, 5);
    const view = await live.get('v');
    const waiting = view.appliedThrough(1_000_000);
    waiting.catch(() => {});
    await catalogue.collections.delete('v');
    await expect(waiting).rejects.toMatchObject({ code: 'COLLECTION_NOT_FOUND' });
    await expect(live.get('v')).rejects.toMatchObject({ code: 'COLLECTION_NOT_FOUND' });
    await expect(view.appliedThrough(1_000_000)).rejects.toMatchObject({ code: 'COLLECTION_NOT_FOUND' });
    await catalogue.collections.put('v', { encoder: 'none', dimension: 3 });
    await eventually(async () => (await live.get('v')).size() === 0 && (await live.get('v')).dimension === 3);
  });

  it('says what is still missing until everything is loaded', async () => {
    const catalogue = await world.catalogue();
    await bring(catalogue, 100);
    const { live } = await world.process();
    expect(live.pending()).not.toBeNull();
    await eventually(() => live.pending() === null);
    expect((await live.get('v')).ready).toBe(true);
    await expect(live.get('nowhere')).rejects.toMatchObject({ code: 'COLLECTION_NOT_FOUND' });
  });
});

describe('a live index of a release', () => {
  it('loads the graph and replays what is newer', async () => {
    const catalogue = await world.catalogue();
    await bring(catalogue, 800);
    await world.build(catalogue, { collection: 'v', modelId: 'none', indexId: 'x' });
    await release(catalogue, 'r', 'x');
    await bring(catalogue, 100, 800);
    await catalogue.items.delete('v', 'i3');
    await catalogue.items.put('v', [write('i4', 1100)]);

    const { live } = await world.process();
    const view = await live.get('v');
    expect([view.indexId, view.releaseId, view.size()]).toEqual(['x', 'r', 899]);
    expect(await nearestIds(view, 850, 1)).toEqual(['i850']);
    expect(await nearestIds(view, 1100, 1)).toEqual(['i4']);
    expect(await nearestIds(view, 3, 1)).not.toEqual(['i3']);
    expect(world.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('is the same after a random history as one that is built afresh', async () => {
    const catalogue = await world.catalogue();
    const random = new Random(77);
    const model = new Map<string, Float32Array>();
    const change = async (times: number): Promise<void> => {
      for (let i = 0; i < times; i++) {
        const itemId = `i${random.int(150)}`;
        const at = random.int(vectors.length);
        if (random.chance(0.3)) {
          await catalogue.items.delete('v', itemId);
          model.delete(itemId);
        } else {
          await catalogue.items.put('v', [write(itemId, at)]);
          model.set(itemId, vectors[at]!);
        }
      }
    };
    await catalogue.collections.put('v', { encoder: 'none', dimension: 12 });
    const early = await world.process();
    await (await early.live.get('v')).appliedThrough(0);
    await change(120);
    await world.build(catalogue, { collection: 'v', modelId: 'none', indexId: 'x' });
    await change(120);
    await release(catalogue, 'r', 'x');
    await change(60);

    const newest = await catalogue.log.revision('v');
    await (await early.live.get('v')).serving('r');
    await (await early.live.get('v')).appliedThrough(newest);
    const late = await world.process();
    for (const view of [await early.live.get('v'), await late.live.get('v')]) {
      expect([...view.items()].map(({ itemId }) => itemId).toSorted()).toEqual([...model.keys()].toSorted());
      for (let q = 0; q < 20; q++)
        expect(await nearestIds(view, q, 8)).toEqual(
          nearestByTheBook(model, vectors[q]!, 8).map(({ itemId }) => itemId),
        );
    }
  });

  const damages: [string, (folder: string) => Promise<unknown>][] = [
    ['missing', (folder) => rm(folder, { recursive: true })],
    ['without its graph', (folder) => rm(join(folder, 'graph.hnsw'))],
    ['with a damaged graph', (folder) => appendFile(join(folder, 'graph.hnsw'), 'x')],
    ['with a damaged manifest', (folder) => appendFile(join(folder, 'manifest.json'), '}')],
  ];
  it.each(damages)('is rebuilt from the catalogue where its index is %s, and that is said', async (_what, damage) => {
    const catalogue = await world.catalogue();
    await bring(catalogue, 700);
    await world.build(catalogue, { collection: 'v', modelId: 'none', indexId: 'x' });
    await release(catalogue, 'r', 'x');
    await damage(join(world.indexesFolder, 'x'));
    const { live } = await world.process();
    const view = await live.get('v');
    expect([view.indexId, view.releaseId]).toEqual(['x', 'r']);
    for (const at of [0, 350, 699]) expect(await nearestIds(view, at, 1)).toEqual([`i${at}`]);
    expect(world.logged.filter(({ fields }) => fields.code === 'INDEX_DAMAGED')).toHaveLength(1);
  });

  it('is rebuilt where the log no longer reaches back to its index', async () => {
    const catalogue = await world.catalogue();
    await bring(catalogue, 100);
    await world.build(catalogue, { collection: 'v', modelId: 'none', indexId: 'x' });
    await release(catalogue, 'r', 'x');
    const gone = await catalogue.items.delete('v', 'i8');
    await catalogue.log.compact('v', gone!);
    const { live } = await world.process();
    expect(await nearestIds(await live.get('v'), 8, 100)).not.toContain('i8');
  });

  it('can be searched exactly, without a graph', async () => {
    const catalogue = await world.catalogue();
    await bring(catalogue, 300);
    await world.build(catalogue, { collection: 'v', modelId: 'none', indexId: 'x' });
    await release(catalogue, 'r', 'x');
    const { live } = await world.process(undefined, 'exact');
    expect(await nearestIds(await live.get('v'), 20, 1)).toEqual(['i20']);
  });
});

describe('two processes on one catalogue', () => {
  it('find within a second what the other has written, and no longer what it deleted', async () => {
    const one = await world.process();
    const two = await world.process();
    await bring(one.catalogue, 20);
    const view = await two.live.get('v');
    await eventually(() => view.size() === 20, 1500);
    await one.catalogue.items.put('v', [write('new', 1000)]);
    await eventually(async () => (await nearestIds(view, 1000, 1))[0] === 'new', 1500);
    await one.catalogue.items.delete('v', 'new');
    await eventually(() => view.item('new') === undefined, 1500);
    expect(await nearestIds(view, 1000, 1)).not.toEqual(['new']);
  });

  it('go on with the graph they have where a release names the same index, and follow the log', async () => {
    const { catalogue, live } = await world.process();
    await bring(catalogue, 40);
    await world.build(catalogue, { collection: 'v', modelId: 'none', indexId: 'one' });
    await release(catalogue, 'r1', 'one');
    await (await live.get('v')).serving('r1');
    await rm(join(world.indexesFolder, 'one'), { recursive: true }); // it is not read again

    const behaviour = { releaseId: 'r2', collection: 'v', indexId: 'one', modelId: 'none', origin: 'behaviour' };
    await catalogue.releases.add({ ...behaviour, behaviourId: 'learnt' });
    await catalogue.releases.activate('r2');
    await bring(catalogue, 5, 40);
    await (await live.get('v')).serving('r2');
    await bring(catalogue, 5, 45);
    await catalogue.items.delete('v', 'i3');

    const view = await live.get('v');
    await view.appliedThrough(await catalogue.log.revision('v'));
    expect(view).toMatchObject({ releaseId: 'r2', indexId: 'one', behaviourId: 'learnt' });
    for (const at of [0, 41, 47]) expect(await nearestIds(view, at, 1)).toEqual([`i${at}`]);
    expect(await nearestIds(view, 3, 50)).not.toContain('i3');
    expect(await nearestIds(view, 3, 50)).toHaveLength(49);
  });

  it('both serve a release that either activated', async () => {
    const one = await world.process();
    const two = await world.process();
    await bring(one.catalogue, 300);
    await Promise.all([one.live.get('v'), two.live.get('v')]);
    await world.build(one.catalogue, { collection: 'v', modelId: 'none', indexId: 'x' });
    await release(one.catalogue, 'r', 'x');
    await (await one.live.get('v')).serving('r');
    await eventually(async () => (await two.live.get('v')).releaseId === 'r', 1500);
    await (await two.live.get('v')).serving('r');
  });
});

describe('pictures that nobody has embedded', () => {
  async function bringPictures(catalogue: Catalogue, pictures: Record<string, Uint8Array>): Promise<number> {
    await catalogue.collections.put('p', { encoder: 'model-a' });
    const writes = [];
    for (const [itemId, bytes] of Object.entries(pictures)) {
      const content = await world.blobs.put(bytes);
      writes.push({ itemId, picture: { content, mime: 'image/png', width: 4, height: 4, sizeBytes: bytes.length } });
    }
    return (await catalogue.items.put('p', writes)).at(-1)!.item.revision;
  }

  it('are embedded by whoever follows the log, stored, and found', async () => {
    const { catalogue, live } = await world.process();
    const revision = await bringPictures(catalogue, { a: seededPicture(1), b: seededPicture(2), bad: BROKEN });
    const view = await live.get('p');
    await view.appliedThrough(revision);
    await live.mended('p', ['a', 'b', 'bad']);
    expect(view.modelId).toBe('model-a');
    expect(view.size()).toBe(3);
    const stored = await catalogue.embeddings.get('p', 'model-a', ['a', 'b', 'bad']);
    expect(stored.map(({ itemId }) => itemId)).toEqual(['a', 'b']);
    expect((await view.nearest(stored[1]!.vector, 1))[0]).toMatchObject({ itemId: 'b' });
    expect(world.logged.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  it('are embedded at a start too', async () => {
    const catalogue = await world.catalogue();
    await bringPictures(catalogue, { a: seededPicture(1) });
    const { live } = await world.process();
    const view = await live.get('p');
    await eventually(async () => (await view.vector('a')) !== undefined);
  });

  it('never leave an item with the vector of its former picture', async () => {
    const { catalogue, live } = await world.process();
    await bringPictures(catalogue, { a: seededPicture(1) });
    const view = await live.get('p');
    await live.mended('p', ['a']);
    await eventually(async () => (await view.vector('a')) !== undefined);
    const before = await view.vector('a');
    const revision = await bringPictures(catalogue, { a: seededPicture(2) });
    await view.appliedThrough(revision);
    await live.mended('p', ['a']);
    const [stored] = await catalogue.embeddings.get('p', 'model-a', ['a']);
    expect(await view.vector('a')).toEqual(stored!.vector);
    expect(before).not.toEqual(stored!.vector);
  });
});
