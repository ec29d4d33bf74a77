import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { Batches } from '../../src/training/batches.js';
import type { Samples, Views } from '../../src/training/samples.js';

/** Samples that are their own number, so that a batch shows which it holds. */
const samples: Samples = { count: 11, shape: [1], fingerprint: '', read: (index) => Uint8Array.of(index) };
const views: Views = {
  length: 2,
  shape: [2],
  write: (sample, random, out, offset) => out.set([sample[0]!, random.next()], offset),
  plain: (sample, out, offset) => out.set([sample[0]!, 0], offset),
};
const batches = (seed = 1) => new Batches(samples, views, 4, 2, new Random(seed));
const batchOf = (step: number, of = batches()): Float32Array => {
  const out = new Float32Array(of.length);
  of.write(step, out);
  return out;
};
const numbersOf = (batch: Float32Array): number[] => [...batch].filter((_, i) => i % 2 === 0);

describe('Batches', () => {
  it('puts the first views of all samples before the second, in the same order', () => {
    const numbers = numbersOf(batchOf(0));

    expect(numbers.slice(4)).toEqual(numbers.slice(0, 4));
  });

  it('gives each view its own chance', () => {
    const draws = [...batchOf(0)].filter((_, i) => i % 2 === 1);

    expect(new Set(draws).size).toBe(8);
  });

  it('shows a sample once in an epoch, in another order the next time', () => {
    const epoch = (first: number) => [0, 1].flatMap((step) => numbersOf(batchOf(first + step)).slice(0, 4));

    expect(new Set(epoch(0)).size).toBe(8);
    expect(epoch(2)).not.toEqual(epoch(0));
    expect(batches().stepsPerEpoch).toBe(2);
  });

  it('gives the batch of a step whatever was asked before', () => {
    const used = batches();
    for (const step of [0, 5, 1]) batchOf(step, used);

    expect(batchOf(3, used)).toEqual(batchOf(3));
  });

  it('depends on the seed', () => {
    expect(batchOf(0, batches(2))).not.toEqual(batchOf(0));
  });
});
