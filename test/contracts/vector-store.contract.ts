import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { byteOrder, cosine, norm } from '../../src/core/vectors.js';
import type { Neighbour, VectorStore } from '../../src/store/vector-store.js';

const vector = (...numbers: number[]): Float32Array => Float32Array.from(numbers);
const east = vector(1, 0);
const north = vector(0, 1);
const northEast = vector(1, 1);
const ids = (hits: readonly Neighbour[] | undefined): string[] => (hits ?? []).map(({ itemId }) => itemId);

/** Seeded normal vectors; a share of them repeats, since catalogues do. */
export function seededVectors(count: number, dimension: number, seed = 1, repeats = 0): Float32Array[] {
  const random = new Random(seed);
  const all: Float32Array[] = [];
  for (let i = 0; i < count; i++) {
    if (i > 0 && random.chance(repeats)) all.push(all[random.int(i)]!.slice());
    else all.push(Float32Array.from({ length: dimension }, () => random.normal()));
  }
  return all;
}

/** The definition of nearest, with no shortcut. Slow, and there to be believed. */
export function nearestByTheBook(
  entries: ReadonlyMap<string, Float32Array>,
  query: Float32Array,
  k: number,
  accept: (itemId: string) => boolean = () => true,
): Neighbour[] {
  return [...entries]
    .filter(([itemId]) => accept(itemId))
    .map(([itemId, stored]) => ({ itemId, similarity: cosine(query, stored) }))
    .sort((a, b) =>
      Math.abs(a.similarity - b.similarity) > 1e-6 ? b.similarity - a.similarity : byteOrder(a.itemId, b.itemId),
    )
    .slice(0, k);
}

