import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { Random } from '../../src/core/random.js';
import { dot, unit, type Vector } from '../../src/core/vectors.js';
import { whiten } from '../../src/encoder/whitening.js';
import { AppError } from '../../src/errors.js';
import { readIndexManifest } from '../../src/indexing/index-manifest.js';
import { drawGallery, GALLERY_AT_MOST, readWhitening } from '../../src/indexing/index-whitening.js';
import { fitWhitening, WHITENING_POWERS } from '../../src/training/fit-whitening.js';
import { SmallWorld } from './small-world.js';

const DIMENSION = 12;
/** Of any length, as brought vectors are, with one direction that decides every neighbourhood until it is evened out. */
const vectors: readonly Vector[] = Array.from({ length: 300 }, (_, i) => {
  const random = new Random(i);
  return Float32Array.from({ length: DIMENSION }, (_, k) => (k === 0 ? 6 : 1) * random.normal() + 1);
});
const units = vectors.map(unit);
const half = {
  how: 'half' as const,
  fit: (rows: Float32Array, dimension: number) => fitWhitening(rows, dimension, WHITENING_POWERS.half),
};

let world: SmallWorld;
beforeEach(async () => {
  world = await SmallWorld.make();
});
afterEach(() => world.end());

async function bring(catalogue: Catalogue, count: number, from = 0): Promise<void> {
  await catalogue.collections.put('v', { encoder: 'none', dimension: DIMENSION });
  await catalogue.items.put(
    'v',
    vectors.slice(from, from + count).map((vector, i) => {
      const itemId = `i${from + i}`;
      return { itemId, embeddings: [{ itemId, content: 'vector', modelId: 'none', vector }] };
    }),
  );
}

async function release(catalogue: Catalogue, indexId: string): Promise<void> {
  await catalogue.releases.add({
    releaseId: `r-${indexId}`,
    collection: 'v',
    indexId,
    modelId: 'none',
    origin: 'reindex',
  });
  await catalogue.releases.activate(`r-${indexId}`);
}

const ofVectors = { collection: 'v', modelId: 'none' };

