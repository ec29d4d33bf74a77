import { describe, expect, it } from 'vitest';
import { codepointNames } from '../../bench/data/codepoint-names.js';
import { isHeldOut } from '../../bench/data/emoji-protocol.js';
import { idxBytes } from '../../bench/data/fashion-mnist.js';
import { mayTrainOn, sortByName } from '../../bench/data/shipped-pool.js';
import { STYLE_SETS, TRAINING_STYLES } from '../../bench/data/style-sets.js';
import type { IconifySet } from '../../src/cli/iconify-set.js';

describe('idxBytes', () => {
  it('checks header and length', () => {
    const file = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 9, 8, 7, 6);

    expect([...idxBytes(file, 2051, [1, 2, 2])]).toEqual([9, 8, 7, 6]);
    expect(() => idxBytes(file, 2051, [1, 2, 3])).toThrow(/header/);
    expect(() => idxBytes(file.subarray(0, 19), 2051, [1, 2, 2])).toThrow(/Expected 20 bytes, found 19/);
  });
});

describe('the shipped pool', () => {
  it('has no share-alike set, and not the style to judge on', () => {
    const names = [...TRAINING_STYLES, ...STYLE_SETS.map((set) => set.package)].join(' ');

    expect(names).not.toMatch(/openmoji|emojione-v1/);
  });

  it('leaves out every drawing whose name may stand for a held-out codepoint, and those nobody knows', async () => {
    const names = await codepointNames();
    const drawn = ['red-apple', 'dog-face', 'cat-face', 'fox', 'flag-for-flag-france', 'sliceofpizza', 'rocket-2'];
    const set = { names: [...drawn, 'waving-hand-dark-skin-tone', 'nobody-knows-this'] } as unknown as IconifySet;

    const { kept, unknown, heldOut } = sortByName(set, names);

    for (const name of drawn) {
      const keys = [...names.codepointsOf(name)];
      expect(keys.length).toBeGreaterThan(0);
      expect(kept.includes(name)).toBe(keys.every(mayTrainOn));
    }
    expect(kept).not.toContain('waving-hand-dark-skin-tone');
    expect(kept).not.toContain('nobody-knows-this');
    expect(unknown).toBe(1);
    expect(kept.length + heldOut).toBeGreaterThanOrEqual(drawn.length);
    expect(names.codepointsOf('red-apple')).toContain('1f34e');
  });

  it('holds out all spellings of a codepoint together', () => {
    for (const [short, long] of [
      ['23-20e3', '0023-20e3'],
      ['a9', '00a9'],
    ] as const)
      expect(mayTrainOn(short)).toBe(!isHeldOut(short) && !isHeldOut(long));
  });
});
