import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprint } from '../../src/core/fingerprint.js';
import { createIntake } from '../../src/indexing/intake.js';
import { seededVectors } from '../contracts/vector-store.contract.js';
import { BROKEN, SmallWorld, seededPicture } from './small-world.js';

let world: SmallWorld;
beforeEach(async () => {
  world = await SmallWorld.make();
});
afterEach(() => world.end());

describe('items with pictures', () => {
  it('are on disk, embedded and found once they are answered', async () => {
    const { catalogue, intake, live } = await world.process();
    await catalogue.collections.put('p', { encoder: 'model-a' });
    const original = seededPicture(1);
    const [result] = await intake.put('p', [{ itemId: 'a', original, attributes: { name: 'first' } }]);
    expect(result).toMatchObject({
      created: true,
      changed: true,
      item: { itemId: 'a', attributes: { name: 'first' }, picture: { content: fingerprint(original), width: 4 } },
    });
    expect(await world.readBlob(fingerprint(original))).toEqual(Buffer.from(original));
    const view = await live.get('p');
    expect((await view.nearest((await view.vector('a'))!, 5)).map(({ itemId }) => itemId)).toEqual(['a']);
    expect(view.item('a')).toMatchObject({ hasPicture: true });
  });

  it('are not embedded again while their picture stays the same', async () => {
    const { catalogue, intake } = await world.process();
    await catalogue.collections.put('p', { encoder: 'model-a' });
    const put = (attributes: { n: number }) =>
      intake.put('p', [{ itemId: 'a', original: seededPicture(1), attributes }]);
    await put({ n: 1 });
    expect(await put({ n: 1 })).toMatchObject([{ created: false, changed: false }]);
    expect(await put({ n: 2 })).toMatchObject([{ created: false, changed: true }]);
    expect(world.encoded('model-a')).toBe(1);
    await intake.put('p', [{ itemId: 'a', original: seededPicture(2) }]);
    expect(world.encoded('model-a')).toBe(2);
  });

  it('that are equal are embedded once in a batch', async () => {
    const { catalogue, intake, live } = await world.process();
    await catalogue.collections.put('p', { encoder: 'model-a' });
    await intake.put(
      'p',
      [1, 2, 1, 1].map((seed, i) => ({ itemId: `i${i}`, original: seededPicture(seed) })),
    );
    expect(world.encoded('model-a')).toBe(2);
    const view = await live.get('p');
    expect((await view.nearest((await view.vector('i0'))!, 3)).map(({ itemId }) => itemId)).toEqual(['i0', 'i2', 'i3']);
  });

  it('keep their picture where only attributes are written', async () => {
    const { catalogue, intake, live } = await world.process();
    await catalogue.collections.put('p', { encoder: 'model-a' });
    await intake.put('p', [{ itemId: 'a', original: seededPicture(1) }]);
    const [result] = await intake.put('p', [{ itemId: 'a', attributes: { n: 1 } }]);
    expect(result).toMatchObject({ changed: true, item: { picture: { width: 4 }, attributes: { n: 1 } } });
    expect(await (await live.get('p')).vector('a')).toBeDefined();
  });

  it('that can not be read fail alone', async () => {
    const { catalogue, intake, live } = await world.process();
    await catalogue.collections.put('p', { encoder: 'model-a' });
    const results = await intake.put('p', [
      { itemId: 'good', original: seededPicture(1) },
      { itemId: 'bad', original: BROKEN },
      { itemId: 'fine', original: seededPicture(2) },
    ]);
    expect(results).toMatchObject([{ created: true }, { code: 'PICTURE_UNREADABLE' }, { created: true }]);
    expect(await catalogue.items.count('p')).toBe(2);
    expect((await live.get('p')).size()).toBe(2);
    expect(await readdir(join(world.folder, 'blobs'))).toHaveLength(2);
  });

  it('may be thousands in one call, and the last picture of an item counts', async () => {
    const { catalogue, intake, live } = await world.process();
    await catalogue.collections.put('p', { encoder: 'model-a' });
    const incoming = Array.from({ length: 300 }, (_, i) => ({ itemId: `i${i % 250}`, original: seededPicture(i) }));
    const results = await intake.put('p', incoming);
    expect(results.map((result) => 'created' in result && result.created)).toEqual(incoming.map((_, i) => i < 250));
    const view = await live.get('p');
    expect(view.size()).toBe(250);
    expect(view.item('i3')).toBeDefined();
    expect((await catalogue.items.get('p', 'i3'))!.picture!.content).toBe(fingerprint(seededPicture(253)));
    const [stored] = await catalogue.embeddings.get('p', 'model-a', ['i3']);
    expect(await view.vector('i3')).toEqual(stored!.vector);
  });

  it('are stored without a vector where there is no model yet, and embedded once there is one', async () => {
    const models: string[] = [];
    const { catalogue, intake, live } = await world.process(models);
    await catalogue.collections.put('p', {});
    await intake.put('p', [{ itemId: 'a', original: seededPicture(1) }]);
    expect((await live.get('p')).modelId).toBeNull();
    models.push('model-a');
    await intake.put('p', [{ itemId: 'b', original: seededPicture(2) }]);
    await expect.poll(async () => (await live.get('p')).modelId).toBe('model-a');
    await expect.poll(async () => (await live.get('p')).vector('a')).toBeDefined();
    expect(await (await live.get('p')).vector('b')).toBeDefined();
  });

  it('are written just so by a command that serves nothing', async () => {
    const { catalogue, embedders } = await world.process();
    await catalogue.collections.put('p', { encoder: 'model-a' });
    const intake = createIntake({
      catalogue,
      embedders,
      blobs: world.blobs,
      live: null,
      describePicture: async (bytes) => ({ mime: 'image/png', width: 4, height: 4, sizeBytes: bytes.length }),
    });
    await intake.put('p', [{ itemId: 'a', original: seededPicture(1) }]);
    expect(await catalogue.embeddings.get('p', 'model-a', ['a'])).toHaveLength(1);
  });

  it('are found in a collection whose encoder was changed a moment ago', async () => {
    const { catalogue, intake, live } = await world.process();
    await catalogue.collections.put('p', { encoder: 'model-a' });
    expect((await live.get('p')).modelId).toBe('model-a');
    await catalogue.collections.put('p', { encoder: 'none' });
    await intake.put('p', [{ itemId: 'a', vector: Float32Array.of(1, 0) }]);
    const view = await live.get('p');
    expect([view.modelId, (await view.nearest(Float32Array.of(1, 0), 1))[0]?.itemId]).toEqual([null, 'a']);
  });

  it('of a collection that is not there are refused', async () => {
    const { intake } = await world.process();
    await expect(intake.put('nowhere', [{ itemId: 'a' }])).rejects.toMatchObject({ code: 'COLLECTION_NOT_FOUND' });
  });
});

