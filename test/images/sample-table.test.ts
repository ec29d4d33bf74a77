import { truncateSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprint } from '../../src/core/fingerprint.js';
import { Random } from '../../src/core/random.js';
import type { PictureSource } from '../../src/images/picture-source.js';
import { PixelCache } from '../../src/images/pixel-cache.js';
import { Preparation } from '../../src/images/preparation.js';
import { type PreparedSamples, prepareSamples } from '../../src/images/prepare-samples.js';
import { openTable, type SampleTable } from '../../src/images/sample-table.js';
import { sampleOrder, WINDOW } from '../../src/training/sample-order.js';

const preparation = Preparation.parse({ size: 8, channels: 1 });
const LENGTH = 64;
const COUNT = 2000;
/** Ten samples a shard. */
const SHARD_BYTES = 640;

let folder: string;
let prepared: PreparedSamples;

const pixelsOf = (index: number): Uint8Array => {
  const random = new Random(index);
  return Uint8Array.from({ length: LENGTH }, () => random.int(256));
};
/** Originals that are nothing but their number: the cache knows their pixels, so that nothing is decoded. */
const original = (index: number): Buffer => Buffer.from(`original ${index}`);
const source: PictureSource = {
  description: 'numbers',
  async *list() {
    for (let i = 0; i < COUNT; i++)
      yield { name: String(i), itemId: String(i), attributes: {}, read: async () => original(i) };
  },
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kindred-table-'));
  const cache = await PixelCache.open(folder, preparation, { fileBytes: 5_000 });
  // in another order than the samples', as after several runs on several sources
  for (const index of new Random(5).permutation(COUNT)) cache.add(fingerprint(original(index)), pixelsOf(index));
  cache.close();
  prepared = await prepareSamples(source, preparation, { cacheFolder: folder, memoryBytes: 10_000 });
});
afterAll(async () => {
  prepared.close();
  await rm(folder, { recursive: true });
});

const open = (holdBytes: number, table: SampleTable = prepared.table) =>
  openTable(table, { holdBytes, shardBytes: SHARD_BYTES });

describe('a table of samples that exceed memory', () => {
  it('lies in files of a bounded size, more of them than are open at once', async () => {
    const [kind] = await readdir(folder);

    expect((await readdir(join(folder, kind!))).length).toBe(COUNT / Math.floor(5_000 / (LENGTH + 36)));
    expect('block' in prepared.table.at).toBe(false);
  });

  it.each([0, 640, 6_400, 10_000_000])('gives the pixels of every sample, with %d bytes to hold', (holdBytes) => {
    const reader = open(holdBytes);

    for (const index of [...new Random(1).permutation(COUNT)].slice(0, 400))
      expect(reader.read(index)).toEqual(pixelsOf(index));
    expect(reader.heldBytes).toBeLessThanOrEqual(holdBytes);
    reader.close();
  });

  it('goes through an epoch reading each shard once, and holds no more than a window of them', () => {
    const bound = (WINDOW + 1) * SHARD_BYTES;
    const reader = open(bound);
    let most = 0;

    const order = sampleOrder(new Random(2), COUNT, reader.shard);
    for (const index of order) {
      expect(reader.read(index)[0]).toBe(pixelsOf(index)[0]);
      most = Math.max(most, reader.heldBytes);
    }

    expect(reader.shard).toBe(10);
    expect(reader.loads).toBe(COUNT / 10);
    expect(most).toBeLessThanOrEqual(bound);
    expect(most).toBeGreaterThan(bound / 2);
    reader.close();
  });

  it('is the same samples as one in memory, with the same fingerprint and the same shards', async () => {
    const all = await prepareSamples(source, preparation, { cacheFolder: folder });

    expect('block' in all.table.at).toBe(true);
    expect(all.samples.fingerprint).toBe(prepared.samples.fingerprint);
    expect(all.samples.shard).toBe(prepared.samples.shard);
    for (const index of [0, 999, COUNT - 1]) {
      expect(all.samples.read(index)).toEqual(pixelsOf(index));
      expect(prepared.samples.read(index)).toEqual(pixelsOf(index));
    }
    const [reader, other] = [open(0, all.table), open(0)];
    expect(reader.shard).toBe(other.shard);
    expect(reader.read(7)).toEqual(pixelsOf(7));
    expect(reader.heldBytes).toBe(0);
    for (const each of [reader, other, all]) each.close();
  });

  it('says so where a file has become too short', () => {
    const { at } = prepared.table;
    if ('block' in at) throw new Error('not in files');
    const last = at.file[COUNT - 1]!;
    truncateSync(at.paths[last]!, 10);
    const [single, shards] = [open(0), open(6_400)];

    for (const reader of [single, shards]) {
      expect(() => reader.read(COUNT - 1)).toThrow(expect.objectContaining({ code: 'SAMPLE_INVALID' }));
      reader.close();
    }
  });
});
