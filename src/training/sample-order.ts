import type { Random } from '../core/random.js';

/** Shards that are open at once while an epoch goes through a set in pieces. */
export const WINDOW = 16;

/**
 * The order of an epoch: a function of the stream's seed, the count and the size of a shard. Up to a window of shards the
 * set is shuffled as a whole. A larger one is read piece by piece: the shards are shuffled, and the samples of each
 * window of them among each other, so that a batch is drawn from 16 shards that lie anywhere in the set, other ones
 * each epoch, and no more than those need be in memory. Two samples of one shard meet in a batch more often than
 * others (how much more: count / (16 × shard) times); those of different shards meet by chance alone.
 */
export function sampleOrder(random: Random, count: number, shard: number = count): Uint32Array {
  const shards = Math.ceil(count / shard);
  if (shards <= WINDOW) return random.permutation(count);
  const turn = random.fork('shards').permutation(shards);
  const order = new Uint32Array(count);
  let start = 0;
  for (let first = 0; first < shards; first += WINDOW) {
    let end = start;
    for (const which of turn.subarray(first, first + WINDOW))
      for (let i = which * shard; i < Math.min(count, (which + 1) * shard); i++) order[end++] = i;
    shuffle(order.subarray(start, end), random);
    start = end;
  }
  return order;
}

function shuffle(window: Uint32Array, random: Random): void {
  const before = window.slice();
  random.permutation(window.length).forEach((from, to) => {
    window[to] = before[from]!;
  });
}
