import { afterEach, describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { Batches } from '../../src/training/batches.js';
import type { Portable } from '../../src/training/samples.js';
import { ThreadedFeed } from '../../src/training/threaded-feed.js';
import { toySamples, toyViews } from './toy-samples.js';
import { brokenPortable, toyPortable } from './toy-thread.js';

const COUNT = 48;
const SEED = 7;
const batches = new Batches(toySamples(COUNT), toyViews(), 16, 2, new Random(SEED));
const open: ThreadedFeed[] = [];
afterEach(() => Promise.all(open.splice(0).map((feed) => feed.close())));

function feedOf(threads: number, portable: Portable = toyPortable(COUNT)): ThreadedFeed {
  const { size, viewsPerSample, length } = batches;
  const feed = new ThreadedFeed({ portable, threads, seed: SEED, size, viewsPerSample, length });
  open.push(feed);
  return feed;
}

function here(step: number): Float32Array {
  const views = new Float32Array(batches.length);
  batches.write(step, views);
  return views;
}

describe('ThreadedFeed', () => {
  it.each([1, 2, 3])('gives, with %d threads, what is made in this one, bit for bit', async (threads) => {
    const feed = feedOf(threads);

    for (let step = 0; step < 8; step++) expect(await feed.views(step)).toEqual(here(step));
  });

  it('gives the same step twice, goes back, and jumps ahead', async () => {
    const feed = feedOf(2);

    for (const step of [0, 0, 1, 2, 9, 3, 0, 1]) expect(await feed.views(step)).toEqual(here(step));
  });

  it('uses its memory again', async () => {
    const feed = feedOf(1);
    const lengths = new Set<ArrayBufferLike>();

    for (let step = 0; step < 6; step++) {
      const views = await feed.views(step);
      lengths.add(views.buffer);
      expect(views).toHaveLength(batches.length);
    }

    // each handing over makes a new object of the same memory, and leaves the old one empty
    expect([...lengths].filter(({ byteLength }) => byteLength > 0).length).toBeLessThanOrEqual(2);
  });

  it.each([
    ['open', /there is nothing to open/],
    ['read', /the disk has gone/],
    ['exit', /ended with code 3/],
  ] as const)('says what stopped a thread that fails (%s), and goes on saying it', async (how, says) => {
    const feed = feedOf(2, brokenPortable(how));

    const failed = { code: 'VIEWS_FAILED', message: expect.stringMatching(says) };
    await expect(feed.views(0)).rejects.toMatchObject(failed);
    await expect(feed.views(1)).rejects.toMatchObject(failed);
  });

  it('says so where the module is not there', async () => {
    const nowhere = { ...toyPortable(COUNT), module: new URL('file:///nowhere/at-all.ts') };

    await expect(feedOf(1, nowhere).views(0)).rejects.toMatchObject({ code: 'VIEWS_FAILED' });
  });

  it('refuses whoever waits when it is closed', async () => {
    const feed = feedOf(1);
    const waiting = expect(feed.views(0)).rejects.toMatchObject({ code: 'CANCELLED' });

    await feed.close();

    await waiting;
  });
});
