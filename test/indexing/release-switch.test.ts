import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SmallWorld, seededPicture } from './small-world.js';

let world: SmallWorld;
beforeEach(async () => {
  world = await SmallWorld.make();
});
afterEach(() => world.end());

type Process = Awaited<ReturnType<SmallWorld['process']>>;

/** A collection of pictures with a release of each model, neither of them active yet. */
async function twoReleases(count = 300): Promise<Process> {
  const one = await world.process();
  await one.catalogue.collections.put('p', { encoder: 'model-a' });
  await one.intake.put(
    'p',
    Array.from({ length: count }, (_, i) => ({ itemId: `p${i}`, original: seededPicture(i) })),
  );
  for (const model of ['a', 'b']) {
    const modelId = `model-${model}`;
    await world.build(one.catalogue, { collection: 'p', modelId, indexId: `index-${model}` });
    await one.catalogue.releases.add({
      releaseId: model,
      collection: 'p',
      indexId: `index-${model}`,
      modelId,
      origin: 'train',
    });
  }
  return one;
}

describe('activate', () => {
  it('makes a release the one that is served, forward and back by the same call', async () => {
    const { live, switching } = await twoReleases(60);
    for (const releaseId of ['a', 'b', 'a', 'b']) {
      expect(await switching.activate(releaseId)).toMatchObject({ outcome: 'activated', release: { active: true } });
      await (await live.get('p')).serving(releaseId);
      const view = await live.get('p');
      expect([view.releaseId, view.modelId, view.indexId]).toEqual([
        releaseId,
        `model-${releaseId}`,
        `index-${releaseId}`,
      ]);
    }
    expect(await switching.activate('b')).toMatchObject({ outcome: 'already-active' });
  });

  it('embeds first what its model has not seen, so that a way back loses nobody', async () => {
    const { catalogue, intake, live, switching } = await twoReleases(40);
    await switching.activate('b');
    await (await live.get('p')).serving('b');
    await intake.put(
      'p',
      Array.from({ length: 20 }, (_, i) => ({ itemId: `late${i}`, original: seededPicture(500 + i) })),
    );
    expect(await switching.activate('a')).toMatchObject({ embedded: 20 });
    await (await live.get('p')).serving('a');
    const view = await live.get('p');
    const [late] = await catalogue.embeddings.get('p', 'model-a', ['late7']);
    expect((await view.nearest(late!.vector, 1))[0]).toMatchObject({ itemId: 'late7' });
  });

  it('moves nothing where the index is damaged, missing, or of a model that is gone', async () => {
    const { catalogue, switching } = await twoReleases(30);
    await switching.activate('a');
    await appendFile(join(world.indexesFolder, 'index-b', 'graph.hnsw'), 'x');
    await expect(switching.activate('b')).rejects.toMatchObject({ code: 'INDEX_DAMAGED' });
    const add = (releaseId: string, indexId: string, modelId: string) =>
      catalogue.releases.add({ releaseId, collection: 'p', indexId, modelId, origin: 'train' });
    await add('lost', 'nowhere', 'model-a');
    await expect(switching.activate('lost')).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
    await add('mixed', 'index-a', 'model-b');
    await expect(switching.activate('mixed')).rejects.toMatchObject({ code: 'INDEX_DAMAGED' });
    await world.build(catalogue, {
      collection: 'p',
      modelId: 'model-c',
      indexId: 'index-c',
      embedder: null,
    });
    await add('gone', 'index-c', 'model-c');
    await expect(switching.activate('gone')).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    await expect(switching.activate('none such')).rejects.toMatchObject({ code: 'RELEASE_NOT_FOUND' });
    expect((await catalogue.releases.active('p'))?.releaseId).toBe('a');
  });

  it('moves nothing where the release that was active is no longer the one the caller saw', async () => {
    const { catalogue, switching } = await twoReleases(20);
    await switching.activate('a');
    expect(await switching.activate('b', { expected: null })).toMatchObject({ outcome: 'moved-on' });
    expect((await catalogue.releases.active('p'))?.releaseId).toBe('a');
    expect(await switching.activate('b', { expected: 'a' })).toMatchObject({ outcome: 'activated' });
  });

  it('asks whether the claim is held right before it switches', async () => {
    const { catalogue, switching } = await twoReleases(20);
    const holdsClaim = async (): Promise<void> => {
      throw new Error('lost');
    };
    await expect(switching.activate('a', { holdsClaim })).rejects.toThrow('lost');
    expect(await catalogue.releases.active('p')).toBeUndefined();
  });
});

describe('a switch under load', () => {
  it('fails no query, mixes no models, and misses no write', async () => {
    const { live, switching, intake, embedders } = await twoReleases(400);
    await switching.activate('a');
    await (await live.get('p')).serving('a');
    const seen = new Set<string>();
    let queries = 0;
    let stop = false;
    const client = async (seed: number): Promise<void> => {
      for (let i = seed; !stop; i += 7) {
        const view = await live.get('p');
        const [vector] = await (await embedders.get(view.modelId!)).embed([seededPicture(i % 400)]);
        const [hit] = await view.nearest(vector as Float32Array, 3);
        expect(hit).toMatchObject({ itemId: `p${i % 400}` });
        expect(hit!.similarity).toBeCloseTo(1, 5); // another model's vector would be far away
        expect(view.releaseId).toBe(view.modelId!.slice(-1));
        seen.add(view.releaseId!);
        queries++;
      }
    };
    const writer = async (): Promise<void> => {
      for (let i = 0; !stop; i++) {
        const original = seededPicture(10_000 + i);
        const [result] = await intake.put('p', [{ itemId: `w${i}`, original }]);
        expect(result).toMatchObject({ created: true });
        const view = await live.get('p');
        const [vector] = await (await embedders.get(view.modelId!)).embed([original]);
        expect((await view.nearest(vector as Float32Array, 1))[0]).toMatchObject({ itemId: `w${i}` });
      }
    };
    const clients = [...Array.from({ length: 8 }, (_, i) => client(i)), writer()];
    const switches = (async () => {
      for (const releaseId of ['b', 'a', 'b']) {
        await switching.activate(releaseId);
        await (await live.get('p')).serving(releaseId);
        expect((await live.get('p')).releaseId).toBe(releaseId);
      }
    })();
    await Promise.race([switches, ...clients]);
    stop = true;
    await Promise.all(clients);
    expect([...seen].toSorted()).toEqual(['a', 'b']);
    expect(queries).toBeGreaterThan(20);
  });
});
