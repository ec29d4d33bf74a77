import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Catalogue, ChangeLog } from '../../src/catalogue/catalogue.js';
import { readIndexManifest } from '../../src/indexing/index-manifest.js';
import { type OpenLiveIndexes, openLiveIndexes } from '../../src/indexing/live-indexes.js';
import { HnswStore } from '../../src/store/hnsw-store.js';
import { seededVectors } from '../contracts/vector-store.contract.js';
import { SmallWorld, seededPicture } from './small-world.js';

const DAY = 86_400_000;
const vectors = seededVectors(400, 12, 8);

let world: SmallWorld;
let catalogue: Catalogue;
let live: OpenLiveIndexes | undefined;
beforeEach(async () => {
  world = await SmallWorld.make();
  catalogue = await world.catalogue();
});
afterEach(async () => {
  await live?.close();
  live = undefined;
  await world.end();
});

async function bring(count: number, from = 0): Promise<void> {
  await catalogue.collections.put('v', { encoder: 'none', dimension: 12 });
  await catalogue.items.put(
    'v',
    vectors.slice(from, from + count).map((vector, i) => {
      const itemId = `i${from + i}`;
      return { itemId, embeddings: [{ itemId, content: 'vector', modelId: 'none', vector }] };
    }),
  );
}

/** Readers of the log who ask from `which` revisions wait until it is opened. */
function gate() {
  let open = (): void => {};
  let barrier = Promise.resolve();
  let waits: (revision: number) => boolean = () => false;
  return {
    close(which: (revision: number) => boolean = () => true) {
      waits = which;
      barrier = new Promise((resume) => {
        open = resume;
      });
    },
    open: () => open(),
    log(log: ChangeLog): ChangeLog {
      return {
        ...log,
        async after(...asked) {
          if (waits(asked[2])) await barrier;
          return log.after(...asked);
        },
      };
    },
  };
}

/** A process that reads the log through a gate. */
function processBehind(through: ReturnType<typeof gate>): OpenLiveIndexes {
  live = openLiveIndexes({
    catalogue: { ...catalogue, log: through.log(catalogue.log) },
    indexesFolder: world.indexesFolder,
    log: world.log(),
    embedders: world.embedders(),
    readBlob: world.readBlob,
  });
  return live;
}

describe('a process that fell behind a log that was compacted', () => {
  it('reads all anew, and holds nothing that was deleted meanwhile', async () => {
    await bring(40);
    const through = gate();
    const behind = processBehind(through);
    const before = await behind.get('v');
    await before.appliedThrough(40);

    through.close();
    await catalogue.items.delete('v', 'i3');
    await bring(5, 40);
    const newest = await catalogue.log.revision('v');
    expect(await catalogue.log.compact('v', newest)).toBe(1);
    expect([before.ready, before.item('i3')?.itemId, before.size()]).toEqual([true, 'i3', 40]);
    through.open();

    await before.appliedThrough(newest);
    const after = await behind.get('v');
    expect([after.size(), after.item('i3'), await after.vector('i3')]).toEqual([44, undefined, undefined]);
    expect((await after.nearest(vectors[3]!, 44)).map(({ itemId }) => itemId)).not.toContain('i3');
    expect((await after.nearest(vectors[42]!, 1))[0]?.itemId).toBe('i42');

    await bring(1, 45);
    await after.appliedThrough(newest + 1);
    expect(after.item('i45')).toBeDefined();
  });

  it('is not disturbed where it has read what was dropped', async () => {
    await bring(40);
    const { live: up } = await world.process();
    const view = await up.get('v');
    const gone = (await catalogue.items.delete('v', 'i3'))!;
    await view.appliedThrough(gone);
    await catalogue.log.compact('v', gone);
    await bring(1, 40);
    await view.appliedThrough(gone + 1);

    expect([(await up.get('v')) === view, view.size(), view.item('i3')]).toEqual([true, 40, undefined]);
  });

  it('does not let a release take over that was loaded before and missed a deletion', async () => {
    await bring(100);
    await world.build(catalogue, { collection: 'v', modelId: 'none', indexId: 'x' });
    const through = gate();
    const behind = processBehind(through);
    await (await behind.get('v')).appliedThrough((await catalogue.items.delete('v', 'i5'))!);

    let asked = false;
    through.close((revision) => {
      asked ||= revision === 100;
      return revision === 100;
    });
    await catalogue.releases.add({ releaseId: 'r', collection: 'v', indexId: 'x', modelId: 'none', origin: 'reindex' });
    await catalogue.releases.activate('r');
    await expect.poll(() => asked).toBe(true);
    await catalogue.log.compact('v', await catalogue.log.revision('v'));
    through.open();

    await (await behind.get('v')).serving('r');
    const view = await behind.get('v');
    expect([view.releaseId, view.size(), await view.vector('i5')]).toEqual(['r', 99, undefined]);
    expect(world.logged.filter(({ fields }) => fields.code === 'INDEX_DAMAGED')).toHaveLength(1);
  });
});