/** A new store is finished when this suite is green for it. */
export function vectorStoreContract(name: string, open: (dimension: number) => VectorStore): void {
  describe(`${name} honours the VectorStore contract`, () => {
    const filled = async (entries: Record<string, Float32Array>): Promise<VectorStore> => {
      const store = open(Object.values(entries)[0]!.length);
      await store.upsert(Object.entries(entries).map(([itemId, v]) => ({ itemId, vector: v })));
      return store;
    };
    const one = async (store: VectorStore, query: Float32Array, k: number, options = {}) =>
      (await store.nearest([query], k, options))[0]!;

    it('answers nothing while it is empty', async () => {
      const store = open(2);
      expect(await store.size()).toBe(0);
      expect(await store.nearest([east, north], 3)).toEqual([[], []]);
      expect(await store.vectors(['a'])).toEqual([undefined]);
    });

    it('gives all there is where k is larger than the store', async () => {
      const store = await filled({ a: east, b: north });
      expect(ids(await one(store, northEast, 1000))).toEqual(['a', 'b']);
    });

    it('gives nothing for a k of 0', async () => {
      expect(await one(await filled({ a: east }), east, 0)).toEqual([]);
    });

    it('keeps only the latest vector of an item that is written twice, in one call or two', async () => {
      const store = await filled({ moved: east, other: northEast });
      await store.upsert([
        { itemId: 'moved', vector: vector(-1, 0) },
        { itemId: 'moved', vector: north },
      ]);
      expect(ids(await one(store, east, 3))).toEqual(['other', 'moved']);
      expect(await store.size()).toBe(2);
    });

    it('stays the same where an item is written as it was', async () => {
      const store = await filled({ a: east, b: north });
      await store.upsert([{ itemId: 'a', vector: vector(3, 0) }]);
      expect(await store.size()).toBe(2);
      expect(ids(await one(store, east, 5))).toEqual(['a', 'b']);
    });

    it('never gives an item that was removed, and passes over ids that are not there', async () => {
      const store = await filled({ a: east, b: northEast });
      await store.remove(['a', 'nobody', 'a']);
      expect(ids(await one(store, east, 5))).toEqual(['b']);
      expect(await store.size()).toBe(1);
      expect(await store.vectors(['a'])).toEqual([undefined]);
    });

    it('takes an item back that was removed', async () => {
      const store = await filled({ a: east });
      await store.remove(['a']);
      await store.upsert([{ itemId: 'a', vector: north }]);
      expect(await one(store, north, 5)).toEqual([{ itemId: 'a', similarity: 1 }]);
    });

    it('becomes empty when everything is removed, and goes on', async () => {
      const store = await filled({ a: east, b: north });
      await store.remove(['a', 'b']);
      expect(await one(store, east, 5)).toEqual([]);
      await store.upsert([{ itemId: 'c', vector: east }]);
      expect(ids(await one(store, east, 5))).toEqual(['c']);
    });

    it('measures cosine, whatever the lengths', async () => {
      const store = await filled({ long: vector(100, 0), tiny: vector(0, 1e-20), huge: vector(2.4e38, 3.2e38) });
      const hits = await one(store, vector(0.001, 0), 3);
      expect(ids(hits)).toEqual(['long', 'huge', 'tiny']);
      expect(hits.map(({ similarity }) => Number(similarity.toFixed(5)))).toEqual([1, 0.6, 0]);
    });

    it('keeps every similarity within [-1, 1]', async () => {
      const all = seededVectors(300, 48, 3);
      const store = await filled(Object.fromEntries(all.map((v, i) => [`i${i}`, v])));
      const negated = all.map((v) => v.map((number) => -number));
      const answers = (await store.nearest([...all, ...negated], 300)).flat();
      expect(answers).toHaveLength(2 * 300 * 300);
      expect(Math.max(...answers.map(({ similarity }) => Math.abs(similarity)).filter((size) => size > 0.99))).toBe(1);
    });

    it('breaks ties by item id in byte order, also at the last place', async () => {
      const names = ['b', 'a', 'ä', 'B', 'ﬀ', '😀', 'z'];
      const store = await filled(Object.fromEntries(names.map((itemId) => [itemId, east])));
      for (let k = 1; k <= names.length; k++)
        expect(ids(await one(store, east, k))).toEqual([...names].sort(byteOrder).slice(0, k));
    });

    it('breaks ties in a crowd of equals that is far larger than k', async () => {
      const far = seededVectors(200, 8, 9).map((v, i) => [`far${i}`, v] as const);
      const crowd = Array.from({ length: 900 }, (_, i) => [`c${i}`, vector(1, 0, 0, 0, 0, 0, 0, 0)] as const);
      const store = await filled(Object.fromEntries([...far, ...crowd.reverse()]));
      const due = crowd
        .map(([itemId]) => itemId)
        .sort(byteOrder)
        .slice(0, 7);
      expect(ids(await one(store, crowd[0]![1], 7))).toEqual(due);
    });

    it('keeps a vector of zeros, which is like nothing', async () => {
      const store = await filled({ zero: vector(0, 0), a: east });
      expect(await one(store, east, 2)).toEqual([
        { itemId: 'a', similarity: 1 },
        { itemId: 'zero', similarity: 0 },
      ]);
      expect((await one(store, vector(0, 0), 2)).map(({ similarity }) => similarity)).toEqual([0, 0]);
    });

    it.each([
      ['too short', vector(1)],
      ['too long', vector(1, 2, 3)],
      ['not a number', vector(1, Number.NaN)],
      ['infinite', vector(Number.POSITIVE_INFINITY, 0)],
    ])('refuses a vector that is %s, as an entry and as a query, and stays as it was', async (_why, bad) => {
      const store = await filled({ a: east });
      const refused = { code: 'VECTOR_INVALID' };
      await expect(
        store.upsert([
          { itemId: 'b', vector: north },
          { itemId: 'a', vector: bad },
        ]),
      ).rejects.toMatchObject(refused);
      await expect(store.nearest([bad], 1)).rejects.toMatchObject(refused);
      expect(await store.size()).toBe(1);
      expect(ids(await one(store, east, 5))).toEqual(['a']);
    });

    it('hands out unit vectors that are copies', async () => {
      const store = await filled({ a: vector(3, 4) });
      const [first] = await store.vectors(['a']);
      expect(norm(first!)).toBeCloseTo(1, 6);
      first!.fill(9);
      expect([...(await store.vectors(['a']))[0]!]).toEqual([Math.fround(0.6), Math.fround(0.8)]);
    });

    it('keeps its own copy of what it was handed', async () => {
      const mine = vector(1, 0);
      const store = await filled({ a: mine, b: north });
      mine.set([0, -1]);
      expect(ids(await one(store, east, 1))).toEqual(['a']);
    });

    it('answers many queries as it answers each', async () => {
      const all = seededVectors(500, 16, 5, 0.2);
      const store = await filled(Object.fromEntries(all.map((v, i) => [`i${i}`, v])));
      const many = await store.nearest(all.slice(0, 20), 10);
      for (const [i, hits] of many.entries()) expect(hits).toEqual(await one(store, all[i]!, 10));
    });

    it('takes ids of any kind', async () => {
      const odd = ['__proto__', 'constructor', '', ' ', '\u{10ffff}', 'x'.repeat(256), '0', '-1', '2.7'];
      const store = open(3);
      const entries = odd.map((itemId, i) => ({ itemId, vector: vector(Math.cos(i / 9), Math.sin(i / 9), 0) }));
      await store.upsert(entries);
      for (const { itemId, vector: v } of entries) expect(ids(await one(store, v, 1))).toEqual([itemId]);
    });

    it('only gives what the filter accepts', async () => {
      const store = await filled({ a: east, b: northEast, c: north });
      expect(ids(await one(store, east, 2, { accept: (itemId: string) => itemId !== 'a' }))).toEqual(['b', 'c']);
      expect(await one(store, east, 2, { accept: () => false })).toEqual([]);
    });

    it('survives a filter that throws, and says so', async () => {
      const all = seededVectors(1500, 8, 6);
      const store = await filled(Object.fromEntries(all.map((v, i) => [`i${i}`, v])));
      let calls = 0;
      const accept = (): boolean => {
        if (++calls > 200) throw new Error('a filter broke');
        return true;
      };
      await expect(store.nearest([all[0]!], 5, { accept })).rejects.toThrow('a filter broke');
      expect(ids(await one(store, all[0]!, 1))).toEqual(['i0']);
    });

    it('agrees with the definition in exact mode after any history of writes and removals', async () => {
      const vectors = seededVectors(40, 6, 8, 0.3);
      const step = fc.record({ at: fc.nat(39), id: fc.nat(14), remove: fc.boolean() });
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { maxLength: 60 }),
          fc.nat(39),
          fc.integer({ min: 1, max: 20 }),
          async (steps, q, k) => {
            const store = open(6);
            const model = new Map<string, Float32Array>();
            for (const { at, id, remove } of steps) {
              if (remove) await store.remove([`i${id}`]);
              else await store.upsert([{ itemId: `i${id}`, vector: vectors[at]! }]);
              if (remove) model.delete(`i${id}`);
              else model.set(`i${id}`, vectors[at]!);
            }
            const due = nearestByTheBook(model, vectors[q]!, k);
            const hits = await one(store, vectors[q]!, k, { exact: true });
            expect(await store.size()).toBe(model.size);
            expect(ids(hits)).toEqual(ids(due));
            for (const [i, hit] of hits.entries()) expect(hit.similarity).toBeCloseTo(due[i]!.similarity, 5);
          },
        ),
        { numRuns: 60, seed: 7 },
      );
    });

    it('never returns fewer than k while more pass the filter, whatever share passes and whether it is known', async () => {
      const count = 1200;
      const all = seededVectors(count, 8, 11, 0.1);
      const store = await filled(Object.fromEntries(all.map((v, i) => [`i${i}`, v])));
      const question = fc.record({
        modulus: fc.constantFrom(1, 2, 3, 7, 20, 100, 400, 1200, 5000),
        k: fc.constantFrom(1, 2, 10, 50, 300, 2000),
        query: fc.nat(count - 1),
        known: fc.boolean(),
        lie: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(question, async ({ modulus, k, query, known, lie }) => {
          const accept = (itemId: string): boolean => Number(itemId.slice(1)) % modulus === modulus - 1;
          const passing = Math.floor(count / modulus);
          const acceptCount = known ? { acceptCount: lie ? count : passing } : {};
          const hits = await one(store, all[query]!, k, { accept, ...acceptCount });
          expect(hits).toHaveLength(Math.min(k, passing));
          expect(hits.every(({ itemId }) => accept(itemId))).toBe(true);
          expect(new Set(ids(hits)).size).toBe(hits.length);
        }),
        { numRuns: 150, seed: 12 },
      );
    });
  });
}
