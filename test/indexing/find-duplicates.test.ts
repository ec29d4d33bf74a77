import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { dot, unit } from '../../src/core/vectors.js';
import { earlierCopy, findDuplicates, groupCopies } from '../../src/indexing/find-duplicates.js';
import { at, smallIndex, type WorldItem } from '../recommend/small-world.js';

const near = (...itemIds: string[]) => itemIds.map((itemId) => ({ itemId, similarity: 0.99 }));
const names = (groups: ReturnType<typeof groupCopies>) =>
  groups.map(({ itemId, duplicates }) => [itemId, ...duplicates.map((each) => each.itemId)]);

describe('groups of duplicates', () => {
  it('hold the item with the most copies and all of them, largest group first', () => {
    const copies = new Map([
      ['a', near('b')],
      ['b', near('a', 'c')],
      ['c', near('b')],
      ['x', near('y')],
      ['y', near('x')],
    ]);

    expect(names(groupCopies(copies))).toEqual([
      ['b', 'a', 'c'],
      ['x', 'y'],
    ]);
  });

  it('are no chains: whoever resembles only a copy is in no group with the first', () => {
    const copies = new Map([
      ['a', near('b')],
      ['b', near('a', 'c')],
      ['c', near('b', 'd')],
      ['d', near('c')],
    ]);

    expect(names(groupCopies(copies))).toEqual([['b', 'a', 'c']]);
  });

  it('of an index are those of all pairs, however many copies there are', async () => {
    const random = new Random(2);
    const [similarity, dimension] = [0.995, 6];
    const items = Array.from({ length: 40 }, (_, picture) => {
      const centre = Array.from({ length: dimension }, () => random.normal());
      return Array.from({ length: picture === 7 ? 45 : 1 + random.int(3) }, (_, copy) => ({
        itemId: `p${picture}-${copy}`,
        vector: unit(centre.map((x) => x + 0.02 * random.normal())),
      }));
    }).flat();
    const index = smallIndex([...items, { itemId: 'bare' }], dimension);
    const byTheBook = new Map<string, { itemId: string; similarity: number }[]>();
    for (const a of items) {
      const alike = items
        .filter((b) => b !== a && dot(a.vector, b.vector) > similarity)
        .map((b) => ({ itemId: b.itemId, similarity: dot(a.vector, b.vector) }));
      if (alike.length > 0) byTheBook.set(a.itemId, alike);
    }
    let asked = 0;
    const groups = await findDuplicates(index, similarity, async (done) => {
      asked = done;
    });

    expect(asked).toBe(items.length + 1);
    const sorted = (found: string[][]) => found.map(([first, ...rest]) => [first, ...rest.sort()]);
    expect(sorted(names(groups))).toEqual(sorted(names(groupCopies(byTheBook))));
    expect(groups[0]?.duplicates).toHaveLength(44);
  });

  it('are none where nothing is alike enough', async () => {
    const index = smallIndex([
      { itemId: 'a', vector: at(0) },
      { itemId: 'b', vector: at(9) },
    ]);

    expect(await findDuplicates(index, 0.99, async () => {})).toEqual([]);
  });
});

describe('the earlier copy of an item', () => {
  const told = async (items: readonly WorldItem[], similarity: number) => {
    const index = smallIndex(items);
    const found: [string, string][] = [];
    for (const { itemId } of items) {
      const copy = await earlierCopy(index, itemId, similarity);
      if (copy) found.push([itemId, copy.itemId]);
    }
    return found;
  };

  it('is the first of its copies, so that each item that could go is told once', async () => {
    const items = [
      { itemId: 'c', vector: at(2) },
      { itemId: 'a', vector: at(1) },
      { itemId: 'z', vector: at(90) },
      { itemId: 'b', vector: at(0) },
      { itemId: 'bare' },
    ];

    expect(await told(items, Math.cos((5 * Math.PI) / 180))).toEqual([
      ['c', 'a'],
      ['b', 'a'],
    ]);
  });

  it('of a chain is the one before: no item goes that nothing like it is left of', async () => {
    const items = ['a', 'b', 'c'].map((itemId, i) => ({ itemId, vector: at(4 * i) }));

    expect(await told(items, Math.cos((5 * Math.PI) / 180))).toEqual([
      ['b', 'a'],
      ['c', 'b'],
    ]);
  });

  it('is looked for among 512, however many there are', async () => {
    const items = Array.from({ length: 600 }, (_, i) => ({ itemId: String(1_000 + i), vector: at(0) }));
    const index = smallIndex(items);
    const asked: number[] = [];
    const counted = {
      ...index,
      nearest: (...[query, k]: Parameters<typeof index.nearest>) => {
        asked.push(k);
        return index.nearest(query, k);
      },
    };

    expect((await earlierCopy(counted, '1599', 0.99))?.itemId).toBe('1000');
    expect(asked).toEqual([8, 32, 128, 512]);
  });
});
