import { describe, expect, it } from 'vitest';
import { isHeldOut, judgeEmoji, judgePair, STYLE_PAIRS } from '../../bench/data/emoji-protocol.js';
import { EMOJI_STYLES, type EmojiStyle } from '../../src/cli/emoji-styles.js';
import { Random } from '../../src/core/random.js';
import { unit } from '../../src/core/vectors.js';

const rows = (count: number, seed: number): Float32Array[] => {
  const random = new Random(seed);
  return Array.from({ length: count }, () => unit(Float32Array.from({ length: 16 }, () => random.normal())));
};

describe('the emoji protocol', () => {
  it('has 18 ordered pairs, none of Fluent flat with Fluent 3D', () => {
    expect(STYLE_PAIRS).toHaveLength(18);
    expect(STYLE_PAIRS).not.toContainEqual({ query: 'fluent-flat', gallery: 'fluent-3d' });
    expect(STYLE_PAIRS).not.toContainEqual({ query: 'fluent-3d', gallery: 'fluent-flat' });
    expect(STYLE_PAIRS.filter((pair) => Object.values(pair).includes('openmoji'))).toHaveLength(8);
  });

  it('holds out about a fifth, always the same', () => {
    expect(isHeldOut('1f600')).toBe(isHeldOut('1f600'));
    const held = Array.from({ length: 2000 }, (_, i) => (0x1f000 + i).toString(16)).filter(isHeldOut);
    expect(held.length / 2000).toBeCloseTo(0.2, 1);
  });

  it('scores 1 where both styles are embedded alike, and chance where they have nothing to do with each other', () => {
    expect(judgePair(rows(50, 1), rows(50, 1))).toEqual({ recallAt1: 1, recallAt5: 1, meanReciprocalRank: 1 });
    expect(judgePair(rows(200, 1), rows(200, 2)).recallAt1).toBeLessThan(0.05);
  });

  it('gives nothing for embeddings that are all the same', () => {
    const same = Array.from({ length: 10 }, () => Float32Array.of(1, 0));

    expect(judgePair(same, same)).toMatchObject({ recallAt1: 0, recallAt5: 0 });
  });

  it('ranks by hand: first, third', () => {
    const gallery = [Float32Array.of(1, 0), Float32Array.of(0.8, 0.6), Float32Array.of(0, 1)];
    const queries = [Float32Array.of(1, 0), Float32Array.of(0.6, 0.8), Float32Array.of(1, 0)];

    expect(judgePair(queries, gallery)).toEqual({
      recallAt1: 2 / 3,
      recallAt5: 1,
      meanReciprocalRank: (1 + 1 + 1 / 3) / 3,
    });
  });

  it('averages over all pairs, and over those with the unseen style', () => {
    const same = rows(40, 3);
    const embeddings = Object.fromEntries(
      EMOJI_STYLES.map((style) => [style, style === 'openmoji' ? rows(40, 9) : same]),
    ) as Record<EmojiStyle, Float32Array[]>;

    const { all, unseen, pairs } = judgeEmoji(embeddings);

    expect(pairs).toHaveLength(18);
    expect(unseen.recallAt1).toBeLessThan(0.1);
    expect(all.recallAt1).toBeCloseTo((10 + 8 * unseen.recallAt1) / 18, 10);
  });
});