describe('items with vectors', () => {
  const vectors = seededVectors(10, 4, 2);

  it('are taken where the encoder is none, and the first one says the dimension', async () => {
    const { catalogue, intake, live } = await world.process();
    await catalogue.collections.put('v', { encoder: 'none' });
    const results = await intake.put('v', [
      { itemId: 'a', vector: vectors[0]! },
      { itemId: 'short', vector: Float32Array.of(1, 2) },
      { itemId: 'bad', vector: Float32Array.of(1, Number.NaN, 0, 0) },
      { itemId: 'plain', attributes: { n: 1 } },
    ]);
    expect(results).toMatchObject([
      { created: true },
      { code: 'VECTOR_INVALID' },
      { code: 'VECTOR_INVALID' },
      { created: true },
    ]);
    const view = await live.get('v');
    expect([view.dimension, view.size()]).toEqual([4, 2]);
    expect(await intake.put('v', [{ itemId: 'b', vector: Float32Array.of(1) }])).toMatchObject([
      { code: 'VECTOR_INVALID' },
    ]);
  });

  it('are refused where the collection embeds pictures itself', async () => {
    const { catalogue, intake } = await world.process();
    await catalogue.collections.put('p', { encoder: 'model-a' });
    const results = await intake.put('p', [
      { itemId: 'a', vector: vectors[0]! },
      { itemId: 'b', attributes: {} },
    ]);
    expect(results).toMatchObject([{ code: 'VECTORS_NOT_TAKEN' }, { created: true }]);
  });

  it('keep a picture beside the vector, which is not embedded', async () => {
    const { catalogue, intake, live } = await world.process();
    await catalogue.collections.put('v', { encoder: 'none' });
    await intake.put('v', [{ itemId: 'a', vector: vectors[0]!, original: seededPicture(1) }]);
    const view = await live.get('v');
    expect(view.item('a')).toMatchObject({ hasPicture: true });
    expect(await view.vector('a')).toBeDefined();
    expect(world.encoders.size).toBe(0);
  });
});
