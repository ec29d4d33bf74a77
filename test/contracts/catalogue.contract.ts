import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type {
  Catalogue,
  Change,
  EventKind,
  ItemWrite,
  NewEmbedding,
  NewExperiment,
  NewRule,
  Picture,
} from '../../src/catalogue/catalogue.js';
import { fingerprint } from '../../src/core/fingerprint.js';
import { Random } from '../../src/core/random.js';
import { byteOrder } from '../../src/core/vectors.js';
import type { CatalogueHome } from '../catalogue/catalogue-home.js';

const picture = (name: string): Picture => ({
  content: fingerprint(name),
  mime: 'image/png',
  width: 4,
  height: 3,
  sizeBytes: 12,
});

const embedding = (itemId: string, name: string, modelId: string, vector: number[]): NewEmbedding => ({
  itemId,
  content: fingerprint(name),
  modelId,
  vector: Float32Array.from(vector),
});

const outside = (itemId: string, vector: number[]): NewEmbedding => ({
  itemId,
  content: 'vector',
  modelId: 'none',
  vector: Float32Array.from(vector),
});

const until = async (holds: () => boolean, withinMs: number): Promise<boolean> => {
  for (const end = performance.now() + withinMs; performance.now() < end; ) {
    if (holds()) return true;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return holds();
};

/** The whole log, read in pages of `limit`. */
async function wholeLog(catalogue: Catalogue, collection: string, modelId = 'm', limit = 100): Promise<Change[]> {
  const all: Change[] = [];
  for (;;) {
    const page = await catalogue.log.after(collection, modelId, all.at(-1)?.revision ?? 0, limit);
    if (page.length === 0) return all;
    all.push(...page);
  }
}

/** What every catalogue does, whatever engine stands behind it. Each test has a collection of its own. */
export function catalogueContract(name: string, makeHome: () => Promise<CatalogueHome>): void {
  describe(`${name} honours the Catalogue contract`, () => {
    let home: CatalogueHome;
    let catalogue: Catalogue;
    let other: Catalogue;
    let made = 0;
    let c = '';

    beforeAll(async () => {
      home = await makeHome();
      catalogue = await home.open();
      other = await home.open();
    });
    afterAll(async () => home.remove());
    beforeEach(async () => {
      c = `collection-${++made}`;
      await catalogue.collections.put(c, {});
    });

    describe('collections', () => {
      it('has the collection "default" from the start', async () => {
        expect(await catalogue.collections.get('default')).toMatchObject({ name: 'default', encoder: null });
      });

      it('makes one once, and changes its encoder while it is empty', async () => {
        const first = await catalogue.collections.put('shoes', { encoder: 'a' });
        const second = await catalogue.collections.put('shoes', { encoder: 'none', dimension: 3 });

        expect(first).toMatchObject({ created: true, collection: { name: 'shoes', encoder: 'a' } });
        expect(second).toMatchObject({ created: false, collection: { encoder: 'none', dimension: 3 } });
        expect((await catalogue.collections.list()).map((each) => each.name)).toContain('shoes');
      });

      it('keeps its encoder once it has items', async () => {
        await catalogue.items.put(c, [{ itemId: 'a' }]);

        await expect(catalogue.collections.put(c, { encoder: 'none' })).rejects.toMatchObject({
          code: 'COLLECTION_ENCODER_FIXED',
        });
        expect(await catalogue.collections.put(c, {})).toMatchObject({ created: false });
      });

      it('keeps how one explores until something else is said, and forgets it with the collection', async () => {
        const explore = { share: 0.1, by: 'thompson', places: 5 };
        const kept = async () => (await catalogue.collections.get(c))?.explore;

        expect(await kept()).toBeNull();
        expect((await catalogue.collections.put(c, { explore })).collection.explore).toEqual(explore);
        expect((await catalogue.collections.put(c, { encoder: 'a' })).collection.explore).toEqual(explore);
        expect((await catalogue.collections.list()).find(({ name }) => name === c)?.explore).toEqual(explore);
        expect((await catalogue.collections.get('default'))?.explore).toBeNull();
        expect((await catalogue.collections.put(c, { explore: { share: 0.2 } })).collection.explore).toEqual({
          share: 0.2,
        });
        expect((await catalogue.collections.put(c, { explore: null })).collection.explore).toBeNull();
        expect(await kept()).toBeNull();

        await catalogue.collections.put(c, { explore });
        await catalogue.collections.delete(c);
        await catalogue.collections.put(c, {});
        expect(await kept()).toBeNull();
      });

      it('deletes one with everything in it', async () => {
        await catalogue.items.put(c, [
          { itemId: 'a', picture: picture('p'), embeddings: [embedding('a', 'p', 'm', [1])] },
        ]);
        await catalogue.events.add(c, [{ itemId: 'a', kind: 'view', time: 1, userId: 'u' }]);

        expect(await catalogue.collections.delete(c)).toBe(true);

        expect(await catalogue.collections.get(c)).toBeUndefined();
        expect(await catalogue.collections.delete(c)).toBe(false);
        expect(await catalogue.items.get(c, 'a')).toBeUndefined();
        expect(await catalogue.events.count(c)).toBe(0);
        await expect(catalogue.items.put(c, [{ itemId: 'a' }])).rejects.toMatchObject({
          code: 'COLLECTION_NOT_FOUND',
        });
      });

      it('goes on counting where one is made again, so that an index of the old one is seen to be stale', async () => {
        await catalogue.items.put(c, [{ itemId: 'a' }, { itemId: 'b' }]);
        await catalogue.collections.delete(c);
        await catalogue.collections.put(c, { encoder: 'none' });
        await catalogue.items.put(c, [{ itemId: 'z' }]);

        expect(await catalogue.log.compactedThrough(c)).toBe(3);
        expect(await wholeLog(catalogue, c)).toMatchObject([{ kind: 'put', itemId: 'z', revision: 4 }]);
      });

      it.each([
        ['items.put', () => catalogue.items.put('nowhere', [{ itemId: 'a' }])],
        ['items.patch', () => catalogue.items.patch('nowhere', 'a', {})],
        ['items.delete', () => catalogue.items.delete('nowhere', 'a')],
        ['embeddings.put', () => catalogue.embeddings.put('nowhere', [outside('a', [1])])],
        ['events.add', () => catalogue.events.add('nowhere', [{ itemId: 'a', kind: 'view', time: 1 }])],
        ['events.remove', () => catalogue.events.remove('nowhere', [1])],
        ['events.forget', () => catalogue.events.forget('nowhere', 'u')],
        ['events.dropUser', () => catalogue.events.dropUser('nowhere', 'u')],
        ['jobs.enqueue', () => catalogue.jobs.enqueue({ kind: 'k', collection: 'nowhere', input: {} })],
        ['log.compact', () => catalogue.log.compact('nowhere', 1)],
        ['embeddings.use', () => catalogue.embeddings.use('nowhere', 'm')],
        ['embeddings.drop', () => catalogue.embeddings.drop('nowhere', 'm', 1)],
        ['releases.remove', () => catalogue.releases.remove('nowhere', { releaseIds: ['r'], idleSince: 1 })],
      ])('refuses %s to a collection that is not there', async (_name, write) => {
        await expect(write()).rejects.toMatchObject({ code: 'COLLECTION_NOT_FOUND' });
      });
    });

    describe('items', () => {
      it('gives back what was put', async () => {
        home.clock.now += 1_000;
        const attributes = { name: 'Tee ☕', price: 12.5, tags: ['a', 'b'], deep: { x: null }, nul: '\u0000' };
        const [result] = await catalogue.items.put(c, [{ itemId: 'a/ä 🍎', attributes, picture: picture('p') }]);

        const expected = {
          itemId: 'a/ä 🍎',
          attributes,
          picture: picture('p'),
          revision: 1,
          createdAt: home.clock.now,
          updatedAt: home.clock.now,
        };
        expect(result).toEqual({ item: expected, created: true, changed: true });
        expect(await other.items.get(c, 'a/ä 🍎')).toEqual(expected);
      });

      it('replaces attributes and keeps the picture where none is given', async () => {
        await catalogue.items.put(c, [{ itemId: 'a', attributes: { x: 1, y: 2 }, picture: picture('p') }]);
        home.clock.now += 5;
        await catalogue.items.put(c, [{ itemId: 'a', attributes: { x: 3 } }]);
        await catalogue.items.put(c, [{ itemId: 'a', picture: picture('q') }]);

        expect(await catalogue.items.get(c, 'a')).toMatchObject({
          attributes: { x: 3 },
          picture: picture('q'),
          revision: 3,
          createdAt: home.clock.now - 5,
          updatedAt: home.clock.now,
        });
      });

      it('spends no revision on a put that changes nothing', async () => {
        const write: ItemWrite = {
          itemId: 'a',
          attributes: { x: 1, y: [2] },
          picture: picture('p'),
          embeddings: [embedding('a', 'p', 'm', [1, 0])],
        };
        await catalogue.items.put(c, [write]);
        const again = await catalogue.items.put(c, [write, { ...write, attributes: { y: [2], x: 1 } }]);

        expect(again.map((result) => result.changed)).toEqual([false, false]);
        expect(await catalogue.log.revision(c)).toBe(1);
      });

      it('takes revisions in order within a batch, and the last write of an id holds', async () => {
        const results = await catalogue.items.put(c, [
          { itemId: 'a', attributes: { v: 1 } },
          { itemId: 'b', attributes: { v: 2 } },
          { itemId: 'a', attributes: { v: 3 } },
        ]);

        expect(results.map((each) => [each.item.revision, each.created])).toEqual([
          [1, true],
          [2, true],
          [3, false],
        ]);
        expect(await catalogue.items.count(c)).toBe(2);
        expect((await wholeLog(catalogue, c)).map((change) => change.revision)).toEqual([2, 3]);
      });

      it('counts pictures apart from items, and no longer those that are deleted', async () => {
        await catalogue.items.put(c, [
          { itemId: 'a', picture: picture('p') },
          { itemId: 'b', picture: picture('q') },
          { itemId: 'bare', attributes: {} },
        ]);
        await catalogue.items.delete(c, 'b');

        expect(await catalogue.items.count(c)).toBe(2);
        expect(await catalogue.items.countPictures(c)).toBe(1);
      });

      it('tells the contents of pictures, looking at no more than a page of items at a time', async () => {
        await catalogue.items.put(
          c,
          ['a', 'b', 'c', 'd', 'e'].map((itemId) =>
            itemId < 'c' ? { itemId, attributes: {} } : { itemId, picture: picture(itemId) },
          ),
        );

        expect(await catalogue.items.contents(c, { limit: 2 })).toEqual({ rows: [], next: 'b' });
        expect(await catalogue.items.contents(c, { after: 'b', limit: 2 })).toEqual({
          rows: [fingerprint('c'), fingerprint('d')],
          next: 'd',
        });
        expect(await catalogue.items.contents(c, { after: 'd', limit: 2 })).toEqual({ rows: [fingerprint('e')] });
      });

      it('stores all of a batch or nothing', async () => {
        await catalogue.collections.put(c, { encoder: 'none' });
        const broken = catalogue.items.put(c, [
          { itemId: 'good', embeddings: [outside('good', [1, 2])] },
          { itemId: 'bad', embeddings: [outside('bad', [1, Number.NaN])] },
        ]);

        await expect(broken).rejects.toMatchObject({ code: 'VECTOR_INVALID' });
        expect(await catalogue.items.get(c, 'good')).toBeUndefined();
        expect(await catalogue.log.revision(c)).toBe(0);
      });

      it('merges a patch, and null removes a field', async () => {
        await catalogue.items.put(c, [{ itemId: 'a', attributes: { keep: 1, gone: 2, deep: { x: 1, y: 2 } } }]);
        const result = await catalogue.items.patch(c, 'a', { gone: null, deep: { y: null, z: 3 }, list: [null] });

        expect(result?.item.attributes).toEqual({ keep: 1, deep: { x: 1, z: 3 }, list: [null] });
        expect(await catalogue.items.patch(c, 'a', {})).toMatchObject({ changed: false });
        expect(await catalogue.items.patch(c, 'nobody', {})).toBeUndefined();
      });

      it('deletes an item with its embeddings, and says which revision that was', async () => {
        const write = { itemId: 'a', picture: picture('p'), embeddings: [embedding('a', 'p', 'm', [1])] };
        await catalogue.items.put(c, [write]);

        expect(await catalogue.items.delete(c, 'a')).toBe(2);
        expect(await catalogue.items.delete(c, 'a')).toBeUndefined();
        expect(await catalogue.items.get(c, 'a')).toBeUndefined();
        expect(await catalogue.items.count(c)).toBe(0);
        expect(await catalogue.embeddings.get(c, 'm', ['a'])).toEqual([]);
      });

      it('lists in the byte order of ids, page by page', async () => {
        // UTF-16 puts the surrogates of 🍎 before U+FF5E; bytes put it after. Cases and accents don't fold.
        const ids = ['b', 'B', 'a', 'é', 'e', '～', '🍎', 'a b', '10', '9'];
        await catalogue.items.put(
          c,
          ids.map((itemId) => ({ itemId })),
        );

        const seen: string[] = [];
        let after: string | undefined;
        do {
          const page = await catalogue.items.list(c, { limit: 3, ...(after === undefined ? {} : { after }) });
          seen.push(...page.rows.map((row) => row.itemId));
          after = page.next;
        } while (after !== undefined);

        expect(seen).toEqual(ids.toSorted(byteOrder));
      });

      it('finds many at once, in the order asked for, without those it does not have', async () => {
        const writes = Array.from({ length: 1_200 }, (_, i) => ({ itemId: `i${i}` }));
        await catalogue.items.put(c, writes);
        const asked = ['i7', 'nobody', ...writes.map((write) => write.itemId).reverse()];

        const found = await catalogue.items.getMany(c, asked);

        expect(found.map((item) => item.itemId)).toEqual(asked.filter((id) => id !== 'nobody'));
        expect(await catalogue.items.getMany(c, [])).toEqual([]);
      });
    });

    describe('vectors brought from outside', () => {
      beforeEach(async () => {
        await catalogue.collections.put(c, { encoder: 'none' });
      });

      it('lets the first vector say the dimension, and refuses any other', async () => {
        await catalogue.items.put(c, [{ itemId: 'a', embeddings: [outside('a', [1, 2, 3])] }]);

        expect((await catalogue.collections.get(c))?.dimension).toBe(3);
        await expect(
          catalogue.items.put(c, [{ itemId: 'b', embeddings: [outside('b', [1, 2])] }]),
        ).rejects.toMatchObject({ code: 'VECTOR_INVALID', message: 'Expected 3 numbers, received 2.' });
      });

      it('takes a new vector as a change and the same vector as none', async () => {
        const put = (vector: number[]) => catalogue.items.put(c, [{ itemId: 'a', embeddings: [outside('a', vector)] }]);
        await put([1, 2]);

        expect((await put([1, 2]))[0]?.changed).toBe(false);
        expect((await put([1, 3]))[0]).toMatchObject({ changed: true, item: { revision: 2 } });
        expect(await wholeLog(catalogue, c, 'none')).toMatchObject([{ vector: Float32Array.from([1, 3]) }]);
      });

      it('keeps the vector beside a picture', async () => {
        await catalogue.items.put(c, [{ itemId: 'a', embeddings: [outside('a', [1, 2])] }]);
        await catalogue.items.put(c, [{ itemId: 'a', picture: picture('p') }]);

        expect(await catalogue.embeddings.get(c, 'none', ['a'])).toMatchObject([{ vector: Float32Array.of(1, 2) }]);
        expect(await catalogue.embeddings.missing(c, 'none', { limit: 9 })).toEqual({ rows: [] });
      });

      it('refuses them where the collection embeds pictures itself', async () => {
        await catalogue.collections.put(c, { encoder: null });

        await expect(catalogue.items.put(c, [{ itemId: 'a', embeddings: [outside('a', [1])] }])).rejects.toMatchObject({
          code: 'VECTORS_NOT_TAKEN',
        });
      });
    });

    describe('embeddings', () => {
      it('lives by item, content and model: two encoders stand side by side', async () => {
        await catalogue.items.put(c, [
          { itemId: 'a', picture: picture('p'), embeddings: [embedding('a', 'p', 'old', [1, 0])] },
        ]);
        await catalogue.embeddings.put(c, [embedding('a', 'p', 'new', [0, 1, 0])]);

        expect(await catalogue.embeddings.get(c, 'old', ['a'])).toEqual([
          { itemId: 'a', revision: 1, vector: Float32Array.of(1, 0) },
        ]);
        expect(await catalogue.embeddings.get(c, 'new', ['a'])).toEqual([
          { itemId: 'a', revision: 1, vector: Float32Array.of(0, 1, 0) },
        ]);
        expect(await catalogue.log.revision(c)).toBe(1);
      });

      it('is missing once the picture is another, and an old one is left out silently', async () => {
        await catalogue.items.put(c, [
          { itemId: 'a', picture: picture('p'), embeddings: [embedding('a', 'p', 'm', [1])] },
          { itemId: 'b', picture: picture('b') },
          { itemId: 'no-picture' },
        ]);
        await catalogue.items.put(c, [{ itemId: 'a', picture: picture('q') }]);
        await catalogue.embeddings.put(c, [embedding('a', 'p', 'm', [2]), embedding('nobody', 'p', 'm', [3])]);

        expect(await catalogue.embeddings.get(c, 'm', ['a', 'nobody'])).toEqual([]);
        expect(await catalogue.embeddings.missing(c, 'm', { limit: 9 })).toEqual({
          rows: [
            { itemId: 'a', content: fingerprint('q') },
            { itemId: 'b', content: fingerprint('b') },
          ],
        });
      });

      it('pages through those there are and those that are missing', async () => {
        const ids = Array.from({ length: 25 }, (_, i) => `i${String(i).padStart(2, '0')}`);
        await catalogue.items.put(
          c,
          ids.map((itemId, i) => ({
            itemId,
            picture: picture(itemId),
            ...(i % 2 === 0 ? { embeddings: [embedding(itemId, itemId, 'm', [i])] } : {}),
          })),
        );

        for (const [which, rest] of [
          ['list', 0],
          ['missing', 1],
        ] as const) {
          const seen: string[] = [];
          let after: string | undefined;
          do {
            const page = await catalogue.embeddings[which](c, 'm', {
              limit: 4,
              ...(after === undefined ? {} : { after }),
            });
            seen.push(...page.rows.map((row) => row.itemId));
            after = page.next;
          } while (after !== undefined);
          expect(seen).toEqual(ids.filter((_, i) => i % 2 === rest));
        }
      });
    });

    describe('upkeep of embeddings', () => {
      const DAY = 86_400_000;
      const embeddedBy = async (...models: string[]) => {
        const ids = Array.from({ length: 3 }, (_, i) => `i${i}`);
        const writes = ids.map((itemId) => ({
          itemId,
          picture: picture(itemId),
          embeddings: models.map((modelId) => embedding(itemId, itemId, modelId, [1, 2])),
        }));
        await catalogue.items.put(c, writes);
      };
      const dayAgo = () => home.clock.now - DAY;

      it('looks at no more than a page of items for what is missing, and goes on where nothing is', async () => {
        const ids = Array.from({ length: 30 }, (_, i) => `i${String(i).padStart(2, '0')}`);
        const writes = ids.map((itemId) => ({
          itemId,
          picture: picture(itemId),
          embeddings: itemId === 'i29' ? [] : [embedding(itemId, itemId, 'm', [1])],
        }));
        await catalogue.items.put(c, writes);

        expect(await catalogue.embeddings.missing(c, 'm', { limit: 10 })).toEqual({ rows: [], next: 'i09' });
        expect(await catalogue.embeddings.missing(c, 'm', { after: 'i09', limit: 10 })).toEqual({
          rows: [],
          next: 'i19',
        });
        expect(await catalogue.embeddings.missing(c, 'm', { after: 'i19', limit: 10 })).toEqual({
          rows: [{ itemId: 'i29', content: fingerprint('i29') }],
        });
      });

      it('says which models there are, and drops one that nothing names', async () => {
        await embeddedBy('kept', 'dropped', 'another');
        expect(await catalogue.embeddings.models(c)).toEqual(['another', 'dropped', 'kept']);
        expect(await catalogue.embeddings.count(c, 'dropped')).toBe(3);

        expect(await catalogue.embeddings.drop(c, 'dropped', dayAgo())).toBe(3);
        expect(await catalogue.embeddings.drop(c, 'dropped', dayAgo())).toBe(0);

        expect(await catalogue.embeddings.models(c)).toEqual(['another', 'kept']);
        expect(await catalogue.embeddings.get(c, 'kept', ['i0'])).toHaveLength(1);
        expect(await catalogue.embeddings.missing(c, 'dropped', { limit: 9 })).toMatchObject({ rows: { length: 3 } });
      });

      it('drops some hundreds at a time', async () => {
        const ids = Array.from({ length: 700 }, (_, i) => `i${i}`);
        await catalogue.items.put(
          c,
          ids.map((itemId) => ({
            itemId,
            picture: picture('same'),
            embeddings: [embedding(itemId, 'same', 'm', [1])],
          })),
        );

        expect(await catalogue.embeddings.drop(c, 'm', dayAgo())).toBe(500);
        expect(await catalogue.embeddings.drop(c, 'm', dayAgo())).toBe(200);
        expect(await catalogue.embeddings.count(c, 'm')).toBe(0);
      });

      it("never drops a release's model, the collection's encoder, or vectors from outside", async () => {
        await catalogue.collections.put(c, { encoder: 'encoder' });
        await embeddedBy('encoder', 'released');
        await catalogue.releases.add({
          releaseId: `${c}-r`,
          collection: c,
          indexId: 'i',
          modelId: 'released',
          origin: 'reindex',
        });
        for (const modelId of ['encoder', 'released', 'none'])
          expect(await catalogue.embeddings.drop(c, modelId, dayAgo())).toBe(0);

        expect(await catalogue.embeddings.models(c)).toEqual(['encoder', 'released']);
      });

      it('never drops what somebody builds on, or has just added to, and does so once that is long ago', async () => {
        await embeddedBy('m');
        await catalogue.embeddings.use(c, 'm');
        expect(await other.embeddings.drop(c, 'm', dayAgo())).toBe(0);

        home.clock.now += DAY + 1;
        await catalogue.embeddings.put(c, [embedding('i0', 'i0', 'm', [3])]);
        expect(await other.embeddings.drop(c, 'm', dayAgo())).toBe(0);

        home.clock.now += DAY + 1;
        expect(await other.embeddings.drop(c, 'm', dayAgo())).toBe(3);
      });
    });

    describe('the log of changes', () => {
      it('tells each item once, at its newest revision, with its vector by the model asked for', async () => {
        await catalogue.items.put(c, [
          { itemId: 'a', picture: picture('p'), embeddings: [embedding('a', 'p', 'm', [1, 2])] },
          { itemId: 'b', attributes: { v: 1 } },
        ]);
        await catalogue.items.put(c, [{ itemId: 'a', attributes: { v: 2 } }]);

        expect(await catalogue.log.after(c, 'm', 0, 10)).toEqual([
          {
            kind: 'put',
            revision: 2,
            itemId: 'b',
            attributes: { v: 1 },
            content: null,
            vector: null,
            createdAt: home.clock.now,
          },
          {
            kind: 'put',
            revision: 3,
            itemId: 'a',
            attributes: { v: 2 },
            content: fingerprint('p'),
            vector: Float32Array.of(1, 2),
            createdAt: home.clock.now,
          },
        ]);
        expect(await catalogue.log.after(c, 'another model', 2, 10)).toMatchObject([{ itemId: 'a', vector: null }]);
      });

      it('tells a deletion by its tombstone until the item is written again', async () => {
        await catalogue.items.put(c, [{ itemId: 'a' }]);
        await catalogue.items.delete(c, 'a');
        expect(await wholeLog(catalogue, c)).toEqual([{ kind: 'delete', revision: 2, itemId: 'a' }]);

        await catalogue.items.put(c, [{ itemId: 'a' }]);
        expect(await wholeLog(catalogue, c)).toMatchObject([{ kind: 'put', revision: 3, itemId: 'a' }]);
      });

      it('forgets tombstones that every index contains, and says from where on it is complete', async () => {
        await catalogue.items.put(c, [{ itemId: 'a' }, { itemId: 'b' }]);
        await catalogue.items.delete(c, 'a');
        await catalogue.items.delete(c, 'b');
        expect(await catalogue.log.compactable(c, 3)).toBe(1);
        expect(await catalogue.log.compact(c, 3)).toBe(1);
        expect(await catalogue.log.compact(c, 2)).toBe(0);

        expect(await catalogue.log.compactedThrough(c)).toBe(3);
        expect(await wholeLog(catalogue, c)).toEqual([{ kind: 'delete', revision: 4, itemId: 'b' }]);
        await catalogue.log.compact(c, 1_000);
        expect(await catalogue.log.compactedThrough(c)).toBe(4);
      });

      it('compacts hundreds of lines in several transactions, and releases among them', async () => {
        const ids = Array.from({ length: 600 }, (_, i) => `i${i}`);
        await catalogue.items.put(
          c,
          ids.map((itemId) => ({ itemId })),
        );
        for (let at = 0; at < ids.length; at += 50)
          await Promise.all(ids.slice(at, at + 50).map((itemId) => catalogue.items.delete(c, itemId)));
        await catalogue.releases.add({ releaseId: c, collection: c, indexId: 'x', modelId: 'm', origin: 'reindex' });
        await catalogue.releases.activate(c);
        const newest = await catalogue.log.revision(c);

        expect(await catalogue.log.compactable(c, newest)).toBe(601);
        expect(await catalogue.log.compact(c, newest)).toBe(601);

        expect(await catalogue.log.compactedThrough(c)).toBe(newest);
        expect(await wholeLog(catalogue, c)).toEqual([]);
      });

      it('replays to what the catalogue holds, after any history and in pages of any size', async () => {
        const random = new Random(11);
        const twin = new Map<string, number>();
        for (let step = 0; step < 120; step++) {
          const itemId = `i${random.int(12)}`;
          if (random.chance(0.3)) {
            const gone = await catalogue.items.delete(c, itemId);
            expect(gone !== undefined).toBe(twin.delete(itemId));
          } else {
            await catalogue.items.put(c, [{ itemId, attributes: { step } }]);
            twin.set(itemId, step);
          }
        }
        for (const limit of [1, 3, 1_000]) {
          const replayed = new Map<string, unknown>();
          const log = await wholeLog(catalogue, c, 'm', limit);
          for (const change of log) {
            if (change.kind === 'put') replayed.set(change.itemId, change.attributes.step);
            if (change.kind === 'delete') replayed.delete(change.itemId);
          }
          expect(new Map([...replayed].sort())).toEqual(new Map([...twin].sort()));
          const revisions = log.map((change) => change.revision);
          expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
        }
        expect(await catalogue.items.count(c)).toBe(twin.size);
      });

      it('wakes whoever watches, here and elsewhere, within a second of a commit', async () => {
        let here = 0;
        let elsewhere = 0;
        const stops = [catalogue.log.watch(() => here++), other.log.watch(() => elsewhere++)];
        await until(() => false, 400);
        [here, elsewhere] = [0, 0];
        await catalogue.items.put(c, [{ itemId: 'a' }]);

        expect(await until(() => here > 0 && elsewhere > 0, 1_000)).toBe(true);
        for (const stop of stops) stop();
        [here, elsewhere] = [0, 0];
        await catalogue.items.put(c, [{ itemId: 'b' }]);
        await until(() => false, 200);
        expect([here, elsewhere]).toEqual([0, 0]);
      });
    });

    describe('events', () => {
      it('counts the same eventId once, within a batch and across batches', async () => {
        const event = { itemId: 'a', kind: 'view', time: 5, userId: 'u', eventId: 'e1' } as const;

        expect(await catalogue.events.add(c, [event, event, { ...event, eventId: 'e2' }])).toEqual({
          accepted: 2,
          duplicates: 1,
        });
        expect(await catalogue.events.add(c, [event, { itemId: 'a', kind: 'view', time: 5 }])).toEqual({
          accepted: 1,
          duplicates: 1,
        });
        expect(await catalogue.events.add(c, [])).toEqual({ accepted: 0, duplicates: 0 });
        expect(await catalogue.events.count(c)).toBe(3);
      });

      it("tells a person's newest events first, with all that was said", async () => {
        await catalogue.events.add(c, [
          { itemId: 'old', kind: 'click', time: 1, userId: 'u' },
          { itemId: 'new', kind: 'purchase', time: 3, userId: 'u', sessionId: 's', value: 9.5, eventId: 'x' },
          { itemId: 'mid', kind: 'view', time: 2, userId: 'u' },
          { itemId: 'theirs', kind: 'view', time: 4, userId: 'v' },
        ]);

        const mine = await catalogue.events.of(c, { userId: 'u' }, 2);

        expect(mine.map((event) => event.itemId)).toEqual(['new', 'mid']);
        expect(mine[0]).toEqual({
          itemId: 'new',
          kind: 'purchase',
          time: 3,
          receivedAt: home.clock.now,
          userId: 'u',
          sessionId: 's',
          value: 9.5,
          eventId: 'x',
        });
        expect((await catalogue.events.of(c, { sessionId: 's' }, 9)).map((each) => each.itemId)).toEqual(['new']);
      });

      it('knows what a person has seen, for which impressions do not count', async () => {
        await catalogue.events.add(c, [
          { itemId: 'a', kind: 'view', time: 1, userId: 'u' },
          { itemId: 'a', kind: 'like', time: 2, userId: 'u' },
          { itemId: 'b', kind: 'impression', time: 3, userId: 'u' },
          { itemId: 'c', kind: 'dislike', time: 3, userId: 'u' },
        ]);

        expect(await catalogue.events.seenBy(c, { userId: 'u' })).toEqual(new Set(['a', 'c']));
        expect(await catalogue.events.seenBy(c, { userId: 'nobody' })).toEqual(new Set());
      });

      it('hands events out in order of arrival, page by page, each with its place', async () => {
        const event = (itemId: string, time: number) => ({ itemId, kind: 'view', time, userId: 'u' }) as const;
        await catalogue.events.add(c, [event('late', 9), event('early', 1)]);
        await catalogue.events.add('default', [event('elsewhere', 2)]);
        await catalogue.events.add(c, [event('last', 5)]);

        const first = await catalogue.events.since(c, { after: 0, limit: 2 });
        const rest = await other.events.since(c, { after: first[1]!.place, limit: 2 });

        expect(first.map(({ itemId }) => itemId)).toEqual(['late', 'early']);
        expect(rest.map(({ itemId, time, userId }) => ({ itemId, time, userId }))).toEqual([
          { itemId: 'last', time: 5, userId: 'u' },
        ]);
        expect(rest[0]!.place).toBeGreaterThan(first[1]!.place);
        expect(await catalogue.events.since(c, { after: rest[0]!.place, limit: 2 })).toEqual([]);
      });

      it('marks whether anything of somebody is new, also what happened long ago, and to nobody else', async () => {
        const mark = () => other.events.mark(c, { userId: 'u' });
        const marks = [await mark()];
        await catalogue.events.add(c, [{ itemId: 'a', kind: 'view', time: 5, userId: 'u' }]);
        marks.push(await mark());
        await catalogue.events.add(c, [{ itemId: 'a', kind: 'impression', time: 1, userId: 'u' }]);
        marks.push(await mark());
        await catalogue.events.add(c, [{ itemId: 'a', kind: 'view', time: 9, userId: 'v', sessionId: 'u' }]);

        expect(new Set(marks).size).toBe(3);
        expect(await mark()).toBe(marks[2]);
      });

      it('looks at the newest 10,000 events of somebody who has more, and sees one of them go', async () => {
        const event = (i: number) => ({ itemId: `i${i}`, kind: 'view', time: i, userId: 'busy' }) as const;
        for (let start = 0; start < 10_002; start += 1_667)
          await catalogue.events.add(
            c,
            Array.from({ length: 1_667 }, (_, i) => event(start + i)),
          );
        const seen = await catalogue.events.seenBy(c, { userId: 'busy' });
        const before = await catalogue.events.mark(c, { userId: 'busy' });
        const [oldest, place] = (await catalogue.events.before(c, 5_001, { after: 0, limit: 5_001 })).filter(
          (_, i) => i === 0 || i === 5_000,
        );

        expect(seen.size).toBe(10_000);
        expect([seen.has('i1'), seen.has('i2')]).toEqual([false, true]);
        await catalogue.events.remove(c, [oldest!]);
        expect(await catalogue.events.mark(c, { userId: 'busy' })).toBe(before);
        await catalogue.events.remove(c, [place!]);
        expect(await catalogue.events.mark(c, { userId: 'busy' })).not.toBe(before);
        expect((await catalogue.events.seenBy(c, { userId: 'busy' })).has('i1')).toBe(true);
      });

      it('counts what arrived behind a place, impressions apart, page by page', async () => {
        const event = (kind: 'view' | 'impression') => ({ itemId: 'a', kind, time: 1 }) as const;
        await catalogue.events.add(c, [event('view'), event('view')]);
        const { place } = (await catalogue.events.since(c, { after: 0, limit: 9 })).at(-1)!;
        await catalogue.events.add('default', [event('view')]);
        await catalogue.events.add(c, [event('view'), event('impression'), event('view')]);
        const last = (await catalogue.events.since(c, { after: 0, limit: 9 })).at(-1)!.place;

        expect(await catalogue.events.countSince(c, { after: 0, limit: 2 })).toEqual({ events: 2, place });
        expect(await other.events.countSince(c, { after: place, limit: 9 })).toEqual({ events: 2, place: last });
        expect(await other.events.countSince(c, { after: last, limit: 9 })).toEqual({ events: 0, place: last });
      });

      it('tells everybody that events were taken away, and nothing where none were', async () => {
        await catalogue.events.add(c, [{ itemId: 'a', kind: 'view', time: 1, userId: 'u' }]);
        const place = (await catalogue.events.since(c, { after: 0, limit: 1 }))[0]!.place;
        const first = await other.events.removals();
        expect(await catalogue.events.dropUser(c, 'u')).toBe(0);
        expect(await other.events.removals()).toBe(first);

        await catalogue.events.remove(c, [place]);
        const second = await other.events.removals();
        await catalogue.events.forget(c, 'u');
        await catalogue.events.dropUser(c, 'u');

        expect(new Set([first, second, await other.events.removals()]).size).toBe(3);
      });

      it('weighs kinds for what is popular, ties by id', async () => {
        const weights = { view: 1, click: 2, cart: 3, purchase: 5, like: 4, dislike: -4, impression: 0.5 };
        await catalogue.events.add(c, [
          { itemId: 'b', kind: 'view', time: 1 },
          { itemId: 'a', kind: 'view', time: 1 },
          { itemId: 'hit', kind: 'purchase', time: 1 },
          { itemId: 'hit', kind: 'impression', time: 1 },
        ]);
        await catalogue.events.add(c, [{ itemId: 'bad', kind: 'dislike', time: 1 }]);
        await catalogue.events.add(c, [{ itemId: 'hit', kind: 'purchase', time: 1 }]);

        expect(await catalogue.events.popular(c, weights, 9)).toEqual([
          { itemId: 'hit', weight: 10.5 },
          { itemId: 'a', weight: 1 },
          { itemId: 'b', weight: 1 },
          { itemId: 'bad', weight: -4 },
        ]);
        expect(await catalogue.events.popular(c, weights, 1)).toHaveLength(1);
      });

      it('says the same of people and items whatever the order in which events arrive', async () => {
        const weights = { view: 1, click: 2, cart: 3, purchase: 5, like: 4, dislike: -4, impression: 0 };
        const kinds = ['view', 'like', 'impression'] as const;
        const happened = Array.from({ length: 40 }, (_, i) => ({
          itemId: `i${(i * 7) % 9}`,
          kind: kinds[i % 3]!,
          time: 1_000 - i * 10,
          userId: `u${i % 2}`,
          sessionId: 's',
          eventId: `e${i}`,
        }));
        const seen = [];
        for (const [at, order] of [
          happened,
          happened.toReversed(),
          happened.toSorted((a, b) => (a.itemId < b.itemId ? -1 : 1)),
        ].entries()) {
          const name = `${c}-order-${at}`;
          await catalogue.collections.put(name, { encoder: 'none' });
          for (let start = 0; start < order.length; start += 7)
            await catalogue.events.add(name, [...order.slice(start, start + 7), ...order.slice(0, start)]);
          seen.push({
            newest: await catalogue.events.of(name, { userId: 'u0' }, 9),
            visit: await catalogue.events.of(name, { sessionId: 's' }, 50),
            history: await catalogue.events.history(name, 'u1', { limit: 50 }),
            seen: new Set([...(await catalogue.events.seenBy(name, { userId: 'u0' }))].toSorted()),
            popular: await catalogue.events.popular(name, weights, 50),
            count: await catalogue.events.count(name),
          });
        }

        expect(seen[0]!.count).toBe(40);
        expect(seen[1]).toEqual(seen[0]);
        expect(seen[2]).toEqual(seen[0]);
      });

      it("tells all of a person's history page by page, oldest first, also where times are equal", async () => {
        const times = [5, 5, -7, 5, 5, 9];
        await catalogue.events.add(
          c,
          times.map((time, i) => ({ itemId: `i${i}`, kind: 'view', time, userId: 'u', eventId: `e${i}` })),
        );
        await catalogue.events.add(c, [{ itemId: 'theirs', kind: 'view', time: 6, userId: 'v' }]);

        const told = [];
        let after: string | undefined;
        do {
          const page = await catalogue.events.history(c, 'u', { after, limit: 2 });
          expect(page.rows.length).toBe(2);
          told.push(...page.rows);
          after = page.next;
        } while (after !== undefined);

        expect(told.map(({ itemId }) => itemId)).toEqual(['i2', 'i0', 'i1', 'i3', 'i4', 'i5']);
        expect(told[0]).toEqual({
          itemId: 'i2',
          kind: 'view',
          time: -7,
          userId: 'u',
          eventId: 'e2',
          receivedAt: home.clock.now,
        });
      });

      it('takes events away by their places, and out of the counts', async () => {
        await catalogue.events.add(c, [
          { itemId: 'a', kind: 'view', time: 1, userId: 'u' },
          { itemId: 'a', kind: 'view', time: 9, userId: 'u' },
          { itemId: 'b', kind: 'like', time: 2, userId: 'u' },
          { itemId: 'b', kind: 'view', time: 30 },
        ]);
        const weights = { view: 1, click: 0, cart: 0, purchase: 0, like: 1, dislike: 0, impression: 0 };

        expect(await catalogue.events.countBefore(c, 9)).toBe(2);
        const [first, ...more] = await catalogue.events.before(c, 9, { after: 0, limit: 10 });
        expect(more).toEqual(await catalogue.events.before(c, 9, { after: first!, limit: 10 }));
        expect(await catalogue.events.remove(c, [first!, ...more, ...more])).toBe(2);
        expect(await catalogue.events.remove(c, [first!])).toBe(0);
        expect(await catalogue.events.remove(c, [])).toBe(0);

        expect(await catalogue.events.before(c, 9, { after: 0, limit: 10 })).toEqual([]);
        expect(await catalogue.events.count(c)).toBe(2);
        expect(await catalogue.events.popular(c, weights, 9)).toEqual([
          { itemId: 'a', weight: 1 },
          { itemId: 'b', weight: 1 },
        ]);
      });

      it('forgets one person, some hundreds of events at a time, and knows who is left to forget', async () => {
        const many = Array.from({ length: 700 }, (_, i) => ({
          itemId: `i${i % 3}`,
          kind: 'view' as const,
          time: i,
          userId: 'gone',
        }));
        await catalogue.events.add(c, [...many, { itemId: 'i0', kind: 'view', time: 1, userId: 'stays' }]);
        await catalogue.events.add(c, [{ itemId: 'only-theirs', kind: 'like', time: 1, userId: 'gone' }]);
        await catalogue.events.forget(c, 'gone');
        await catalogue.events.forget(c, 'gone');

        expect(await catalogue.events.dropUser(c, 'gone')).toBeLessThan(701);
        expect(await other.events.toForget(c)).toEqual(['gone']);
        // What comes after the mark stays, unless the person asks again.
        await catalogue.events.add(c, [{ itemId: 'i9', kind: 'view', time: 0, userId: 'gone' }]);
        while ((await other.events.dropUser(c, 'gone')) > 0);

        expect(await catalogue.events.of(c, { userId: 'gone' }, 9)).toMatchObject([{ itemId: 'i9' }]);
        expect(await catalogue.events.dropUser(c, 'gone')).toBe(0);
        await catalogue.events.forget(c, 'gone');
        expect(await catalogue.events.dropUser(c, 'gone')).toBe(1);
        expect(await catalogue.events.dropUser(c, 'gone')).toBe(0);

        expect(await catalogue.events.toForget(c)).toEqual([]);
        expect(await catalogue.events.of(c, { userId: 'gone' }, 9)).toEqual([]);
        expect(await catalogue.events.of(c, { userId: 'stays' }, 9)).toHaveLength(1);
        const weights = { view: 1, click: 0, cart: 0, purchase: 0, like: 1, dislike: 0, impression: 0 };
        expect(await catalogue.events.popular(c, weights, 9)).toEqual([{ itemId: 'i0', weight: 1 }]);
        expect(await catalogue.events.wipe()).toBe(true);
      });
    });

    describe('jobs', () => {
      const STALE = 15_000;
      let kind = '';
      beforeEach(() => {
        kind = `kind-${made}`;
      });
      const enqueue = (input: { [field: string]: number } = {}) =>
        catalogue.jobs.enqueue({ kind, collection: c, input });

      it('answers with the equal job that is still queued, whatever the order of its fields', async () => {
        const first = await enqueue({ x: 1, y: 2 });
        const equal = await enqueue({ y: 2, x: 1 });
        const different = await enqueue({ x: 2 });
        await catalogue.jobs.claim('w', [kind], STALE);
        const later = await enqueue({ x: 1, y: 2 });

        expect(first.created).toBe(true);
        expect(equal).toEqual({ job: first.job, created: false });
        expect(different.created).toBe(true);
        expect(later.created).toBe(true);
      });

      it('hands each job to exactly one worker, oldest first', async () => {
        const queued: string[] = [];
        for (let i = 0; i < 8; i++) queued.push((await enqueue({ i })).job.jobId);

        expect((await catalogue.jobs.claim('w', [kind], STALE))?.jobId).toBe(queued[0]);
        const claims = await Promise.all(
          Array.from({ length: 12 }, (_, i) => (i % 2 ? catalogue : other).jobs.claim(`w${i}`, [kind], STALE)),
        );

        const claimed = claims.flatMap((job) => (job ? [job.jobId] : []));
        expect(claimed.sort()).toEqual(queued.slice(1).sort());
        expect(await catalogue.jobs.claim('w', ['another kind'], STALE)).toBeUndefined();
        expect(await catalogue.jobs.claim('w', [], STALE)).toBeUndefined();
      });

      it('gives a job whose heart stopped to another worker, and the first can no longer end it', async () => {
        await enqueue();
        const first = (await catalogue.jobs.claim('w1', [kind], STALE))!;
        home.clock.now += STALE;
        expect(await catalogue.jobs.claim('w2', [kind], STALE)).toBeUndefined();
        expect(await catalogue.jobs.beat(first.jobId, 1, { done: 1, unit: 'steps' })).toBe(true);
        home.clock.now += STALE + 1;

        const second = (await other.jobs.claim('w2', [kind], STALE))!;

        expect(second).toMatchObject({ jobId: first.jobId, attempt: 2, state: 'running', progress: null });
        expect(await catalogue.jobs.beat(first.jobId, 1, null)).toBe(false);
        expect(await catalogue.jobs.finish(first.jobId, 1, { state: 'succeeded', result: 'old' })).toBe(false);
        expect(await catalogue.jobs.release(first.jobId, 1)).toBe(false);
        expect(await catalogue.jobs.finish(first.jobId, 2, { state: 'succeeded', result: { n: 1 } })).toBe(true);
        expect(await catalogue.jobs.get(first.jobId)).toMatchObject({
          state: 'succeeded',
          result: { n: 1 },
          finishedAt: home.clock.now,
        });
      });

      it('gives up a job that brought down worker after worker', async () => {
        const { job } = await enqueue();
        for (let attempt = 1; attempt <= 5; attempt++) {
          expect((await catalogue.jobs.claim('w', [kind], STALE))?.attempt).toBe(attempt);
          home.clock.now += STALE + 1;
        }

        expect(await catalogue.jobs.claim('w', [kind], STALE)).toBeUndefined();
        expect(await catalogue.jobs.get(job.jobId)).toMatchObject({ state: 'failed', error: { code: 'INTERNAL' } });
      });

      it('can be handed back, and is claimed again at once', async () => {
        const { job } = await enqueue();
        await catalogue.jobs.claim('w', [kind], STALE);

        expect(await catalogue.jobs.release(job.jobId, 1)).toBe(true);
        expect(await catalogue.jobs.claim('w', [kind], STALE)).toMatchObject({ jobId: job.jobId, attempt: 2 });
      });

      it('cancels a queued job at once and asks a running one to stop', async () => {
        const queued = (await enqueue({ n: 1 })).job;
        expect(await catalogue.jobs.cancel(queued.jobId)).toMatchObject({ state: 'cancelled' });
        expect(await catalogue.jobs.claim('w', [kind], STALE)).toBeUndefined();

        const { jobId } = (await enqueue({ n: 2 })).job;
        await catalogue.jobs.claim('w', [kind], STALE);
        expect(await catalogue.jobs.cancel(jobId)).toMatchObject({ state: 'running', cancelRequested: true });
        expect(await catalogue.jobs.beat(jobId, 1, null)).toBe(false);
        expect(await catalogue.jobs.finish(jobId, 1, { state: 'cancelled' })).toBe(true);
        expect(await catalogue.jobs.cancel(jobId)).toMatchObject({ state: 'cancelled', finishedAt: home.clock.now });
        expect(await catalogue.jobs.cancel('nobody')).toBeUndefined();
      });

      it('cancels a job that was asked to stop and whose worker is gone', async () => {
        const { jobId } = (await enqueue()).job;
        await catalogue.jobs.claim('w', [kind], STALE);
        await catalogue.jobs.cancel(jobId);
        home.clock.now += STALE + 1;

        expect(await catalogue.jobs.claim('w', [kind], STALE)).toBeUndefined();
        expect(await catalogue.jobs.get(jobId)).toMatchObject({ state: 'cancelled' });
      });

      it('keeps progress and errors, and lists the newest first', async () => {
        const first = (await enqueue({ n: 1 })).job;
        await enqueue({ n: 2 });
        await catalogue.jobs.claim('w', [kind], STALE);
        const progress = { stage: 'embed', done: 3, total: 9, unit: 'pictures', etaSeconds: 4 };
        await catalogue.jobs.beat(first.jobId, 1, progress);
        expect(await catalogue.jobs.get(first.jobId)).toMatchObject({ progress, startedAt: home.clock.now });

        const error = { code: 'DISK_FULL', message: 'no room', remedy: 'make some' };
        await catalogue.jobs.finish(first.jobId, 1, { state: 'failed', error });

        expect((await catalogue.jobs.list({ collection: c, limit: 9 })).map((job) => job.state)).toEqual([
          'queued',
          'failed',
        ]);
        expect(await catalogue.jobs.list({ collection: c, state: 'failed', limit: 9 })).toMatchObject([{ error }]);
        expect(await catalogue.jobs.list({ collection: c, limit: 1 })).toHaveLength(1);
        expect(await catalogue.jobs.list({ kind, limit: 9 })).toHaveLength(2);
        expect(await catalogue.jobs.list({ kind: 'another', limit: 9 })).toEqual([]);
      });

      it('forgets jobs that ended before a time, and none that waits, runs or has just ended', async () => {
        const ids: string[] = [];
        for (let n = 0; n < 4; n++) ids.push((await enqueue({ n })).job.jobId);
        const end = async (state: 'succeeded' | 'cancelled') => {
          const { jobId, attempt } = (await catalogue.jobs.claim('w', [kind], STALE))!;
          await catalogue.jobs.finish(jobId, attempt, state === 'cancelled' ? { state } : { state, result: {} });
        };
        await end('succeeded');
        home.clock.now += 1_000;
        await end('cancelled');
        await catalogue.jobs.claim('w', [kind], STALE);

        expect(await catalogue.jobs.countFinished(home.clock.now)).toBeGreaterThanOrEqual(1);
        while ((await catalogue.jobs.prune(home.clock.now)) > 0);
        expect(await catalogue.jobs.countFinished(home.clock.now)).toBe(0);

        const left = await catalogue.jobs.list({ kind, limit: 9 });
        expect(left.map((job) => job.jobId)).toEqual(ids.slice(1).reverse());
      });
    });

    describe('releases', () => {
      it('name a behaviour model, or none', async () => {
        const release = { collection: c, indexId: 'i', modelId: 'm', origin: 'behaviour' };
        await catalogue.releases.add({ ...release, releaseId: `${c}-with`, behaviourId: 'b' });
        await catalogue.releases.add({ ...release, releaseId: `${c}-without` });

        expect(await other.releases.get(`${c}-with`)).toMatchObject({ behaviourId: 'b' });
        expect(await other.releases.get(`${c}-without`)).toMatchObject({ behaviourId: null });
      });

      const add = (releaseId: string) =>
        catalogue.releases.add({
          releaseId,
          collection: c,
          indexId: `i-${releaseId}`,
          modelId: 'm',
          origin: 'reindex',
        });

      it('switches by one call, forward and back, with a line in the log each time', async () => {
        await add(`${c}-1`);
        await add(`${c}-2`);
        expect(await catalogue.releases.active(c)).toBeUndefined();

        expect(await catalogue.releases.activate(`${c}-1`, null)).toBe('activated');
        expect(await catalogue.releases.activate(`${c}-2`, `${c}-1`)).toBe('activated');
        expect(await catalogue.releases.activate(`${c}-2`)).toBe('already-active');
        expect(await catalogue.releases.activate(`${c}-1`)).toBe('activated');

        expect(await other.releases.active(c)).toMatchObject({ releaseId: `${c}-1`, active: true, modelId: 'm' });
        expect((await catalogue.releases.list(c)).filter((each) => each.active)).toHaveLength(1);
        expect(await catalogue.releases.get(`${c}-2`)).toMatchObject({ active: false, activatedAt: home.clock.now });
        expect(await wholeLog(catalogue, c)).toEqual([
          { kind: 'release', revision: 1, releaseId: `${c}-1` },
          { kind: 'release', revision: 2, releaseId: `${c}-2` },
          { kind: 'release', revision: 3, releaseId: `${c}-1` },
        ]);
      });

      it('lets one of several win who saw the same release active', async () => {
        const names = Array.from({ length: 6 }, (_, i) => `${c}-${i}`);
        for (const releaseId of names) await add(releaseId);

        const answers = await Promise.all(
          names.map((releaseId, i) => (i % 2 ? catalogue : other).releases.activate(releaseId, null)),
        );

        expect(answers.toSorted()).toEqual(['activated', ...Array.from({ length: 5 }, () => 'moved-on')]);
      });

      it('forgets those it is told to, but never the active one, nor one that was made or activated since', async () => {
        const ids = ['old', 'back', 'active', 'fresh'].map((name) => `${c}-${name}`);
        const [old, back, active, fresh] = ids as [string, string, string, string];
        for (const releaseId of [old, back, active]) await add(releaseId);
        await catalogue.releases.activate(old);
        await catalogue.releases.activate(active);
        home.clock.now += 1_000;
        const idleSince = home.clock.now;
        await add(fresh);
        await catalogue.releases.activate(back);
        await catalogue.releases.activate(active);

        expect(await other.releases.remove(c, { releaseIds: [...ids, 'nobody'], idleSince })).toEqual([old]);
        expect(await catalogue.releases.remove(c, { releaseIds: [], idleSince })).toEqual([]);

        expect((await catalogue.releases.list(c)).map((each) => each.releaseId).toSorted()).toEqual(
          [back, active, fresh].toSorted(),
        );
        await expect(catalogue.releases.activate(old)).rejects.toMatchObject({ code: 'RELEASE_NOT_FOUND' });
      });

      it('refuses a release that is not there', async () => {
        await expect(catalogue.releases.activate('nobody')).rejects.toMatchObject({ code: 'RELEASE_NOT_FOUND' });
        expect(await catalogue.releases.get('nobody')).toBeUndefined();
      });
    });

    describe('experiments', () => {
      const halves = [
        { name: 'a', share: 0.5, request: { strategy: 'recent' } },
        { name: 'b', share: 0.5, request: {} },
      ];
      const experiment = (name: string, changes: Partial<NewExperiment> = {}): NewExperiment => ({
        ...{ name, variants: halves, from: 0, until: null, success: { kinds: ['click'], windowMs: 10 } },
        ...changes,
      });

      it('are made and replaced with the people they have, read, listed and deleted', async () => {
        const made = await catalogue.experiments.put(c, experiment('b', { until: 9 }));
        const variants = [
          { ...halves[0]!, share: 0.2 },
          { ...halves[1]!, share: 0.8 },
        ];
        const replaced = await catalogue.experiments.put(c, experiment('b', { until: 9, variants }));
        await catalogue.experiments.put(c, experiment('a', { from: 9 }));

        expect(made).toMatchObject({
          created: true,
          experiment: {
            name: 'b',
            buckets: [
              ['a', 5_000],
              ['b', 5_000],
            ],
          },
        });
        expect(replaced).toMatchObject({
          created: false,
          experiment: {
            buckets: [
              ['a', 2_000],
              ['b', 8_000],
            ],
          },
        });
        expect(await other.experiments.get(c, 'b')).toEqual(replaced.experiment);
        expect((await catalogue.experiments.list(c)).map(({ name }) => name)).toEqual(['a', 'b']);
        expect((await catalogue.experiments.all()).filter(({ collection }) => collection === c)).toHaveLength(2);
        expect(await catalogue.experiments.delete(c, 'b')).toBe(true);
        expect(await catalogue.experiments.delete(c, 'b')).toBe(false);
        expect(await catalogue.experiments.get(c, 'b')).toBeUndefined();
      });

      it('are refused where another is active at the same time, also of two that are made at once', async () => {
        const both = await Promise.allSettled(
          ['x', 'y'].map((name, i) => (i ? catalogue : other).experiments.put(c, experiment(name))),
        );

        expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
        expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
          reason: { code: 'EXPERIMENT_OVERLAP' },
        });
      });

      it('go with their collection', async () => {
        await catalogue.experiments.put(c, experiment('a'));
        await catalogue.collections.delete(c);

        expect((await catalogue.experiments.all()).filter(({ collection }) => collection === c)).toEqual([]);
        await expect(catalogue.experiments.put(c, experiment('a'))).rejects.toMatchObject({
          code: 'COLLECTION_NOT_FOUND',
        });
      });

      it('find what they showed, page by page, and whether the same person did something about it in time', async () => {
        const shown = { experiment: 'x', variant: 'a', propensity: 0.5, position: 2, request: { k: 'ä' } };
        const impression = (time: number, who: object, itemId = 'i') =>
          ({ ...who, itemId, kind: 'impression', time, shown }) as const;
        const [ann, bob, visit] = [{ userId: 'ann' }, { userId: 'bob', sessionId: 'v' }, { sessionId: 'v' }];
        await catalogue.events.add(c, [
          impression(100, ann),
          impression(100, ann, 'j'),
          impression(89, ann),
          impression(100, bob),
          impression(100, visit),
          { ...impression(100, ann), shown: { ...shown, experiment: 'y' } },
          { itemId: 'i', kind: 'impression', time: 100, shown }, // nobody's
          { ...ann, itemId: 'i', kind: 'click', time: 110 },
          { ...ann, itemId: 'j', kind: 'view', time: 105 },
          { ...visit, itemId: 'i', kind: 'purchase', time: 100 },
        ]);
        const success = { kinds: ['click', 'purchase'], windowMs: 10 } as const;
        const begun = (from: number) => ({ name: 'x', from, success });

        const first = await catalogue.events.outcomes(c, begun(89), { after: 0, limit: 2 });
        const rest = await other.events.outcomes(c, begun(89), { after: first[1]!.place, limit: 9 });
        expect([...first, ...rest].map(({ who, success: done }) => [who, done])).toEqual([
          ['user ann', true],
          ['user ann', false], // a view is none
          ['user ann', false], // too late by one
          ['user bob', false],
          ['session v', true],
        ]);
        expect(first[0]).toMatchObject({ variant: 'a' });
        // Of an older one by the same name nothing counts.
        expect(await catalogue.events.outcomes(c, begun(90), { after: 0, limit: 9 })).toHaveLength(4);
        expect((await catalogue.events.of(c, { userId: 'bob' }, 9))[0]).toMatchObject({ shown });
      });
    });

    describe('what is known of items', () => {
      it('is how often they were shown and chosen, and goes with the events', async () => {
        await catalogue.events.add(c, [
          { itemId: 'a', kind: 'impression', time: 1, userId: 'u' },
          { itemId: 'a', kind: 'impression', time: 2, userId: 'v' },
          { itemId: 'a', kind: 'click', time: 3, userId: 'u' },
          { itemId: 'a', kind: 'view', time: 4, userId: 'u' },
          { itemId: 'b', kind: 'cart', time: 5, userId: 'u' },
        ]);

        const known = () => other.events.evidence(c, ['click', 'cart']);
        expect(await known()).toEqual(
          new Map([
            ['a', { shown: 2, chosen: 1 }],
            ['b', { shown: 0, chosen: 1 }],
          ]),
        );
        await catalogue.events.forget(c, 'u');
        while ((await catalogue.events.dropUser(c, 'u')) > 0);
        expect(await known()).toEqual(new Map([['a', { shown: 1, chosen: 0 }]]));
      });

      it("reads somebody's newest events of some kinds only", async () => {
        const event = (kind: EventKind, time: number) => ({ itemId: `${kind}${time}`, kind, time, userId: 'u' });
        await catalogue.events.add(c, [event('click', 1), event('like', 2), event('impression', 3), event('view', 4)]);

        const found = await catalogue.events.of(c, { userId: 'u' }, 2, ['click', 'like', 'cart']);
        expect(found.map(({ itemId }) => itemId)).toEqual(['like2', 'click1']);
      });
    });

    describe('rules', () => {
      const rule = (ruleId: string, changes: Partial<NewRule> = {}): NewRule => ({
        ...{ ruleId, name: null, action: 'hide', itemId: 'a', filter: null },
        ...{ position: null, by: null, from: null, until: null },
        ...changes,
      });

      it('are made, replaced, listed by id and deleted, each in its collection', async () => {
        const made = await catalogue.rules.put(c, rule('b', { filter: { price: { gt: 3 } }, itemId: null }));
        await catalogue.rules.put(c, rule('a', { from: 5, until: 9 }));
        const replaced = await catalogue.rules.put(c, rule('b', { action: 'boost', by: 0.25 }));

        expect(made).toMatchObject({ created: true, rule: { collection: c, filter: { price: { gt: 3 } } } });
        expect(replaced).toMatchObject({ created: false, rule: { action: 'boost', by: 0.25, itemId: 'a' } });
        expect((await other.rules.list(c)).map(({ ruleId }) => ruleId)).toEqual(['a', 'b']);
        expect(await catalogue.rules.get(c, 'a')).toMatchObject({ from: 5, until: 9 });
        expect((await catalogue.rules.all()).filter(({ collection }) => collection === c)).toHaveLength(2);
        expect(await catalogue.rules.delete(c, 'a')).toBe(true);
        expect(await catalogue.rules.delete(c, 'a')).toBe(false);
        expect(await catalogue.rules.get(c, 'a')).toBeUndefined();
      });

      it('go with their collection, and need one', async () => {
        await catalogue.rules.put(c, rule('a'));
        await catalogue.collections.delete(c);

        expect((await catalogue.rules.all()).filter(({ collection }) => collection === c)).toEqual([]);
        await expect(catalogue.rules.put(c, rule('a'))).rejects.toMatchObject({ code: 'COLLECTION_NOT_FOUND' });
      });
    });

    describe('keys', () => {
      it('hands out a secret once and keeps only its hash', async () => {
        const { key, secret } = await catalogue.keys.create({
          name: 'shop',
          scopes: ['search', 'write'],
          collections: [c],
          ratePerSecond: 5,
        });

        expect(secret).toMatch(/^kin_[\w-]{43}$/);
        expect(await other.keys.find(fingerprint(secret))).toEqual(key);
        expect(await catalogue.keys.find(secret)).toBeUndefined();
        expect(JSON.stringify(await catalogue.keys.list())).not.toContain(secret.slice(4));
        expect(await catalogue.keys.any()).toBe(true);
      });

      it('finds a revoked key no more', async () => {
        for (const old of await catalogue.keys.list()) await catalogue.keys.revoke(old.keyId);
        expect(await catalogue.keys.any()).toBe(false);
        const { key, secret } = await catalogue.keys.create({
          name: 'all',
          scopes: ['admin'],
          collections: null,
          ratePerSecond: null,
        });

        expect(await catalogue.keys.revoke(key.keyId)).toBe(true);
        expect(await catalogue.keys.revoke(key.keyId)).toBe(false);
        expect(await catalogue.keys.find(fingerprint(secret))).toBeUndefined();
        expect((await catalogue.keys.list()).at(-1)).toMatchObject({ name: 'all', revokedAt: home.clock.now });
      });
    });

    it('makes a value of the installation once, whoever asks first', async () => {
      const values = await Promise.all([
        catalogue.installation.getOrCreate(`secret-${c}`, () => 'one'),
        other.installation.getOrCreate(`secret-${c}`, () => 'two'),
      ]);

      expect(new Set(values).size).toBe(1);
      expect(await other.installation.getOrCreate(`secret-${c}`, () => 'three')).toBe(values[0]);
    });

    it('finds everything again after it was closed, and migrating twice changes nothing', async () => {
      await catalogue.items.put(c, [{ itemId: 'a', attributes: { kept: true } }]);
      const again = await home.open();

      expect(await again.items.get(c, 'a')).toMatchObject({ attributes: { kept: true } });
      expect(await again.log.revision(c)).toBe(1);
      await again.close();
      await again.close();
    });
  });
}
