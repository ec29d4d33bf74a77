import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { dot } from '../../src/core/vectors.js';
import type { LiveIndex } from '../../src/indexing/live-index.js';
import { alikeThreshold } from '../../src/recommend/alike-threshold.js';
import { at, randomItems, smallIndex } from './small-world.js';

describe('from which cosine on two items are alike', () => {
  it('is such that about one pair in twenty is', async () => {
    const items = randomItems(400, 6, new Random(2));
    const index = smallIndex(items, 6);
    const threshold = await alikeThreshold(index);
    const vectors = (await Promise.all(items.map(({ itemId }) => index.vector(itemId)))) as Float32Array[];
    let [above, pairs] = [0, 0];
    for (const [i, a] of vectors.entries())
      for (const b of vectors.slice(0, i)) {
        pairs++;
        if (dot(a, b) >= threshold) above++;
      }

    expect(above / pairs).toBeGreaterThan(0.03);
    expect(above / pairs).toBeLessThan(0.08);
  });

  it('follows the encoder: where all things are alike, two things must be more so', async () => {
    const narrow = smallIndex(Array.from({ length: 60 }, (_, i) => ({ itemId: String(i), vector: at(i / 60) })));
    const wide = smallIndex(Array.from({ length: 60 }, (_, i) => ({ itemId: String(i), vector: at(6 * i) })));

    expect(await alikeThreshold(narrow)).toBeGreaterThan(0.9999);
    expect(await alikeThreshold(wide)).toBeLessThan(0.999);
  });

  it('is looked for all over the catalogue, not among what came first', async () => {
    const copies = Array.from({ length: 100 }, (_, i) => ({ itemId: `copy-${i}`, vector: at(0) }));
    const others = Array.from({ length: 700 }, (_, i) => ({ itemId: `other-${i}`, vector: at(i / 2) }));

    expect(await alikeThreshold(smallIndex([...copies, ...others]))).toBeLessThan(1);
  });

  it('passes over items without an embedding, and is 1 where there is nothing to compare', async () => {
    const plain = Array.from({ length: 50 }, (_, i) => ({ itemId: `plain-${i}` }));

    expect(await alikeThreshold(smallIndex([...plain, { itemId: 'one', vector: at(0) }]))).toBe(1);
    expect(await alikeThreshold(smallIndex([]))).toBe(1);
    const two = [
      { itemId: 'one', vector: at(0) },
      { itemId: 'two', vector: at(60) },
    ];
    expect(await alikeThreshold(smallIndex([...plain, ...two]))).toBeCloseTo(0.5, 6);
  });

  it('is sampled once an index, and again when it is switched or has doubled', async () => {
    let walked = 0;
    let inner = smallIndex([
      { itemId: 'one', vector: at(0) },
      { itemId: 'two', vector: at(60) },
    ]);
    const index: { -readonly [key in keyof LiveIndex]: LiveIndex[key] } = {
      ...inner,
      size: () => inner.size(),
      vector: (itemId) => inner.vector(itemId),
      items: () => {
        walked++;
        return inner.items();
      },
    };
    await alikeThreshold(index);
    await alikeThreshold(index);
    expect(walked).toBe(1);

    inner = smallIndex([0, 10, 20, 30, 40].map((each) => ({ itemId: String(each), vector: at(each) })));
    expect(await alikeThreshold(index)).toBeGreaterThan(0.9);
    expect(walked).toBe(2);

    index.indexId = 'index-2';
    await alikeThreshold(index);
    expect(walked).toBe(3);
  });
});