describe('an index that is built while', () => {
  const itemsOf = async (indexId: string): Promise<HnswStore> => {
    const manifest = await readIndexManifest(world.indexesFolder, indexId);
    return HnswStore.load(`${world.indexesFolder}/${indexId}`, manifest.store!);
  };
  const deleteAndCompact = async (itemId: string): Promise<void> => {
    await catalogue.log.compact('v', (await catalogue.items.delete('v', itemId))!);
  };

  it('the log is compacted past where it began has nothing that was deleted', async () => {
    await bring(120);
    const [deleted, late] = ['i5', 'i6'];
    let lists = 0;
    let counters = 0;
    const built = await world.build(catalogue, {
      collection: 'v',
      modelId: 'none',
      indexId: 'x',
      catalogue: {
        ...catalogue,
        embeddings: {
          ...catalogue.embeddings,
          async list(...asked) {
            const page = await catalogue.embeddings.list(...asked);
            if (++lists === 1) await deleteAndCompact(deleted);
            return page;
          },
        },
        log: {
          ...catalogue.log,
          async revision(collection) {
            // Asked by each of the two looks at what came since: this is the last one.
            if (lists === 2 && ++counters === 2) await deleteAndCompact(late);
            return catalogue.log.revision(collection);
          },
        },
      },
    });

    expect(built).toMatchObject({ count: 118, revision: 122 });
    expect(lists).toBeGreaterThanOrEqual(3);
    const store = await itemsOf('x');
    expect([store.has(deleted), store.has(late), store.has('i7')]).toEqual([false, false, true]);
  });

  it('embeddings that no release names are dropped keeps its own', async () => {
    await catalogue.collections.put('p', { encoder: 'model-a' });
    for (let i = 0; i < 20; i++) {
      const bytes = seededPicture(i);
      const content = await world.blobs.put(bytes);
      const picture = { content, mime: 'image/png', width: 4, height: 4, sizeBytes: bytes.length };
      await catalogue.items.put('p', [{ itemId: `p${i}`, picture }]);
    }
    const dropped: number[] = [];
    const buildUnderDrops = (indexId: string, idleSince: number) =>
      world.build(catalogue, {
        collection: 'p',
        modelId: 'model-b',
        indexId,
        catalogue: {
          ...catalogue,
          embeddings: {
            ...catalogue.embeddings,
            async list(...asked) {
              dropped.push(await catalogue.embeddings.drop('p', 'model-b', idleSince));
              return catalogue.embeddings.list(...asked);
            },
          },
        },
      });

    expect(await buildUnderDrops('x', Date.now() - DAY)).toMatchObject({ count: 20, embedded: 20 });
    await new Promise((go) => setTimeout(go, 5));
    // Nothing is left to embed, so only the build itself says that it uses them.
    expect(await buildUnderDrops('y', Date.now())).toMatchObject({ count: 20, embedded: 0 });
    expect(dropped).toEqual([0, 0]);
    expect(await catalogue.embeddings.drop('p', 'model-b', Date.now() + DAY)).toBe(20);
  });
});
