import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { sampleOrder, WINDOW } from '../../src/training/sample-order.js';

const order = (count: number, shard?: number, label = '0') => sampleOrder(new Random(3).fork(label), count, shard);

describe('sampleOrder', () => {
  it('shuffles as a whole what has no shards, or no more than a window of them', () => {
    const whole = new Random(3).fork('0').permutation(100);

    expect(order(100)).toEqual(whole);
    expect(order(100, 100 / WINDOW + 1)).toEqual(whole);
  });

  it('names every sample once, also where the last shard is short', () => {
    for (const count of [1000, 1007]) {
      const names = order(count, 10);

      expect(names).toHaveLength(count);
      expect(new Set(names).size).toBe(count);
      expect(Math.max(...names)).toBe(count - 1);
    }
  });

  it('stays within a window of shards for as long as that lasts', () => {
    const names = order(1600, 10);

    for (let start = 0; start < 1600; start += WINDOW * 10) {
      const shards = new Set([...names.subarray(start, start + WINDOW * 10)].map((sample) => Math.floor(sample / 10)));
      expect(shards.size).toBe(WINDOW);
    }
  });

  it('draws a batch from most shards of its window, and these from all over the set', () => {
    const shards = [...new Set([...order(16_000, 100).subarray(0, 64)].map((sample) => Math.floor(sample / 100)))];

    expect(shards.length).toBeGreaterThan(WINDOW - 4);
    expect(Math.max(...shards) - Math.min(...shards)).toBeGreaterThan(80);
  });

  it('is another one for another epoch, with other shards together, and the same for the same', () => {
    const together = (label: string) =>
      [...new Set([...order(1600, 10, label).subarray(0, 160)].map((sample) => Math.floor(sample / 10)))].sort();

    expect(order(1600, 10, '1')).toEqual(order(1600, 10, '1'));
    expect(together('1')).not.toEqual(together('2'));
  });
});