describe('an index that whitens its gallery', () => {
  it('keeps the map beside the graph, and leaves stored embeddings as they came', async () => {
    const catalogue = await world.catalogue();
    await bring(catalogue, 200);
    const built = await world.build(catalogue, { ...ofVectors, indexId: 'x', whiten: half });
    expect(built.whitening).toMatchObject({ whiten: 'half', fitted: { dimension: DIMENSION, count: 200 } });
    const manifest = await readIndexManifest(world.indexesFolder, 'x');
    expect(manifest.whitening).toEqual(built.whitening);
    const kept = await readWhitening(world.indexesFolder, 'x', manifest.whitening);
    const sorted = [...vectors.slice(0, 200).entries()].sort(([a], [b]) => (`i${a}` < `i${b}` ? -1 : 1));
    const fitted = await half.fit(Float32Array.from(sorted.flatMap(([, vector]) => [...unit(vector)])), DIMENSION);
    expect(kept).toEqual(fitted);
    const stored = await catalogue.embeddings.list('v', 'none', { limit: 1 });
    expect(stored.rows[0]).toMatchObject({ itemId: 'i0', vector: vectors[0] });
  });

  it('is searched in its own space: loaded from disk, grown by what is written later, and without its graph', async () => {
    const first = await world.catalogue();
    await bring(first, 200);
    await world.build(first, { ...ofVectors, indexId: 'x', whiten: half });
    await release(first, 'x');
    await bring(first, 100, 200);
    const { whitening } = await readIndexManifest(world.indexesFolder, 'x');
    const map = (await readWhitening(world.indexesFolder, 'x', whitening))!;
    const placed = units.map((vector) => whiten(vector, map));
    const byTheBook = placed
      .map((vector, i) => ({ itemId: `i${i}`, similarity: dot(placed[250]!, vector) }))
      .sort((a, b) => b.similarity - a.similarity)
      .slice(0, 10);

    for (const kind of ['hnsw', 'exact', 'graph lost'] as const) {
      if (kind === 'graph lost') await rm(join(world.indexesFolder, 'x', 'graph.hnsw'));
      const { live, close } = await world.process(undefined, kind === 'exact' ? 'exact' : 'hnsw');
      const view = await live.get('v');
      await view.appliedThrough(await first.log.revision('v'));
      const hits = await view.nearest(view.placed(units[250]!), 10);
      expect(hits.map(({ itemId }) => itemId)).toEqual(byTheBook.map(({ itemId }) => itemId));
      for (const [i, { similarity }] of hits.entries()) expect(similarity).toBeCloseTo(byTheBook[i]!.similarity, 5);
      const own = (await view.vector('i250'))!;
      for (const [k, value] of placed[250]!.entries()) expect(own[k]).toBeCloseTo(value, 5);
      await close();
    }
  });

  it('is searched as the model gives vectors where the map is lost, and says so', async () => {
    const catalogue = await world.catalogue();
    await bring(catalogue, 200);
    await world.build(catalogue, { ...ofVectors, indexId: 'x', whiten: half });
    await release(catalogue, 'x');
    await rm(join(world.indexesFolder, 'x', 'whitening.f32'));
    const { live } = await world.process();
    const view = await live.get('v');
    expect(view.placed(vectors[3]!)).toEqual(vectors[3]);
    expect((await view.nearest(vectors[3]!, 1))[0]).toMatchObject({ itemId: 'i3', similarity: expect.closeTo(1, 5) });
    expect(world.logged.filter(({ level }) => level === 'error').length).toBeGreaterThan(0);
  });

  it('is not released where the map is damaged', async () => {
    const { catalogue, switching } = await world.process();
    await bring(catalogue, 200);
    await world.build(catalogue, { ...ofVectors, indexId: 'x', whiten: half });
    await catalogue.releases.add({ releaseId: 'r', collection: 'v', indexId: 'x', modelId: 'none', origin: 'reindex' });
    const file = join(world.indexesFolder, 'x', 'whitening.f32');
    const bytes = await readFile(file);
    bytes[100]! ^= 1;
    await writeFile(file, bytes);
    const refused = await switching.activate('r').catch((cause: unknown) => cause);
    expect(refused).toBeInstanceOf(AppError);
    expect(refused).toMatchObject({ code: 'INDEX_DAMAGED' });
  });

  it.each([0, 1, 47])(
    'is left as it is with %d vectors, too few for 12 dimensions, and remembers the wish',
    async (count) => {
      const catalogue = await world.catalogue();
      await bring(catalogue, count);
      const built = await world.build(catalogue, { ...ofVectors, indexId: 'x', whiten: half });
      expect(built.whitening).toEqual({ whiten: 'half', fitted: null });
      expect(built.count).toBe(count);
      expect(await readWhitening(world.indexesFolder, 'x', built.whitening)).toBeUndefined();
    },
  );
});

describe('drawGallery', () => {
  it('draws evenly from more vectors than are kept', async () => {
    const total = 3 * GALLERY_AT_MOST;
    const list = async (_collection: string, _modelId: string, { after = '0' }: { limit: number; after?: string }) => {
      const from = Number(after);
      const rows = Array.from({ length: Math.min(1000, total - from) }, (_, i) => ({
        itemId: `${from + i}`,
        content: '',
        // Its number as an angle: the draw gives unit vectors.
        vector: Float32Array.of(Math.cos((from + i) / total), Math.sin((from + i) / total)),
      }));
      return from + 1000 < total ? { rows, next: `${from + 1000}` } : { rows };
    };
    const { rows, count } = await drawGallery({ list } as never, 'v', 'none', new Random(1));
    expect(count).toBe(GALLERY_AT_MOST);
    const drawn = Array.from({ length: count }, (_, i) =>
      Math.round(total * Math.atan2(rows[2 * i + 1]!, rows[2 * i]!)),
    );
    expect(new Set(drawn).size).toBe(count);
    const mean = drawn.reduce((sum, value) => sum + value, 0) / count;
    // The mean of 20,000 out of 60,000 even numbers has a standard error of about 100.
    expect(Math.abs(mean - total / 2)).toBeLessThan(500);
  });
});
