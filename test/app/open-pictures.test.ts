import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openPictures, shareOf } from '../../src/app/open-pictures.js';
import { VIEW_PRESETS } from '../../src/augment/index.js';
import type { SampleTable, TableReader } from '../../src/images/sample-table.js';

const MIB = 2 ** 20;

describe('the memory for pictures that lie in files', () => {
  it.each([0, 128, 256, 512, 600, 1_000, 4_096])('of %d MiB is enough for all view threads together', (budget) => {
    for (const threads of [0, 1, 2, 3, 7, 64])
      expect(Math.max(1, threads) * shareOf(budget * MIB, threads)).toBeLessThanOrEqual(budget * MIB);
  });

  it('goes to threads that have room for a window, and to none otherwise', () => {
    expect(shareOf(512 * MIB, 2)).toBe(256 * MIB);
    expect(shareOf(512 * MIB, 0)).toBe(512 * MIB);
    expect([shareOf(511 * MIB, 2), shareOf(512 * MIB, 3), shareOf(0, 1)]).toEqual([0, 0, 0]);
  });

  it('is what a thread keeps to, however large the set is', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kindred-share-'));
    const side = 512;
    const [length, count] = [side * side, 1_280]; // 320 MiB, all of them the same place of one small file
    const path = join(folder, 'samples');
    writeFileSync(path, new Uint8Array(length));
    const at = { paths: [path], stride: length, file: new Uint32Array(count), offset: new Float64Array(count) };
    const table: SampleTable = { count, length, at };
    const most = (budgetBytes: number, threads: number): number => {
      const holdBytes = shareOf(budgetBytes, threads);
      const { samples } = openPictures({ table, shape: [side, side, 1], views: VIEW_PRESETS.grey, holdBytes });
      const reader = samples as TableReader;
      let held = 0;
      for (let index = 0; index < count; index += samples.shard!) {
        samples.read(index);
        held = Math.max(held, reader.heldBytes);
      }
      reader.close();
      return held;
    };
    try {
      expect(most(600 * MIB, 2)).toBe(288 * MIB); // whole shards of 16 MiB
      expect(most(600 * MIB, 3)).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
